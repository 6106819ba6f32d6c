// The output layer, backward: the second pass over a slice's classes (see output_layer.ts), and
// Adam on a chunk's weights while their gradient is still in the cache.
//
// A segment is a run of neighbouring chunks, taken by one thread. Each has its own part of
// hidden's gradient, and the parts are added in order: the result depends neither on who computed
// a segment nor on how many threads there are. The first segments are the longest, the last ones
// short, so that threads which take them in order finish together.
import { adamRange, AdamStep } from "./adam";
import { packRows } from "./pack";
import { scoresOf, Slice, takeNext } from "./output_layer";
import { tile, tileRows } from "./tile";

/** Gradients of weights, bias and hidden; in the last slice, the step of Adam. One thread's part. */
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

/** The first chunk of a segment; of n segments, the first has n times as many as the last. */
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
    packRows(
      to,
      slice.weights + (<usize> (input * slice.classes + column) << 2),
      slice.inputs - input,
      columns,
      <usize> slice.classes << 2,
      4,
      0,
      1,
    );
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
 *
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

  // dHidden [rows/8][inputs][8] += weights · dScores, turned
  for (let row = 0; row < rows; row += 8) {
    const b = turned + (<usize> row * paddedColumns << 2);
    const c = hiddenGradient + <usize> (first + row) * (<usize> paddedInputs << 2);
    for (let input = 0; input < paddedInputs; input += tileRows) {
      tile(
        packed + (<usize> input * paddedColumns << 2),
        b,
        c + (<usize> input << 5),
        32,
        paddedColumns,
        add,
      );
    }
  }

  // dWeights [columns/8][inputs][8] += hiddenᵀ · dScores
  const depth = min(rows, slice.rows - first);
  const hidden = slice.hiddenColumns + <usize> first * (<usize> paddedInputs << 2);
  for (let panel = 0; panel < panels; panel++) {
    const b = scores + (<usize> (panel * rows) << 5);
    const c = gradient + (<usize> panel * paddedInputs << 5);
    for (let input = 0; input < paddedInputs; input += tileRows) {
      tile(
        hidden + (<usize> (input * depth) << 2),
        b,
        c + (<usize> input << 5),
        32,
        depth,
        first > 0 || !slice.firstSlice,
      );
    }
  }
}

/** Probability / batch, to `scores` and turned; the bias's gradient is the sum over the rows. */
function scoreGradients(
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
      v128.store(scores, a0);
      v128.store(scores, a1, 16);
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
      storeTurned(to, a0, b0, c0, d0);
      storeTurned(to + 128, a1, b1, c1, d1);
      kept += 128;
      scores += 128;
    }
    const to = biasGradient + (<usize> panel << 5);
    if (first > 0 || !slice.firstSlice) {
      sum0 = f32x4.add(sum0, v128.load(to));
      sum1 = f32x4.add(sum1, v128.load(to, 16));
    }
    v128.store(to, sum0);
    v128.store(to, sum1, 16);
  }
}

/** Four rows of four columns become columns of rows, 32 bytes from one column to the next. */
function storeTurned(to: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32);
  v128.store(to, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64);
  v128.store(to, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96);
}

/** The gradient of cross-entropy is probability − 1 at the label. */
function subtractLabels(
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

/** Adam on a chunk's weights and biases. */
function update(slice: Slice, column: i32, columns: i32, panels: i32, gradient: usize): void {
  const step = changetype<AdamStep>(slice.adam);
  for (let input = 0; input < slice.inputs; input++) {
    const offset = <usize> (input * slice.classes + column) << 2;
    for (let panel = 0; panel < panels; panel++) {
      const at = offset + (<usize> panel << 5);
      adamRange(
        step,
        slice.weights + at,
        gradient + (<usize> (panel * slice.paddedInputs + input) << 5),
        slice.weightsFirst + at,
        slice.weightsSecond + at,
        min(8, columns - (panel << 3)),
      );
    }
  }
  const at = <usize> column << 2;
  adamRange(
    step,
    slice.bias + at,
    slice.biasGradient + at,
    slice.biasFirst + at,
    slice.biasSecond + at,
    columns,
  );
}

/** Adds the segments' parts of hidden's gradient and turns it. One thread's part. */
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
