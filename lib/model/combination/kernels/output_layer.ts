// The output layer: dense, softmax and cross-entropy over many classes.
//
// The classes are divided into chunks of columns and the batch into blocks of rows, so that each
// thread's working set stays in its second-level cache. There are two passes over the classes:
//   1 (output_layer_forward.ts): scores of a chunk and block (a product), each row's greatest score
//     in them and its sum of exponentials. What is kept is e^(score − the greatest): one
//     exponential per score.
//   2 (output_layer_backward.ts): the chunks' sums now being known for all classes, a factor for
//     each row and chunk turns what was kept into probabilities.
// Scores lie in blocks of rows, each in panels [classes/8][rows][8]: the form in which products
// write and read them, side by side. A batch whose scores would take too much memory goes through
// both passes in slices of rows.
//
// Any thread takes any chunk: no chunk's result depends on who computes it.
import { exponential } from "../../../wasm/kernels/exp";
import { packRows } from "../../../wasm/kernels/pack";
import { tileRows } from "../../../wasm/kernels/tile";

/**
 * Parameters of the layer and the current slice; addresses in bytes. Fields in the order of
 * slice_words.ts.
 */
@unmanaged
export class Slice {
  /** [rows, inputs] */
  hidden: usize;
  /** [inputs, classes] */
  weights: usize;
  /** [classes] */
  bias: usize;
  weightsFirst: usize;
  weightsSecond: usize;
  biasFirst: usize;
  biasSecond: usize;
  /** [rows] 32-bit integers */
  labels: usize;
  /** hidden packed as A of the scores, [rows/5][inputs][5], the last panel ending with the last row */
  hiddenRows: usize;
  /** hidden packed as A of the weights' gradient, for each block [inputs/5][rows][5] */
  hiddenColumns: usize;
  /** for each block [classes/8][rows][8]; 0 when only the loss is wanted */
  scores: usize;
  /** [chunks][rows]: greatest score of each row in each chunk, then its factor */
  peaks: usize;
  /** [chunks][rows]: sums of exponentials */
  sums: usize;
  /** [rows]: the score of the row's label */
  labelScores: usize;
  /** [rows]: greatest score of all, and then [rows]: sum of exponentials over all classes */
  totals: usize;
  /** [classes/8][inputs][8], over the slices so far; 0 when there is but one slice */
  weightsGradient: usize;
  /** [classes], over the slices so far */
  biasGradient: usize;
  /** [segments][rows/8][inputs][8]: the gradient of hidden in parts */
  hiddenGradients: usize;
  /** [rows, inputs], where the gradient of hidden goes */
  hiddenGradient: usize;
  /** Private memory of each thread. */
  workspaces: usize;
  workspaceBytes: i32;
  /** Rows of this slice. */
  rows: i32;
  /** Rows rounded up to 8. */
  paddedRows: i32;
  inputs: i32;
  /** Inputs rounded up to 5. */
  paddedInputs: i32;
  /** Rows of a block, a multiple of 40 so that only the last one's tiles can overlap. */
  blockRows: i32;
  classes: i32;
  /** Columns of a chunk, a multiple of 8. */
  chunkColumns: i32;
  chunks: i32;
  segments: i32;
  /** Index of the next chunk or segment not yet taken by a thread. */
  next: i32;
  firstSlice: i32;
  lastSlice: i32;
  /** 1 / rows of the whole batch */
  share: f32;
  /** 1; see exp.ts */
  one: f32;
  /** See adam.ts. */
  rate: f32;
  correction: f32;
}

export function takeNext(slice: Slice): i32 {
  return atomic.add<i32>(changetype<usize>(slice) + offsetof<Slice>("next"), 1);
}

/** First row of a tile; the last tile overlaps the one before it. */
export function tileRow(slice: Slice, row: i32): i32 {
  return min(row, slice.paddedRows - tileRows);
}

