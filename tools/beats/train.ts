import { INPUTS } from "../../lib/beats/features.ts";
import { CHANNELS, DILATIONS, OUTPUTS, SHAPES, TAPS, WEIGHTS } from "../../lib/beats/network.ts";
import { gaussian, type Random } from "../../lib/random.ts";
import { Blocks, floatsAt } from "../../lib/wasm/blocks.ts";
import type { Heap } from "../../lib/wasm/heap.ts";
import { multiply } from "../../lib/wasm/multiply.ts";
import { type Examples, PASSAGE } from "./batches.ts";
import { lossOf } from "./loss.ts";

const TAP_WIDTH = TAPS * CHANNELS;

/** AdamW (Loshchilov and Hutter 2019): averages' decay, weight decay; bound of the gradient's norm. */
const BETA_1 = 0.9, BETA_2 = 0.99, DECAY = 2e-3, EPSILON = 1e-8, LONGEST = 1;

/** Share of the residuals that is dropped while learning, and of each passage's inputs. */
const DROPOUT = 0.2, INPUT_DROPOUT = 0.1;

/** How far the average of the weights moves towards the newest ones in a step. */
const AVERAGING = 0.004;

/** Training of the beat network on one batch of passages after the other. */
export interface BeatTrainer {
  /** One step. @returns the mean loss per event of beats, downbeats and periods */
  step(batch: readonly Examples[], rate: number): readonly number[];
  /** The same losses, without learning, by the averaged weights. */
  loss(batch: readonly Examples[]): readonly number[];
  /** The averaged weights; inputs are standardised. */
  readonly average: Float32Array;
}

