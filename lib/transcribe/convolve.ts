import { Blocks, floatsAt } from "../wasm/blocks.ts";
import type { Heap } from "../wasm/heap.ts";
import { multiply } from "../wasm/multiply.ts";

/** Time–frequency feature map: [time, frequency, channels]. */
export interface Plane {
  readonly values: Float32Array;
  readonly times: number;
  readonly bins: number;
  readonly channels: number;
}

/**
 * A convolutional layer. Its output has the times of its input, and every `stride`th of its bins.
 */
export interface Filters {
  /** Kernel size in times and bins, centred. */
  readonly times: number;
  readonly bins: number;
  /** Numbers of input and output channels. */
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  /** Kernel weights [times, bins, from, to]. */
  readonly weights: Float32Array;
  /** Bias of each output channel. */
  readonly offsets: Float32Array;
}

/** Floats of patches multiplied at once, sized for the second-level cache and above. */
const PATCHES_AT_ONCE = 1 << 20;

/** Feature map zero-padded by the reach of `filters` beyond the edges. */
function padded({ values, times, bins, channels }: Plane, filters: Filters): Plane {
  const outBins = Math.ceil(bins / filters.stride);
  const more = Math.max(0, (outBins - 1) * filters.stride + filters.bins - bins);
  const [before, left] = [(filters.times - 1) >> 1, more >> 1];
  const [allTimes, allBins] = [times + filters.times - 1, bins + more];
  const all = new Float32Array(allTimes * allBins * channels);
  for (let time = 0; time < times; time++) {
    all.set(
      values.subarray(time * bins * channels, (time + 1) * bins * channels),
      ((time + before) * allBins + left) * channels,
    );
  }
  return { values: all, times: allTimes, bins: allBins, channels };
}

/** Convolutional layer with ReLU: a matrix product of input patches and weights. */
export function convolve(heap: Heap, input: Plane, filters: Filters): Plane {
  const { to, stride } = filters, bins = Math.ceil(input.bins / stride);
  const around = padded(input, filters), row = filters.bins * filters.from;
  const depth = filters.times * row, line = around.bins * filters.from;
  const timesAtOnce = Math.max(1, Math.floor(PATCHES_AT_ONCE / (bins * depth)));
  const blocks = new Blocks(heap);
  try {
    const a = blocks.reserve(4 * timesAtOnce * bins * depth);
    const b = blocks.copy(filters.weights), c = blocks.reserve(4 * timesAtOnce * bins * to);
    const out = new Float32Array(input.times * bins * to);
    for (let from = 0; from < input.times; from += timesAtOnce) {
      const count = Math.min(timesAtOnce, input.times - from);
      const patches = floatsAt(heap, a, count * bins * depth);
      for (let time = 0, at = 0; time < count; time++) {
        for (let bin = 0; bin < bins; bin++) {
          for (let dt = 0; dt < filters.times; dt++, at += row) {
            const start = (from + time + dt) * line + bin * stride * filters.from;
            if (row > 16) patches.set(around.values.subarray(start, start + row), at);
            else for (let i = 0; i < row; i++) patches[at + i] = around.values[start + i]!;
          }
        }
      }
      multiply(heap, { a, b, c, rows: count * bins, depth, columns: to });
      const sums = floatsAt(heap, c, count * bins * to);
      for (let i = 0, at = from * bins * to; i < sums.length; i++) {
        out[at + i] = Math.max(0, sums[i]! + filters.offsets[i % to]!);
      }
    }
    return { values: out, times: input.times, bins, channels: to };
  } finally {
    blocks.free();
  }
}

/**
 * Convolutional layer with one output channel and a sigmoid: each position times all weights, sums
 * shifted into place.
 */
export function convolveToOne(heap: Heap, input: Plane, filters: Filters): Plane {
  const around = padded(input, filters), places = around.times * around.bins;
  const taps = filters.times * filters.bins, { from } = filters;
  const blocks = new Blocks(heap);
  try {
    const turned = new Float32Array(from * taps); // [from, taps]
    for (let tap = 0; tap < taps; tap++) {
      for (let i = 0; i < from; i++) turned[i * taps + tap] = filters.weights[tap * from + i]!;
    }
    const a = blocks.copy(around.values), b = blocks.copy(turned);
    const c = blocks.reserve(4 * places * taps);
    multiply(heap, { a, b, c, rows: places, depth: from, columns: taps });
    const sums = floatsAt(heap, c, places * taps);
    const out = new Float32Array(input.times * input.bins);
    for (let time = 0, at = 0; time < input.times; time++) {
      for (let bin = 0; bin < input.bins; bin++, at++) {
        let sum = filters.offsets[0]!;
        for (let dt = 0, tap = 0; dt < filters.times; dt++) {
          let place = ((time + dt) * around.bins + bin) * taps;
          for (let db = 0; db < filters.bins; db++, tap++, place += taps) sum += sums[place + tap]!;
        }
        out[at] = 1 / (1 + Math.exp(-sum));
      }
    }
    return { values: out, times: input.times, bins: input.bins, channels: 1 };
  } finally {
    blocks.free();
  }
}
