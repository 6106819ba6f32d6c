// Shared SIMD helpers. The build makes two modules of the same source: with and without relaxed
// SIMD, whose madd rounds once (a fused multiply-add) where the processor can.

/** Multiply-add a · b + c per lane. */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Stores eight contiguous numbers. */
export function storeTwo(to: usize, first: v128, second: v128): void {
  v128.store(to, first);
  v128.store(to, second, 16);
}
