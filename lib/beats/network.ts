import { INPUTS } from "./features.ts";

/** Channels of each layer. */
export const CHANNELS = 48;

/** Dilations of the convolutions, in events: together they reach 127 events to either side. */
export const DILATIONS = [1, 2, 4, 8, 16, 32, 64] as const;

/** Taps of a convolution: an event, the one before and the one after. */
export const TAPS = 3;

/**
 * Beat periods that the network distinguishes, in seconds: eight to an octave, from 0.15 to 2.4.
 */
export const PERIODS: readonly number[] = Array.from({ length: 33 }, (_, i) => 0.15 * 2 ** (i / 8));

/** Index of each output of an event. */
export const OUT = { beat: 0, downbeat: 1, period: 2 } as const;

/** Number of outputs per event. */
export const OUTPUTS = OUT.period + PERIODS.length;

/** Weight arrays: name and shape, in storage order. */
export const SHAPES: readonly { readonly name: string; readonly shape: readonly number[] }[] = [
  { name: "in", shape: [CHANNELS, INPUTS] },
  { name: "inBias", shape: [CHANNELS] },
  ...DILATIONS.flatMap((_, i) => [
    { name: `conv${i}`, shape: [CHANNELS, TAPS * CHANNELS] },
    { name: `convBias${i}`, shape: [CHANNELS] },
  ]),
  { name: "out", shape: [OUTPUTS, CHANNELS] },
  { name: "outBias", shape: [OUTPUTS] },
];

/** Number of weights. */
export const WEIGHTS = SHAPES.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);

/** Output of the beat network for each event. */
export interface Salience {
  /** Log odds of a beat. */
  readonly beat: Float32Array;
  /** Log odds of a downbeat. */
  readonly downbeat: Float32Array;
  /** Log probabilities of {@linkcode PERIODS}: [events, 33]. */
  readonly period: Float32Array;
}

/**
 * Runs the beat network: a layer over each event, residual convolutions over events with growing
 * dilation (a temporal convolutional network, Bai et al. 2018, arXiv 1803.01271; for beats, Davies
 * and Böck 2019), and an output layer.
 * @param rows [events, INPUTS]
 * @param weights laid out as in {@linkcode SHAPES}
 */
export function salienceOf(rows: Float32Array, weights: Float32Array): Salience {
  const size = rows.length / INPUTS, next = arraysOf(weights);
  let hidden = dense(rows, size, INPUTS, next(), next());
  relu(hidden);
  for (const dilation of DILATIONS) {
    const added = dense(
      tapsOf(hidden, size, dilation),
      size,
      TAPS * CHANNELS,
      next(),
      next(),
    );
    relu(added);
    hidden = hidden.map((value, i) => value + added[i]!);
  }
  const out = dense(hidden, size, CHANNELS, next(), next());
  const column = (at: number) =>
    Float32Array.from({ length: size }, (_, i) => out[i * OUTPUTS + at]!);
  return {
    beat: column(OUT.beat),
    downbeat: column(OUT.downbeat),
    period: logSoftmax(out, size, OUT.period, PERIODS.length),
  };
}

/** Iterator over the arrays of {@linkcode SHAPES}. */
function arraysOf(weights: Float32Array): () => Float32Array {
  let at = 0, index = 0;
  return () => weights.subarray(at, at += SHAPES[index++]!.shape.reduce((a, b) => a * b));
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
 * Taps of each event: its channels beside those `dilation` events before and after; zero beyond the
 * ends.
 */
function tapsOf(hidden: Float32Array, size: number, dilation: number): Float32Array {
  const out = new Float32Array(size * TAPS * CHANNELS);
  for (let i = 0; i < size; i++) {
    for (let tap = 0; tap < TAPS; tap++) {
      const from = i + (tap - 1) * dilation;
      if (from < 0 || from >= size) continue;
      const row = hidden.subarray(from * CHANNELS, (from + 1) * CHANNELS);
      out.set(row, (i * TAPS + tap) * CHANNELS);
    }
  }
  return out;
}

function relu(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = 0;
}

function logSoftmax(out: Float32Array, size: number, from: number, count: number): Float32Array {
  const logs = new Float32Array(size * count);
  for (let i = 0; i < size; i++) {
    const row = out.subarray(i * OUTPUTS + from, i * OUTPUTS + from + count);
    const most = Math.max(...row);
    const norm = most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
    for (let k = 0; k < count; k++) logs[i * count + k] = row[k]! - norm;
  }
  return logs;
}
