/** Shape of a network over a sequence of events or beats. */
export interface NetworkShape {
  /** Input features per item. */
  readonly inputs: number;
  /** Channels of each layer. */
  readonly channels: number;
  /** Dilations of the convolutions, in items; their sum is the reach to either side. */
  readonly dilations: readonly number[];
  /** Outputs per item. */
  readonly outputs: number;
}

/** Taps of a convolution: an item, the one before and the one after. */
export const TAPS = 3;

/** Weight arrays of a network: name and shape, in storage order. */
export function arraysIn(
  { inputs, channels, dilations, outputs }: NetworkShape,
): readonly { readonly name: string; readonly shape: readonly number[] }[] {
  return [
    { name: "in", shape: [channels, inputs] },
    { name: "inBias", shape: [channels] },
    ...dilations.flatMap((_, i) => [
      { name: `conv${i}`, shape: [channels, TAPS * channels] },
      { name: `convBias${i}`, shape: [channels] },
    ]),
    { name: "out", shape: [outputs, channels] },
    { name: "outBias", shape: [outputs] },
  ];
}

/** Number of weights of a network. */
export function weightCount(shape: NetworkShape): number {
  return arraysIn(shape).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
}

/**
 * Runs a network: a layer over each item, residual convolutions over items with growing dilation (a
 * temporal convolutional network, Bai et al. 2018, arXiv 1803.01271; for beats, Davies and Böck
 * 2019), and an output layer.
 * @param rows [items, inputs]
 * @param weights laid out as {@linkcode arraysIn} says
 * @returns [items, outputs]
 */
export function runNetwork(
  rows: Float32Array,
  weights: Float32Array,
  shape: NetworkShape,
): Float32Array {
  const { inputs, channels, dilations } = shape, size = rows.length / inputs;
  const arrays = arraysIn(shape);
  let at = 0, index = 0;
  const next = () => weights.subarray(at, at += arrays[index++]!.shape.reduce((a, b) => a * b));
  let hidden = dense(rows, size, inputs, next(), next());
  relu(hidden);
  for (const dilation of dilations) {
    const taps = tapsOf(hidden, size, channels, dilation);
    const added = dense(taps, size, TAPS * channels, next(), next());
    relu(added);
    hidden = hidden.map((value, i) => value + added[i]!);
  }
  return dense(hidden, size, channels, next(), next());
}

/**
 * Dense layer, rows · weightsᵀ + bias; two rows and two outputs at a time, to load each number half
 * as often.
 */
function dense(
  rows: Float32Array,
  size: number,
  depth: number,
  weights: Float32Array,
  bias: Float32Array,
): Float32Array {
  const width = bias.length, out = new Float32Array(size * width);
  for (let i = 0; i < size; i += 2) {
    const a = i * depth, b = Math.min(i + 1, size - 1) * depth;
    for (let o = 0; o < width; o += 2) {
      const p = o * depth, q = Math.min(o + 1, width - 1) * depth;
      let ap = 0, aq = 0, bp = 0, bq = 0;
      for (let k = 0; k < depth; k++) {
        const x = rows[a + k]!, y = rows[b + k]!, v = weights[p + k]!, w = weights[q + k]!;
        ap += x * v, aq += x * w, bp += y * v, bq += y * w;
      }
      const to = i * width + o, odd = o + 1 < width;
      out[to] = ap + bias[o]!;
      if (odd) out[to + 1] = aq + bias[o + 1]!;
      if (i + 1 === size) continue;
      out[to + width] = bp + bias[o]!;
      if (odd) out[to + width + 1] = bq + bias[o + 1]!;
    }
  }
  return out;
}

/**
 * Taps of each item: its channels beside those `dilation` items before and after; zero beyond the
 * ends.
 */
function tapsOf(
  hidden: Float32Array,
  size: number,
  channels: number,
  dilation: number,
): Float32Array {
  const out = new Float32Array(size * TAPS * channels);
  for (let i = 0; i < size; i++) {
    for (let tap = 0; tap < TAPS; tap++) {
      const from = i + (tap - 1) * dilation;
      if (from < 0 || from >= size) continue;
      const row = hidden.subarray(from * channels, (from + 1) * channels);
      out.set(row, (i * TAPS + tap) * channels);
    }
  }
  return out;
}

function relu(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = 0;
}

/** Logarithms of softmax probabilities of some neighbouring outputs: [items, count]. */
export function logSoftmax(
  out: Float32Array,
  outputs: number,
  from: number,
  count: number,
): Float32Array {
  const size = out.length / outputs, logs = new Float32Array(size * count);
  for (let i = 0; i < size; i++) {
    const row = out.subarray(i * outputs + from, i * outputs + from + count);
    const most = Math.max(...row);
    const norm = most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
    for (let k = 0; k < count; k++) logs[i * count + k] = row[k]! - norm;
  }
  return logs;
}