/** Starts the training. @param passages in a batch */
export function createBeatTrainer(heap: Heap, passages: number, random: Random): BeatTrainer {
  const rows = passages * PASSAGE, blocks = new Blocks(heap), layers = DILATIONS.length;
  const block = (floats: number) => blocks.zeros(4 * floats);
  const at = {
    weights: block(WEIGHTS),
    d: block(WEIGHTS),
    x: block(rows * INPUTS),
    out: block(rows * OUTPUTS),
  };
  const hidden = Array.from({ length: layers + 1 }, () => block(rows * CHANNELS));
  const added = DILATIONS.map(() => block(rows * CHANNELS));
  const taps = DILATIONS.map(() => block(rows * TAP_WIDTH));
  const dOut = block(rows * OUTPUTS), dHidden = block(rows * CHANNELS);
  const dAdded = block(rows * CHANNELS), dTaps = block(rows * TAP_WIDTH);
  const view = (address: number, floats: number) => floatsAt(heap, address, floats);
  const offsets = offsetsOf();
  const weights = initial(random), average = weights.slice();
  const first = new Float32Array(WEIGHTS), second = new Float32Array(WEIGHTS);
  let steps = 0, noise = 1 + random.below(2 ** 31 - 2);

  const forward = (from: Float32Array, learning: boolean) => {
    view(at.weights, WEIGHTS).set(from);
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
    dense(at.x, INPUTS, "in", hidden[0]!, CHANNELS);
    const start = view(hidden[0]!, rows * CHANNELS);
    for (let i = 0; i < start.length; i++) if (start[i]! < 0) start[i] = 0;
    DILATIONS.forEach((dilation, l) => {
      const h = view(hidden[l]!, rows * CHANNELS), next = view(hidden[l + 1]!, rows * CHANNELS);
      gatherTaps(h, view(taps[l]!, rows * TAP_WIDTH), dilation);
      dense(taps[l]!, TAP_WIDTH, convName(l), added[l]!, CHANNELS);
      const a = view(added[l]!, rows * CHANNELS);
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
    dense(hidden[layers]!, CHANNELS, "out", at.out, OUTPUTS);
  };

  const backward = () => {
    const d = view(at.d, WEIGHTS);
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
    dDense(dOut, OUTPUTS, hidden[layers]!, CHANNELS, "out", dHidden);
    const dH = view(dHidden, rows * CHANNELS), dA = view(dAdded, rows * CHANNELS);
    for (let l = layers - 1; l >= 0; l--) {
      const a = view(added[l]!, rows * CHANNELS);
      for (let i = 0; i < a.length; i++) dA[i] = a[i]! > 0 ? dH[i]! / (1 - DROPOUT) : 0;
      dDense(dAdded, CHANNELS, taps[l]!, TAP_WIDTH, convName(l), dTaps);
      scatterTaps(view(dTaps, rows * TAP_WIDTH), dH, DILATIONS[l]!);
    }
    const h = view(hidden[0]!, rows * CHANNELS);
    for (let i = 0; i < h.length; i++) if (h[i]! <= 0) dH[i] = 0;
    dDense(dHidden, CHANNELS, at.x, INPUTS, "in");
  };

  const load = (batch: readonly Examples[], dropped: () => boolean) => {
    batch.forEach(({ rows: x }, i) => {
      const into = view(at.x + 4 * i * PASSAGE * INPUTS, PASSAGE * INPUTS);
      into.set(x);
      for (let k = 0; k < INPUTS; k++) {
        if (dropped()) { for (let row = k; row < into.length; row += INPUTS) into[row] = 0; }
      }
    });
  };
  return {
    average,
    step(batch, rate) {
      load(batch, () => random.next() < INPUT_DROPOUT);
      forward(weights, true);
      const losses = lossOf(view(at.out, rows * OUTPUTS), batch, view(dOut, rows * OUTPUTS));
      backward();
      const d = view(at.d, WEIGHTS), scale = Math.min(1, LONGEST / Math.hypot(...norms(d)));
      steps++;
      for (let i = 0; i < WEIGHTS; i++) {
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
      return lossOf(view(at.out, rows * OUTPUTS), batch, view(dOut, rows * OUTPUTS));
    },
  };
}

function convName(layer: number): string {
  return `conv${layer}`;
}

/** Where each array of weights begins; a bias by the name of its array. */
function offsetsOf(): Readonly<Record<string, number>> {
  let at = 0;
  return Object.fromEntries(SHAPES.map(({ name, shape }) => {
    const from = at;
    at += shape.reduce((a, b) => a * b);
    return [name.replace(/Bias(\d*)$/, "$1Bias"), from];
  }));
}

/** He initialisation (2015), half of it for residuals, so that their sum does not grow. */
function initial(random: Random): Float32Array {
  const weights = new Float32Array(WEIGHTS);
  let at = 0;
  for (const { name, shape } of SHAPES) {
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

/** Norms of pieces of a gradient: of all numbers at once, arguments would be too many. */
function norms(d: Float32Array): number[] {
  const out: number[] = [];
  for (let from = 0; from < d.length; from += 1024) {
    out.push(Math.hypot(...d.subarray(from, from + 1024)));
  }
  return out;
}

/** Each event's channels beside those `dilation` events before and after, within its passage. */
function gatherTaps(hidden: Float32Array, taps: Float32Array, dilation: number): void {
  eachTap(hidden.length / CHANNELS, dilation, (to, from) => {
    if (from < 0) taps.fill(0, to, to + CHANNELS);
    else copy(hidden, from, taps, to);
  });
}

/** Adds the gradients of taps to those of the channels that they came from. */
function scatterTaps(dTaps: Float32Array, dHidden: Float32Array, dilation: number): void {
  eachTap(dHidden.length / CHANNELS, dilation, (to, from) => {
    if (from < 0) return;
    for (let c = 0; c < CHANNELS; c++) dHidden[from + c]! += dTaps[to + c]!;
  });
}

function copy(from: Float32Array, at: number, into: Float32Array, to: number): void {
  for (let c = 0; c < CHANNELS; c++) into[to + c] = from[at + c]!;
}

/** Calls for each event and tap: where the tap lies, and where its channels do, −1 beyond the passage. */
function eachTap(
  rows: number,
  dilation: number,
  visit: (tap: number, channels: number) => void,
): void {
  for (let i = 0; i < rows; i++) {
    const place = i % PASSAGE;
    for (let tap = 0; tap < TAPS; tap++) {
      const shift = (tap - 1) * dilation, inside = place + shift >= 0 && place + shift < PASSAGE;
      visit(i * TAP_WIDTH + tap * CHANNELS, inside ? (i + shift) * CHANNELS : -1);
    }
  }
}
