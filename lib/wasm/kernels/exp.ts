// The exponential, four at a time: a polynomial on a small interval (a minimax fit made for this
// file); the power of two is added to the exponent bits.
//
// Constants: the compiler materialises a vector constant in every iteration of a loop, which costs
// more than the arithmetic. Loops over millions of exponentials therefore use splats that it cannot
// fold, made once before the loop from `one`, which is 1; elsewhere `exponential` will do.

/**
 * Constants of `exp4`, in its parameter order; separate so that loops can hold them in registers.
 */
export namespace E {
  export const log2e: f32 = 1.44269504;
  /** 1.5 · 2^23: adding it leaves the nearest integer in the lowest bits. */
  export const magic: f32 = 12582912;
  /** −ln 2 in two parts, the first with few bits: n · ln2High is exact. */
  export const ln2High: f32 = -0.693359375;
  export const ln2Low: f32 = 2.12194440e-4;
  // e^r = 1 + r + r² (q0 + r q1 + … + r⁴ q4) for |r| ≤ ln 2 / 2, relative error 3e-9 before rounding
  export const q0: f32 = 0.49999994;
  export const q1: f32 = 0.16666521;
  export const q2: f32 = 0.041668389;
  export const q3: f32 = 0.0083687454;
  export const q4: f32 = 0.0013814540;
  /** Lower limit: results below it are 0 (they would be subnormal). */
  export const lowest: f32 = -87.33654;
  /** Upper limit: results above it are infinite (the power of two would be). */
  export const highest: f32 = 88.37625;
}
import { madd } from "./simd";

/**
 * e^x for x up to 88.37; relative error below 2.5e-7 (2 units in the last place). 0 below -87.34,
 * NaN for NaN. `one` is four times 1, the other parameters are those of `E`.
 */
export function exp4(
  x: v128,
  one: v128,
  log2e: v128,
  magic: v128,
  ln2High: v128,
  ln2Low: v128,
  q0: v128,
  q1: v128,
  q2: v128,
  q3: v128,
  q4: v128,
  lowest: v128,
): v128 {
  const shifted = madd(x, log2e, magic);
  const n = f32x4.sub(shifted, magic);
  const r = madd(n, ln2Low, madd(n, ln2High, x));
  let y = madd(madd(madd(madd(q4, r, q3), r, q2), r, q1), r, q0);
  y = madd(f32x4.mul(r, r), y, f32x4.add(r, one));
  const power = i32x4.add(i32x4.shl(shifted, 23), one); // the bits of 1 are those of exponent 0
  // Written so that NaN propagates: x ≥ lowest is false for NaN, x < lowest too.
  return v128.andnot(f32x4.mul(y, power), f32x4.lt(x, lowest));
}

/** Exponential for occasional use; takes twice as long as {@link exp4}. */
export function exponential(x: v128): v128 {
  return exp4(
    x,
    f32x4.splat(1),
    f32x4.splat(E.log2e),
    f32x4.splat(E.magic),
    f32x4.splat(E.ln2High),
    f32x4.splat(E.ln2Low),
    f32x4.splat(E.q0),
    f32x4.splat(E.q1),
    f32x4.splat(E.q2),
    f32x4.splat(E.q3),
    f32x4.splat(E.q4),
    f32x4.splat(E.lowest),
  );
}

/** Loads the first `count` values (1 to 3) at an address; the other lanes are 0. */
export function loadSome(from: usize, count: i32): v128 {
  let x = v128.load32_zero(from);
  if (count > 1) x = v128.load_lane<f32>(from, x, 1, 4);
  if (count > 2) x = v128.load_lane<f32>(from, x, 2, 8);
  return x;
}

/** Stores the first `count` values (1 to 3). */
export function storeSome(to: usize, x: v128, count: i32): void {
  v128.store_lane<f32>(to, x, 0);
  if (count > 1) v128.store_lane<f32>(to, x, 1, 4);
  if (count > 2) v128.store_lane<f32>(to, x, 2, 8);
}
