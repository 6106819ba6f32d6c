// The combination model's convolution over time; one thread's rows.
import { madd } from "../../../wasm/kernels/simd";

/**
 * A convolution over time of one input channel, then Keras's hard sigmoid, clip(0.2 z + 0.5, 0, 1).
 * @param x [rows][window]
 * @param weights [taps][filters]; filters a multiple of 4
 * @param out [rows][window - taps + 1][filters]
 */
export function convolveHardSigmoid(
  x: usize,
  weights: usize,
  bias: usize,
  out: usize,
  window: i32,
  taps: i32,
  filters: i32,
  first: i32,
  last: i32,
  one: f32,
): void {
  const slope = f32x4.splat(one * 0.2), half = f32x4.splat(one * 0.5);
  const ones = f32x4.splat(one), zero = f32x4.splat(0);
  const steps = window - taps + 1;
  out += <usize> first * steps * filters << 2;
  for (let row = first; row < last; row++) {
    for (let step = 0; step < steps; step++) {
      const from = x + (<usize> (row * window + step) << 2);
      for (let filter = 0; filter < filters; filter += 4) {
        let z = v128.load(bias + (<usize> filter << 2));
        let w = weights + (<usize> filter << 2);
        for (let tap = 0; tap < taps; tap++) {
          z = madd(v128.load32_splat(from + (<usize> tap << 2)), v128.load(w), z);
          w += <usize> filters << 2;
        }
        v128.store(out, f32x4.pmax(f32x4.pmin(madd(z, slope, half), ones), zero));
        out += 16;
      }
    }
  }
}

/**
 * Gradients of the convolution, in `parts` parts of the rows: dWeights and dBias of parts `first`
 * to `last` (excluded).
 * @param x [rows][window]
 * @param out output of convolveHardSigmoid; dOut its gradient
 * @param to [parts][taps + 1][filters]: dWeights, then dBias; replaced
 */
export function convolveHardSigmoidBackward(
  x: usize,
  out: usize,
  dOut: usize,
  to: usize,
  window: i32,
  taps: i32,
  filters: i32,
  rows: i32,
  parts: i32,
  first: i32,
  last: i32,
  one: f32,
): void {
  const partBytes = <usize> (taps + 1) * filters << 2;
  for (let part = first; part < last; part++) {
    const sums = to + <usize> part * partBytes;
    memory.fill(sums, 0, partBytes);
    const lastRow = rows * (part + 1) / parts;
    for (let row = rows * part / parts; row < lastRow; row++) {
      convolutionRow(x, out, dOut, sums, window, taps, filters, row, one);
    }
  }
}

function convolutionRow(
  x: usize,
  out: usize,
  dOut: usize,
  sums: usize,
  window: i32,
  taps: i32,
  filters: i32,
  row: i32,
  one: f32,
): void {
  const slope = f32x4.splat(one * 0.2), ones = f32x4.splat(one), zero = f32x4.splat(0);
  const steps = window - taps + 1, stride = <usize> filters << 2;
  for (let filter = 0; filter < filters; filter += 4) {
    const start = <usize> row * steps * stride + (<usize> filter << 2);
    for (let tap = 0; tap <= taps; tap++) {
      const to = sums + <usize> tap * stride + (<usize> filter << 2);
      let from = x + (<usize> (row * window + tap) << 2);
      let at = start;
      let sum = v128.load(to);
      for (let step = 0; step < steps; step++) {
        const y = v128.load(out + at);
        const inside = v128.and(f32x4.gt(y, zero), f32x4.lt(y, ones));
        const dz = v128.and(f32x4.mul(v128.load(dOut + at), slope), inside);
        // The bias is a weight with input 1.
        sum = tap < taps ? madd(v128.load32_splat(from), dz, sum) : f32x4.add(sum, dz);
        at += stride;
        from += 4;
      }
      v128.store(to, sum);
    }
  }
}
