import { madd } from "../../../lib/wasm/kernels/simd";

/**
 * Peak throughput of a core: `rounds` × 12 independent multiply-adds of four lanes, in registers
 * only. The factors are parameters, since the compiler would create constants anew for every
 * multiply-add.
 */
export function peak(rounds: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x), b = f32x4.splat(y);
  let c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b;
  let c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
  for (let round = 0; round < rounds; round++) {
    c0 = madd(a, b, c0);
    c1 = madd(a, b, c1);
    c2 = madd(a, b, c2);
    c3 = madd(a, b, c3);
    c4 = madd(a, b, c4);
    c5 = madd(a, b, c5);
    c6 = madd(a, b, c6);
    c7 = madd(a, b, c7);
    c8 = madd(a, b, c8);
    c9 = madd(a, b, c9);
    c10 = madd(a, b, c10);
    c11 = madd(a, b, c11);
  }
  c0 = f32x4.add(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), f32x4.add(c4, c5));
  c6 = f32x4.add(f32x4.add(f32x4.add(c6, c7), f32x4.add(c8, c9)), f32x4.add(c10, c11));
  return f32x4.extract_lane(f32x4.add(c0, c6), 0);
}

/** Peak read bandwidth of memory: the sum of `bytes` (a multiple of 64) read in order. */
export function readAll(from: usize, bytes: usize): f32 {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  const end = from + bytes;
  while (from < end) {
    a = f32x4.add(a, v128.load(from));
    b = f32x4.add(b, v128.load(from, 16));
    c = f32x4.add(c, v128.load(from, 32));
    d = f32x4.add(d, v128.load(from, 48));
    from += 64;
  }
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), 0);
}
