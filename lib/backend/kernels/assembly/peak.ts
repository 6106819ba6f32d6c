import { madd } from "./simd";

/** What this core can do at most: rounds × 12 independent madds of four lanes in registers. */
export function peak(rounds: i32): f32 {
  const a = f32x4.splat(0.999);
  const b = f32x4.splat(0.001);
  let c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b;
  let c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
  for (let round = 0; round < rounds; round++) {
    c0 = madd(c0, a, b);
    c1 = madd(c1, a, b);
    c2 = madd(c2, a, b);
    c3 = madd(c3, a, b);
    c4 = madd(c4, a, b);
    c5 = madd(c5, a, b);
    c6 = madd(c6, a, b);
    c7 = madd(c7, a, b);
    c8 = madd(c8, a, b);
    c9 = madd(c9, a, b);
    c10 = madd(c10, a, b);
    c11 = madd(c11, a, b);
  }
  c0 = f32x4.add(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), f32x4.add(c4, c5));
  c6 = f32x4.add(f32x4.add(f32x4.add(c6, c7), f32x4.add(c8, c9)), f32x4.add(c10, c11));
  return f32x4.extract_lane(f32x4.add(c0, c6), 0);
}
