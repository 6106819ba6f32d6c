import type { NetworkShape } from "../../lib/beats/network.ts";
import type { Passage } from "./train.ts";

/** A passage of which some items may be unknown or absent. */
export interface KnownPassage extends Passage {
  /** Whether each item exists and has known beats. */
  readonly known: Uint8Array;
}

/** Means and standard deviations of the inputs. */
export interface Scale {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** Added to standard deviations, so that inputs that hardly vary are not magnified. */
const LEAST_DEVIATION = 0.2;

/** Computes the scale of some passages from their known items. @param inputs per item */
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

/** A passage with standardised inputs. */
export function standardised<P extends Passage>(passage: P, { means, deviations }: Scale): P {
  const inputs = means.length;
  const rows = passage.rows.map((value, i) =>
    (value - means[i % inputs]!) / deviations[i % inputs]!
  );
  return { ...passage, rows };
}

/**
 * Weights for raw inputs from weights for standardised ones, with the scale folded into the first
 * layer.
 */
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
