// The output layer, backward: the second pass over a slice's classes (see output_layer.ts), and
// Adam on a chunk's weights while their gradient is still in the cache.
//
// A segment is a run of neighbouring chunks, taken by one thread. Each has its own part of
// hidden's gradient, and the parts are added in order: the result depends neither on who computed
// a segment nor on how many threads there are. The first segments are the longest, the last ones
// short, so that threads which take them in order finish together.
import { adamRange } from "../../../wasm/kernels/adam";
import { packRows } from "../../../wasm/kernels/pack";
import { Slice, takeNext } from "./output_layer";
import { scoreGradients, subtractLabels } from "./output_layer_gradient";
import { tile, tileRows } from "../../../wasm/kernels/tile";

/**
 * Gradients of weights, bias and hidden; in the last slice, also the Adam step. One thread's part.
 */
export function outputLayerBackward(slice: Slice, thread: i32): void {
  const gradientBytes = <usize> slice.paddedInputs * slice.paddedRows << 2;
  for (;;) {
    const segment = takeNext(slice);
    if (segment >= slice.segments) return;
    const first = segmentStart(slice, segment), last = segmentStart(slice, segment + 1);
    const hiddenGradient = slice.hiddenGradients + <usize> segment * gradientBytes;
    if (first == last) memory.fill(hiddenGradient, 0, gradientBytes);
    for (let chunk = first; chunk < last; chunk++) {
      backwardChunk(slice, thread, chunk, hiddenGradient, chunk > first);
    }
  }
}

/** First chunk of a segment; of n segments, the first has n times as many chunks as the last. */
function segmentStart(slice: Slice, segment: i32): i32 {
  const n = slice.segments;
  return slice.chunks * (segment * (2 * n + 1 - segment)) / (n * (n + 1));
}

function backwardChunk(
  slice: Slice,
  thread: i32,
  chunk: i32,
  hiddenGradient: usize,
  add: bool,
): void {
  const paddedInputs = slice.paddedInputs;
  const column = chunk * slice.chunkColumns;
  const columns = min(slice.chunkColumns, slice.classes - column);
  const panels = (columns + 7) >> 3, paddedColumns = panels << 3;

  // This thread's memory: weights packed [inputs/5][columns][5], the gradient of a block's scores
  // [columns/8][rows][8] and turned [rows/8][columns][8], and the gradient of the chunk's weights
  // when there is one slice.
  const packed = slice.workspaces + <usize> thread * slice.workspaceBytes;
  const scores = packed + (<usize> slice.chunkColumns * paddedInputs << 2);
  const turned = scores + (<usize> slice.chunkColumns * slice.blockRows << 2);
  const own = turned + (<usize> slice.chunkColumns * slice.blockRows << 2);
  for (let input = 0; input < paddedInputs; input += tileRows) {
    const to = packed + (<usize> input * paddedColumns << 2);
    const from = slice.weights + (<usize> (input * slice.classes + column) << 2);
    packRows(to, from, slice.inputs - input, columns, <usize> slice.classes << 2, 4, 0, 1);
    const rest = <usize> (paddedColumns - columns) * (tileRows << 2);
    memory.fill(to + <usize> columns * (tileRows << 2), 0, rest);
  }
  const gradient = slice.weightsGradient
    ? slice.weightsGradient + (<usize> column * paddedInputs << 2)
    : own;
  for (let row = 0; row < slice.paddedRows; row += slice.blockRows) {
    backwardBlock(slice, chunk, row, packed, scores, turned, hiddenGradient, add, gradient);
  }
  if (slice.lastSlice) update(slice, column, columns, panels, gradient);
}

/**
 * The gradients from one chunk and the block of rows that begins at `first`.
 * @param packed the chunk's weights
 * @param hiddenGradient [rows/8][inputs][8], added to when `add`
 * @param gradient of the chunk's weights, [columns/8][inputs][8]
 */
