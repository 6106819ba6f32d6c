import { arraysIn, type NetworkShape, TAPS, weightCount } from "../../lib/beats/network.ts";
import { gaussian, type Random } from "../../lib/random.ts";
import { Blocks, floatsAt } from "../../lib/wasm/blocks.ts";
import type { Heap } from "../../lib/wasm/heap.ts";
import { multiply } from "../../lib/wasm/multiply.ts";
import { gatherTaps, scatterTaps } from "./taps.ts";

/** AdamW (Loshchilov and Hutter 2019): averages' decay, weight decay; bound of the gradient's norm. */
const BETA_1 = 0.9, BETA_2 = 0.99, DECAY = 2e-3, EPSILON = 1e-8, LONGEST = 1;

/** Dropout rate of the residuals, and of each passage's inputs. */
const DROPOUT = 0.2, INPUT_DROPOUT = 0.1;

/** Step of the moving average of the weights. */
const AVERAGING = 0.004;

/** A training passage of events or beats. */
export interface Passage {
  /** [length, inputs], standardised. */
  readonly rows: Float32Array;
}

/** A training task. */
export interface Task<P extends Passage> {
  readonly network: NetworkShape;
  /** Passages per batch, and items per passage. */
  readonly passages: number;
  readonly length: number;
  /**
   * Losses of a batch.
   * @param out [passages · length, outputs]
   * @param dOut is filled with the gradient of their weighted sum
   */
  readonly loss: (out: Float32Array, batch: readonly P[], dOut: Float32Array) => number[];
}

/** Training of a network, batch by batch. */
export interface Trainer<P extends Passage> {
  /** Runs one training step. @returns the losses */
  step(batch: readonly P[], rate: number): readonly number[];
  /** The same losses with the averaged weights, without a training step. */
  loss(batch: readonly P[]): readonly number[];
  /** Averaged weights, for standardised inputs. */
  readonly average: Float32Array;
}

