// The output layer, forward: the first pass over a slice's classes (see output_layer.ts).
import { E, exp4 } from "../../../wasm/kernels/exp";
import { scoresOf, Slice, takeNext, tileRow } from "./output_layer";
import { packColumns } from "../../../wasm/kernels/pack";
import { tile, tileRows } from "../../../wasm/kernels/tile";
import { storeTwo } from "../../../wasm/kernels/simd";

/** Scores, maximum scores and sums of exponentials of every chunk; one thread's part. */
export function outputLayerForward(slice: Slice, thread: i32): void {
  const inputs = slice.inputs, chunkColumns = slice.chunkColumns;
  // This thread's memory: packed weights, [rows][4] maxima or sums, the scores of a block. Scores
  // to be kept are written to their place as exponentials, once: it lies outside the caches.
  const packed = slice.workspaces + <usize> thread * slice.workspaceBytes;
  const lanes = packed + (<usize> chunkColumns * inputs << 2);
  const own = lanes + (<usize> slice.blockRows << 4);
  for (;;) {
    const chunk = takeNext(slice);
    if (chunk >= slice.chunks) return;
    const column = chunk * chunkColumns;
    const columns = min(chunkColumns, slice.classes - column);
    const weights = slice.weights + (<usize> column << 2), stride = <usize> slice.classes << 2;
    packColumns(packed, weights, columns, inputs, 4, stride, 0, (columns + 7) >> 3);
    for (let row = 0; row < slice.paddedRows; row += slice.blockRows) {
      const kept = slice.scores ? scoresOf(slice, row, column) : own;
      forwardBlock(slice, chunk, row, packed, lanes, own, kept);
    }
  }
}

/**
 * The forward pass of one chunk and the block of rows that begins at `first`.
 * @param packed the chunk's weights
 * @param lanes [rows][4]
 * @param scores of this chunk and block, [columns/8][rows][8]
 * @param kept where their exponentials go, the same shape
 */
function forwardBlock(
  slice: Slice,
  chunk: i32,
  first: i32,
  packed: usize,
  lanes: usize,
  scores: usize,
  kept: usize,
): void {
  const inputs = slice.inputs, column = chunk * slice.chunkColumns;
  const columns = min(slice.chunkColumns, slice.classes - column), panels = (columns + 7) >> 3;
  const rows = min(slice.blockRows, slice.paddedRows - first);
  for (let panel = 0; panel < panels; panel++) {
    const b = packed + (<usize> panel * inputs << 5);
    const c = scores + (<usize> (panel * rows) << 5);
    for (let row = first; row < first + rows; row += tileRows) {
      const a = slice.hiddenRows + <usize> row * (<usize> inputs << 2);
      tile(a, b, c + (<usize> (tileRow(slice, row) - first) << 5), 32, inputs, false);
    }
  }
  addBias(slice, scores, column, panels, rows, lanes);
  const rowsBefore = <usize> (chunk * slice.paddedRows + first) << 2;
  const peaks = slice.peaks + rowsBefore, sums = slice.sums + rowsBefore;
  for (let row = 0; row < rows; row++) {
    const four = v128.load(lanes + (<usize> row << 4));
    const two = f32x4.pmax(four, v128.shuffle<f32>(four, four, 2, 3, 2, 3));
    const one = f32x4.pmax(two, v128.shuffle<f32>(two, two, 1, 1, 1, 1));
    store<f32>(peaks + (<usize> row << 2), f32x4.extract_lane(one, 0));
  }
  takeLabelScores(slice, scores, column, columns, first, rows);
  exponentiate(slice, scores, kept, panels, rows, peaks, lanes);
  for (let row = 0; row < rows; row++) {
    const four = v128.load(lanes + (<usize> row << 4));
    const two = f32x4.add(four, v128.shuffle<f32>(four, four, 2, 3, 2, 3));
    const sum = f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1);
    store<f32>(sums + (<usize> row << 2), sum);
  }
}