function backwardBlock(
  slice: Slice,
  chunk: i32,
  first: i32,
  packed: usize,
  scores: usize,
  turned: usize,
  hiddenGradient: usize,
  add: bool,
  gradient: usize,
): void {
  const paddedInputs = slice.paddedInputs;
  const column = chunk * slice.chunkColumns;
  const columns = min(slice.chunkColumns, slice.classes - column);
  const panels = (columns + 7) >> 3, paddedColumns = panels << 3;
  const rows = min(slice.blockRows, slice.paddedRows - first);
  scoreGradients(slice, chunk, first, rows, panels, scores, turned);
  subtractLabels(slice, column, columns, first, rows, scores, turned);

  // dHidden [rows/8][inputs][8] += weights · dScores, transposed
  for (let row = 0; row < rows; row += 8) {
    const b = turned + (<usize> row * paddedColumns << 2);
    const c = hiddenGradient + <usize> (first + row) * (<usize> paddedInputs << 2);
    for (let input = 0; input < paddedInputs; input += tileRows) {
      const a = packed + (<usize> input * paddedColumns << 2);
      tile(a, b, c + (<usize> input << 5), 32, paddedColumns, add);
    }
  }

  // dWeights [columns/8][inputs][8] += hiddenᵀ · dScores
  const depth = min(rows, slice.rows - first);
  const hidden = slice.hiddenColumns + <usize> first * (<usize> paddedInputs << 2);
  for (let panel = 0; panel < panels; panel++) {
    const b = scores + (<usize> (panel * rows) << 5);
    const c = gradient + (<usize> panel * paddedInputs << 5);
    for (let input = 0; input < paddedInputs; input += tileRows) {
      const a = hidden + (<usize> (input * depth) << 2);
      tile(a, b, c + (<usize> input << 5), 32, depth, first > 0 || !slice.firstSlice);
    }
  }
}

/** Adam on a chunk's weights and biases. */
function update(slice: Slice, column: i32, columns: i32, panels: i32, gradient: usize): void {
  const rate = slice.rate, correction = slice.correction, one = slice.one;
  for (let input = 0; input < slice.inputs; input++) {
    const offset = <usize> (input * slice.classes + column) << 2;
    for (let panel = 0; panel < panels; panel++) {
      const at = offset + (<usize> panel << 5);
      const g = gradient + (<usize> (panel * slice.paddedInputs + input) << 5);
      const first = slice.weightsFirst + at, second = slice.weightsSecond + at;
      const width = min(8, columns - (panel << 3));
      adamRange(slice.weights + at, g, first, second, width, rate, correction, one);
    }
  }
  const at = <usize> column << 2;
  const first = slice.biasFirst + at, second = slice.biasSecond + at;
  const bias = slice.bias + at, g = slice.biasGradient + at;
  adamRange(bias, g, first, second, columns, rate, correction, one);
}

/** Sums the segments' parts of hidden's gradient and transposes it. One thread's part. */
export function outputLayerHiddenGradient(slice: Slice, thread: i32, threads: i32): void {
  const inputs = slice.inputs, panels = slice.paddedRows >> 3;
  const partBytes = <usize> slice.paddedInputs * slice.paddedRows << 2;
  const last = panels * (thread + 1) / threads;
  for (let panel = panels * thread / threads; panel < last; panel++) {
    const part = slice.hiddenGradients + (<usize> (panel * slice.paddedInputs) << 5);
    const to = slice.hiddenGradient + (<usize> (panel * inputs) << 5);
    for (let four = 0; four < 8; four += 4) {
      const rest = slice.rows - (panel << 3) - four;
      for (let input = 0; input < inputs; input++) {
        let at = part + (<usize> ((input << 3) + four) << 2);
        let sum = v128.load(at);
        for (let segment = 1; segment < slice.segments; segment++) {
          at += partBytes;
          sum = f32x4.add(sum, v128.load(at));
        }
        const out = to + (<usize> (four * inputs + input) << 2), stride = <usize> inputs << 2;
        if (rest > 0) v128.store_lane<f32>(out, sum, 0);
        if (rest > 1) v128.store_lane<f32>(out + stride, sum, 1);
        if (rest > 2) v128.store_lane<f32>(out + 2 * stride, sum, 2);
        if (rest > 3) v128.store_lane<f32>(out + 3 * stride, sum, 3);
      }
    }
  }
}
