// Activations and biases of the combination model; one thread's rows.
import { exponential } from "../../../wasm/kernels/exp";
import { madd } from "../../../wasm/kernels/simd";

/** Bias and LeakyReLU: z ← leaky(z + bias), in place; [rows][columns], columns a multiple of 4. */
export function biasLeaky(
  z: usize,
  bias: usize,
  columns: i32,
  first: i32,
  last: i32,
  alpha: f32,
): void {
  const slope = f32x4.splat(alpha), zero = f32x4.splat(0);
  z += <usize> first * columns << 2;
  for (let row = first; row < last; row++) {
    for (let column = 0; column < columns; column += 4) {
      const x = f32x4.add(v128.load(z), v128.load(bias + (<usize> column << 2)));
      v128.store(z, v128.bitselect(x, f32x4.mul(x, slope), f32x4.gt(x, zero)));
      z += 16;
    }
  }
}

/**
 * LeakyReLU gradient: d ← d · leaky'(y), in place, by the sign of biasLeaky's output; `length`
 * values.
 */
export function leakyBackward(d: usize, y: usize, length: i32, alpha: f32): void {
  const slope = f32x4.splat(alpha), zero = f32x4.splat(0);
  for (let i = 0; i < length; i += 4) {
    const x = v128.load(d);
    v128.store(d, v128.bitselect(x, f32x4.mul(x, slope), f32x4.gt(v128.load(y), zero)));
    d += 16;
    y += 16;
  }
}

/**
 * Bias, swish and dropout: z ← z + bias, out ← swish(z) · mask, where swish(z) = z / (1 + e^−z);
 * [rows][columns], columns a multiple of 4.
 * @param mask like out, or 0 for none
 */
export function biasSwish(
  z: usize,
  bias: usize,
  mask: usize,
  out: usize,
  columns: i32,
  first: i32,
  last: i32,
): void {
  const ones = f32x4.splat(1), highest = f32x4.splat(88);
  const offset = <usize> first * columns << 2;
  z += offset;
  out += offset;
  if (mask) mask += offset;
  for (let row = first; row < last; row++) {
    for (let column = 0; column < columns; column += 4) {
      const x = f32x4.add(v128.load(z), v128.load(bias + (<usize> column << 2)));
      v128.store(z, x);
      const negative = f32x4.pmin(f32x4.neg(x), highest);
      const e = exponential(negative);
      let y = f32x4.div(x, f32x4.add(e, ones));
      if (mask) {
        y = f32x4.mul(y, v128.load(mask));
        mask += 16;
      }
      v128.store(out, y);
      z += 16;
      out += 16;
    }
  }
}

/**
 * Gradient of swish and dropout: d ← d · mask · swish'(z), in place; `length` values.
 * @param z pre-activation as left by biasSwish
 * @param mask like d, or 0 for none
 */
export function swishBackward(d: usize, z: usize, mask: usize, length: i32): void {
  const ones = f32x4.splat(1), highest = f32x4.splat(88);
  for (let i = 0; i < length; i += 4) {
    const x = v128.load(z);
    const negative = f32x4.pmin(f32x4.neg(x), highest);
    const e = exponential(negative);
    const s = f32x4.div(ones, f32x4.add(e, ones));
    // swish' = s + x s (1 − s)
    const slope = madd(f32x4.mul(x, s), f32x4.sub(ones, s), s);
    let dy = v128.load(d);
    if (mask) {
      dy = f32x4.mul(dy, v128.load(mask));
      mask += 16;
    }
    v128.store(d, f32x4.mul(dy, slope));
    d += 16;
    z += 16;
  }
}

/** Column sums of [rows][columns], for columns `first` to `last` (excluded) in fours. */
export function columnSums(
  from: usize,
  to: usize,
  rows: i32,
  columns: i32,
  first: i32,
  last: i32,
): void {
  const stride = <usize> columns << 2;
  for (let four = first; four < last; four++) {
    let at = from + (<usize> four << 4);
    let sum = f32x4.splat(0);
    for (let row = 0; row < rows; row++) {
      sum = f32x4.add(sum, v128.load(at));
      at += stride;
    }
    v128.store(to + (<usize> four << 4), sum);
  }
}