/** Address of the scores of a block, from a column on. */
export function scoresOf(slice: Slice, first: i32, column: i32): usize {
  const paddedClasses = (slice.classes + 7) & ~7;
  const rows = min(slice.blockRows, slice.paddedRows - first);
  return slice.scores + <usize> first * (<usize> paddedClasses << 2) +
    <usize> column * (<usize> rows << 2);
}

/** Packs hidden for both products; one thread's part. */
export function outputLayerPrepare(slice: Slice, thread: i32, threads: i32): void {
  const rows = slice.rows, inputs = slice.inputs, rowBytes = <usize> inputs << 2;
  const panels = (slice.paddedRows + tileRows - 1) / tileRows;
  const inputPanels = slice.paddedInputs / tileRows;
  const lastPanel = panels * (thread + 1) / threads;
  for (let panel = panels * thread / threads; panel < lastPanel; panel++) {
    const row = tileRow(slice, panel * tileRows);
    const to = slice.hiddenRows + <usize> (panel * tileRows) * rowBytes;
    const from = slice.hidden + <usize> row * rowBytes;
    packRows(to, from, rows - row, inputs, rowBytes, 4, 0, 1);
  }
  if (!slice.hiddenColumns) return;
  for (let row = 0; row < rows; row += slice.blockRows) {
    const to = slice.hiddenColumns + <usize> row * (<usize> slice.paddedInputs << 2);
    const from = slice.hidden + <usize> row * rowBytes, depth = min(slice.blockRows, rows - row);
    const first = inputPanels * thread / threads, last = inputPanels * (thread + 1) / threads;
    packRows(to, from, inputs, depth, 4, rowBytes, first, last);
  }
}

/**
 * Combines the chunks: for each row the maximum score and the sum of exponentials over all classes;
 * for each row and chunk the factor that converts the stored exponentials into probabilities,
 * divided by the batch size. One thread's part.
 */
export function outputLayerTotals(slice: Slice, thread: i32, threads: i32): void {
  const rowBytes = <usize> slice.paddedRows << 2;
  const blocks = slice.paddedRows >> 2;
  const last = blocks * (thread + 1) / threads;
  for (let block = blocks * thread / threads; block < last; block++) {
    const peaks = slice.peaks + (<usize> block << 4), sums = slice.sums + (<usize> block << 4);
    let top = v128.load(peaks);
    for (let chunk = 1; chunk < slice.chunks; chunk++) {
      top = f32x4.pmax(top, v128.load(peaks + <usize> chunk * rowBytes));
    }
    // In 64 bits, because thousands of chunks' sums are added.
    let low = f64x2.splat(0), high = f64x2.splat(0);
    for (let chunk = 0; chunk < slice.chunks; chunk++) {
      const at = peaks + <usize> chunk * rowBytes;
      const below = f32x4.sub(v128.load(at), top);
      const factor = exponential(below);
      v128.store(at, factor);
      const sum = f32x4.mul(v128.load(sums + <usize> chunk * rowBytes), factor);
      low = f64x2.add(low, f64x2.promote_low_f32x4(sum));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(sum, sum, 2, 3, 2, 3)));
    }
    const total = v128.shuffle<f32>(
      f32x4.demote_f64x2_zero(low),
      f32x4.demote_f64x2_zero(high),
      0,
      1,
      4,
      5,
    );
    v128.store(slice.totals + (<usize> block << 4), top);
    v128.store(slice.totals + rowBytes + (<usize> block << 4), total);
    let share = f32x4.div(f32x4.splat(slice.share), total);
    // Padding rows of the last block have probability zero.
    const rest = slice.rows - (block << 2);
    if (rest < 4) {
      share = f32x4.replace_lane(share, 3, 0);
      if (rest < 3) share = f32x4.replace_lane(share, 2, 0);
      if (rest < 2) share = f32x4.replace_lane(share, 1, 0);
      if (rest < 1) share = f32x4.replace_lane(share, 0, 0);
    }
    for (let chunk = 0; chunk < slice.chunks; chunk++) {
      const at = peaks + <usize> chunk * rowBytes;
      v128.store(at, f32x4.mul(v128.load(at), share));
    }
  }
}