/** Starts the training of a network. */
export function createTrainer<P extends Passage>(
  heap: Heap,
  { network, passages, length, loss: lossOf }: Task<P>,
  random: Random,
): Trainer<P> {
  const { inputs, channels, dilations, outputs } = network, count = weightCount(network);
  const rows = passages * length, blocks = new Blocks(heap), layers = dilations.length;
  const tapWidth = TAPS * channels, places = { channels, length };
  const block = (floats: number) => blocks.zeros(4 * floats);
  const at = {
    weights: block(count),
    d: block(count),
    x: block(rows * inputs),
    out: block(rows * outputs),
  };
  const hidden = Array.from({ length: layers + 1 }, () => block(rows * channels));
  const added = dilations.map(() => block(rows * channels));
  const taps = dilations.map(() => block(rows * tapWidth));
  const dOut = block(rows * outputs), dHidden = block(rows * channels);
  const dAdded = block(rows * channels), dTaps = block(rows * tapWidth);
  const view = (address: number, floats: number) => floatsAt(heap, address, floats);
  const offsets = offsetsOf(network);
  const weights = initial(network, random), average = weights.slice();
  const first = new Float32Array(count), second = new Float32Array(count);
  let steps = 0, noise = 1 + random.below(2 ** 31 - 2);

  const forward = (from: Float32Array, learning: boolean) => {
    view(at.weights, count).set(from);
    const dense = (input: number, depth: number, name: string, output: number, width: number) => {
      const bias = from.subarray(offsets[`${name}Bias`]), y = view(output, rows * width);
      for (let i = 0; i < y.length; i += width) for (let o = 0; o < width; o++) y[i + o] = bias[o]!;
      const b = at.weights + 4 * offsets[name]!;
      multiply(heap, {
        a: input,
        b,
        c: output,
        rows,
        columns: width,
        depth,
        transposeB: true,
        add: true,
      });
    };
    dense(at.x, inputs, "in", hidden[0]!, channels);
    const start = view(hidden[0]!, rows * channels);
    for (let i = 0; i < start.length; i++) if (start[i]! < 0) start[i] = 0;
    dilations.forEach((dilation, l) => {
      const h = view(hidden[l]!, rows * channels), next = view(hidden[l + 1]!, rows * channels);
      gatherTaps(h, view(taps[l]!, rows * tapWidth), places, dilation);
      dense(taps[l]!, tapWidth, convName(l), added[l]!, channels);
      const a = view(added[l]!, rows * channels);
      for (let i = 0; i < a.length; i++) {
        let value = a[i]! > 0 ? a[i]! : 0;
        if (learning) {
          noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
          value = noise < DROPOUT * 2 ** 32 ? 0 : value / (1 - DROPOUT);
        }
        a[i] = value;
        next[i] = h[i]! + value;
      }
    });
    dense(hidden[layers]!, channels, "out", at.out, outputs);
  };

  const backward = () => {
    const d = view(at.d, count);
    d.fill(0);
    const dDense = (
      dy: number,
      width: number,
      x: number,
      depth: number,
      name: string,
      dx?: number,
    ) => {
      const bias = d.subarray(offsets[`${name}Bias`]), dY = view(dy, rows * width);
      for (let i = 0; i < dY.length; i += width) {
        for (let o = 0; o < width; o++) bias[o]! += dY[i + o]!;
      }
      const c = at.d + 4 * offsets[name]!, b = at.weights + 4 * offsets[name]!;
      multiply(heap, {
        a: dy,
        b: x,
        c,
        rows: width,
        columns: depth,
        depth: rows,
        transposeA: true,
      });
      if (dx) multiply(heap, { a: dy, b, c: dx, rows, columns: depth, depth: width });
    };
    dDense(dOut, outputs, hidden[layers]!, channels, "out", dHidden);
    const dH = view(dHidden, rows * channels), dA = view(dAdded, rows * channels);
    for (let l = layers - 1; l >= 0; l--) {
      const a = view(added[l]!, rows * channels);
      for (let i = 0; i < a.length; i++) dA[i] = a[i]! > 0 ? dH[i]! / (1 - DROPOUT) : 0;
      dDense(dAdded, channels, taps[l]!, tapWidth, convName(l), dTaps);
      scatterTaps(view(dTaps, rows * tapWidth), dH, places, dilations[l]!);
    }
    const h = view(hidden[0]!, rows * channels);
    for (let i = 0; i < h.length; i++) if (h[i]! <= 0) dH[i] = 0;
    dDense(dHidden, channels, at.x, inputs, "in");
  };

  const load = (batch: readonly P[], dropped: () => boolean) => {
    batch.forEach(({ rows: x }, i) => {
      const into = view(at.x + 4 * i * length * inputs, length * inputs);
      into.set(x);
      for (let k = 0; k < inputs; k++) {
        if (dropped()) { for (let row = k; row < into.length; row += inputs) into[row] = 0; }
      }
    });
  };
  return {
    average,
    step(batch, rate) {
      load(batch, () => random.next() < INPUT_DROPOUT);
      forward(weights, true);
      const losses = lossOf(view(at.out, rows * outputs), batch, view(dOut, rows * outputs));
      backward();
      const d = view(at.d, count), scale = Math.min(1, LONGEST / Math.hypot(...norms(d)));
      steps++;
      for (let i = 0; i < count; i++) {
        const g = d[i]! * scale;
        first[i] = BETA_1 * first[i]! + (1 - BETA_1) * g;
        second[i] = BETA_2 * second[i]! + (1 - BETA_2) * g * g;
        const m = first[i]! / (1 - BETA_1 ** steps), v = second[i]! / (1 - BETA_2 ** steps);
        weights[i]! -= rate * (m / (Math.sqrt(v) + EPSILON) + DECAY * weights[i]!);
        average[i]! += Math.max(AVERAGING, 1 / steps) * (weights[i]! - average[i]!);
      }
      return losses;
    },
    loss(batch) {
      load(batch, () => false);
      forward(average, false);
      return lossOf(view(at.out, rows * outputs), batch, view(dOut, rows * outputs));
    },
  };
}

function convName(layer: number): string {
  return `conv${layer}`;
}

/** Offset of each array of weights; a bias by the name of its array. */
function offsetsOf(network: NetworkShape): Readonly<Record<string, number>> {
  let at = 0;
  return Object.fromEntries(
    arraysIn(network).map(({ name, shape }) => {
      const from = at;
      at += shape.reduce((a, b) => a * b);
      return [name.replace(/Bias(\d*)$/, "$1Bias"), from];
    }),
  );
}

/** He initialisation (2015), halved for residuals, so that their sum does not grow. */
function initial(network: NetworkShape, random: Random): Float32Array {
  const weights = new Float32Array(weightCount(network));
  let at = 0;
  for (const { name, shape } of arraysIn(network)) {
    const size = shape.reduce((a, b) => a * b);
    if (shape.length === 2) {
      const share = name.startsWith("conv") ? 0.5 : name === "out" ? 0.3 : 1;
      const deviation = share * Math.sqrt(2 / shape[1]!);
      for (let i = 0; i < size; i++) weights[at + i] = deviation * gaussian(random);
    }
    at += size;
  }
  return weights;
}

/** Norms of slices of a gradient, as all numbers at once would be too many arguments. */
function norms(d: Float32Array): number[] {
  const out: number[] = [];
  for (let from = 0; from < d.length; from += 1024) {
    out.push(Math.hypot(...d.subarray(from, from + 1024)));
  }
  return out;
}
