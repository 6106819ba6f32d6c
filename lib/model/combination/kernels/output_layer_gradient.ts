// Gradient of cross-entropy with respect to the scores, for one chunk of classes and block of rows.
import { storeTurned } from "../../../wasm/kernels/pack";
import { scoresOf, Slice } from "./output_layer";
import { storeTwo } from "../../../wasm/kernels/simd";

/**
 * Writes probability / batch to `scores` and its transpose; the bias's gradient is the sum over the
 * rows.
 */
export function scoreGradients(
  slice: Slice,
  chunk: i32,
  first: i32,
  rows: i32,
  panels: i32,
  scores: usize,
  turned: usize,
): void {
  const factors = slice.peaks + (<usize> (chunk * slice.paddedRows + first) << 2);
  const paddedColumns = <usize> panels << 3;
  const biasGradient = slice.biasGradient + (<usize> (chunk * slice.chunkColumns) << 2);
  let kept = scoresOf(slice, first, chunk * slice.chunkColumns);
  for (let panel = 0; panel < panels; panel++) {
    let sum0 = f32x4.splat(0), sum1 = f32x4.splat(0);
    for (let row = 0; row < rows; row += 4) {
      const factor = v128.load(factors + (<usize> row << 2));
      let f = v128.shuffle<f32>(factor, factor, 0, 0, 0, 0);
      const a0 = f32x4.mul(v128.load(kept), f), a1 = f32x4.mul(v128.load(kept, 16), f);
      f = v128.shuffle<f32>(factor, factor, 1, 1, 1, 1);
      const b0 = f32x4.mul(v128.load(kept, 32), f), b1 = f32x4.mul(v128.load(kept, 48), f);
      f = v128.shuffle<f32>(factor, factor, 2, 2, 2, 2);
      const c0 = f32x4.mul(v128.load(kept, 64), f), c1 = f32x4.mul(v128.load(kept, 80), f);
      f = v128.shuffle<f32>(factor, factor, 3, 3, 3, 3);
      const d0 = f32x4.mul(v128.load(kept, 96), f), d1 = f32x4.mul(v128.load(kept, 112), f);
      storeTwo(scores, a0, a1);
      v128.store(scores, b0, 32);
      v128.store(scores, b1, 48);
      v128.store(scores, c0, 64);
      v128.store(scores, c1, 80);
      v128.store(scores, d0, 96);
      v128.store(scores, d1, 112);
      sum0 = f32x4.add(sum0, f32x4.add(f32x4.add(a0, b0), f32x4.add(c0, d0)));
      sum1 = f32x4.add(sum1, f32x4.add(f32x4.add(a1, b1), f32x4.add(c1, d1)));
      const to = turned +
        ((<usize> (row >> 3) * paddedColumns + <usize> (panel << 3)) * 8 + (row & 7) << 2);
      storeTurned(to, 32, a0, b0, c0, d0);
      storeTurned(to + 128, 32, a1, b1, c1, d1);
      kept += 128;
      scores += 128;
    }
    const to = biasGradient + (<usize> panel << 5);
    if (first > 0 || !slice.firstSlice) {
      sum0 = f32x4.add(sum0, v128.load(to));
      sum1 = f32x4.add(sum1, v128.load(to, 16));
    }
    storeTwo(to, sum0, sum1);
  }
}

/** Subtracts 1 at the label: the gradient of cross-entropy is probability − 1 there. */
export function subtractLabels(
  slice: Slice,
  column: i32,
  columns: i32,
  first: i32,
  rows: i32,
  scores: usize,
  turned: usize,
): void {
  const paddedColumns = (columns + 7) & ~7, end = min(rows, slice.rows - first);
  for (let row = 0; row < end; row++) {
    const label = load<i32>(slice.labels + (<usize> (first + row) << 2)) - column;
    if (<u32> label >= <u32> columns) continue;
    subtract(scores + (<usize> (((label >> 3) * rows + row) * 8 + (label & 7)) << 2), slice.share);
    subtract(
      turned + (<usize> (((row >> 3) * paddedColumns + label) * 8 + (row & 7)) << 2),
      slice.share,
    );
    subtract(slice.biasGradient + (<usize> (column + label) << 2), slice.share);
  }
}

function subtract(at: usize, value: f32): void {
  store<f32>(at, load<f32>(at) - value);
}
