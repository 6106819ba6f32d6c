// The small layers of the combination model around its matrix products: one thread's rows each.
import { E, exp4 } from "./exp";
import { madd } from "./simd";

/**
 * A convolution over time of one input channel, then Keras's hard sigmoid, clip(0.2 z + 0.5, 0, 1).
 *
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
 * The convolution's gradients, in `parts` parts of the rows: dWeights and dBias of parts `first` to
 * `last` (excluded).
 *
 * @param x [rows][window]
 * @param out what convolveHardSigmoid gave; dOut its gradient
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
        // The bias has the input 1.
        sum = tap < taps ? madd(v128.load32_splat(from), dz, sum) : f32x4.add(sum, dz);
        at += stride;
        from += 4;
      }
      v128.store(to, sum);
    }
  }
}

/** z ← leaky(z + bias), in place; [rows][columns], columns a multiple of 4. */
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

/** d ← d · leaky'(y), in place, by the sign of what biasLeaky gave; `length` values. */
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
 * z ← z + bias, out ← swish(z) · mask, where swish(z) = z / (1 + e^−z); [rows][columns], columns a
 * multiple of 4.
 *
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
  one: f32,
): void {
  const ones = f32x4.splat(one), log2e = f32x4.splat(one * E.log2e);
  const magic = f32x4.splat(one * E.magic);
  const ln2High = f32x4.splat(one * E.ln2High), ln2Low = f32x4.splat(one * E.ln2Low);
  const q0 = f32x4.splat(one * E.q0), q1 = f32x4.splat(one * E.q1), q2 = f32x4.splat(one * E.q2);
  const q3 = f32x4.splat(one * E.q3), q4 = f32x4.splat(one * E.q4);
  const lowest = f32x4.splat(one * E.lowest), highest = f32x4.splat(one * 88);
  const offset = <usize> first * columns << 2;
  z += offset;
  out += offset;
  if (mask) mask += offset;
  for (let row = first; row < last; row++) {
    for (let column = 0; column < columns; column += 4) {
      const x = f32x4.add(v128.load(z), v128.load(bias + (<usize> column << 2)));
      v128.store(z, x);
      const e = exp4(
        f32x4.pmin(f32x4.neg(x), highest),
        ones,
        log2e,
        magic,
        ln2High,
        ln2Low,
        q0,
        q1,
        q2,
        q3,
        q4,
        lowest,
      );
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
 * d ← d · mask · swish'(z), in place; `length` values.
 *
 * @param z what biasSwish left there
 * @param mask like d, or 0 for none
 */
export function swishBackward(d: usize, z: usize, mask: usize, length: i32, one: f32): void {
  const ones = f32x4.splat(one), log2e = f32x4.splat(one * E.log2e);
  const magic = f32x4.splat(one * E.magic);
  const ln2High = f32x4.splat(one * E.ln2High), ln2Low = f32x4.splat(one * E.ln2Low);
  const q0 = f32x4.splat(one * E.q0), q1 = f32x4.splat(one * E.q1), q2 = f32x4.splat(one * E.q2);
  const q3 = f32x4.splat(one * E.q3), q4 = f32x4.splat(one * E.q4);
  const lowest = f32x4.splat(one * E.lowest), highest = f32x4.splat(one * 88);
  for (let i = 0; i < length; i += 4) {
    const x = v128.load(z);
    const e = exp4(
      f32x4.pmin(f32x4.neg(x), highest),
      ones,
      log2e,
      magic,
      ln2High,
      ln2Low,
      q0,
      q1,
      q2,
      q3,
      q4,
      lowest,
    );
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

/** Sums over the rows of [rows][columns], for columns `first` to `last` (excluded) in fours. */
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