/** Adds the bias to a block's scores and stores each row's maximum in each of four lanes. */
function addBias(
  slice: Slice,
  scores: usize,
  column: i32,
  panels: i32,
  rows: i32,
  lanes: usize,
): void {
  const classes = slice.classes;
  for (let panel = 0; panel < panels; panel++) {
    const first = column + (panel << 3);
    let b0: v128, b1: v128;
    if (first + 8 <= classes) {
      b0 = v128.load(slice.bias + (<usize> first << 2));
      b1 = v128.load(slice.bias + (<usize> first << 2), 16);
    } else { // beyond the last class the scores are −∞: no probability
      b0 = biasAtEnd(slice, first);
      b1 = biasAtEnd(slice, first + 4);
    }
    let at = scores + (<usize> (panel * rows) << 5);
    let peak = lanes;
    const end = at + (<usize> rows << 5);
    while (at < end) {
      const x0 = f32x4.add(v128.load(at), b0), x1 = f32x4.add(v128.load(at, 16), b1);
      storeTwo(at, x0, x1);
      const greater = f32x4.pmax(x0, x1);
      v128.store(peak, panel == 0 ? greater : f32x4.pmax(v128.load(peak), greater));
      at += 32;
      peak += 16;
    }
  }
}

function biasAtEnd(slice: Slice, first: i32): v128 {
  let four = f32x4.splat(-f32.MAX_VALUE * slice.one * 2);
  const at = slice.bias + (<usize> first << 2);
  const left = slice.classes - first;
  if (left > 0) four = v128.load_lane<f32>(at, four, 0);
  if (left > 1) four = v128.load_lane<f32>(at, four, 1, 4);
  if (left > 2) four = v128.load_lane<f32>(at, four, 2, 8);
  if (left > 3) four = v128.load_lane<f32>(at, four, 3, 12);
  return four;
}

/** Stores the scores of the labels within this chunk, for the block that begins at `first`. */
function takeLabelScores(
  slice: Slice,
  scores: usize,
  column: i32,
  columns: i32,
  first: i32,
  rows: i32,
): void {
  const end = min(first + rows, slice.rows);
  for (let row = first; row < end; row++) {
    const label = load<i32>(slice.labels + (<usize> row << 2)) - column;
    if (<u32> label >= <u32> columns) continue;
    const at = ((label >> 3) * rows + row - first) * 8 + (label & 7);
    store<f32>(slice.labelScores + (<usize> row << 2), load<f32>(scores + (<usize> at << 2)));
  }
}

/** Writes e^(score − peak) of a block to `kept` and stores each row's sums in four lanes. */
function exponentiate(
  slice: Slice,
  scores: usize,
  kept: usize,
  panels: i32,
  rows: i32,
  peaks: usize,
  lanes: usize,
): void {
  const one = slice.one;
  const ones = f32x4.splat(one), log2e = f32x4.splat(one * E.log2e);
  const magic = f32x4.splat(one * E.magic);
  const ln2High = f32x4.splat(one * E.ln2High), ln2Low = f32x4.splat(one * E.ln2Low);
  const q0 = f32x4.splat(one * E.q0), q1 = f32x4.splat(one * E.q1), q2 = f32x4.splat(one * E.q2);
  const q3 = f32x4.splat(one * E.q3), q4 = f32x4.splat(one * E.q4);
  const lowest = f32x4.splat(one * E.lowest);
  memory.fill(lanes, 0, <usize> rows << 4);
  for (let panel = 0; panel < panels; panel++) {
    for (let row = 0; row < rows; row++) {
      const peak = v128.load32_splat(peaks + (<usize> row << 2));
      const x0 = f32x4.sub(v128.load(scores), peak), x1 = f32x4.sub(v128.load(scores, 16), peak);
      const y0 = exp4(x0, ones, log2e, magic, ln2High, ln2Low, q0, q1, q2, q3, q4, lowest);
      const y1 = exp4(x1, ones, log2e, magic, ln2High, ln2Low, q0, q1, q2, q3, q4, lowest);
      storeTwo(kept, y0, y1);
      const sum = lanes + (<usize> row << 4);
      v128.store(sum, f32x4.add(v128.load(sum), f32x4.add(y0, y1)));
      scores += 32;
      kept += 32;
    }
  }
}
