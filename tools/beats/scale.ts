import type { NetworkShape } from "../../lib/beats/network.ts";
import type { Passage } from "./train.ts";

/** A passage of which some items may be unknown or absent. */
export interface KnownPassage extends Passage {
  /** Whether each item is there and its beats are known. */
  readonly known: Uint8Array;
}

/** Means and standard deviations of the inputs. */
export interface Scale {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** Added to deviations, so that inputs that hardly vary are not blown up. */
const LEAST_DEVIATION = 0.2;

/** Scale of the known items of some passages. @param inputs per item */
export function scaleOf(passages: readonly KnownPassage[], inputs: number): Scale {
  const means = new Float64Array(inputs), squares = new Float64Array(inputs);
  let count = 0;
  for (const { rows, known } of passages) {
    for (let i = 0; i < known.length; i++) {
      if (!known[i]) continue;
      count++;
      for (let k = 0; k < inputs; k++) {
        means[k]! += rows[i * inputs + k]!;
        squares[k]! += rows[i * inputs + k]! ** 2;
      }
    }
  }
  const deviations = squares.map((square, k) => {
    means[k]! /= count;
    return Math.sqrt(Math.max(0, square / count - means[k]! ** 2)) + LEAST_DEVIATION;
  });
  return { means, deviations };
}

/** A passage with its inputs standardised. */
export function standardised<P extends Passage>(passage: P, { means, deviations }: Scale): P {
  const inputs = means.length;
  const rows = passage.rows.map((value, i) =>
    (value - means[i % inputs]!) / deviations[i % inputs]!
  );
  return { ...passage, rows };
}

/** Weights for inputs as they are, of weights for standardised ones: the first layer takes the scale in. */
export function folded(
  weights: Float32Array,
  { inputs, channels }: NetworkShape,
  { means, deviations }: Scale,
): Float32Array {
  const out = weights.slice();
  for (let c = 0; c < channels; c++) {
    let shift = 0;
    for (let k = 0; k < inputs; k++) {
      out[c * inputs + k]! /= deviations[k]!;
      shift += out[c * inputs + k]! * means[k]!;
    }
    out[channels * inputs + c]! -= shift;
  }
  return out;
}
