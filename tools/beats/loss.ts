import { EVENT_NETWORK, OUT, PERIODS } from "../../lib/beats/salience.ts";
import { type Examples, PASSAGE } from "./batches.ts";

const OUTPUTS = EVENT_NETWORK.outputs;

/** Weight of the periods beside beats and downbeats. */
const PERIOD_WEIGHT = 0.15;

/**
 * Cross entropies of beats, downbeats and periods, each a mean over the events, and their
 * gradient by the outputs.
 * @param out [passages · PASSAGE, OUTPUTS]
 * @param dOut is filled with the gradient of their weighted sum
 */
export function lossOf(
  out: Float32Array,
  batch: readonly Examples[],
  dOut: Float32Array,
): number[] {
  dOut.fill(0);
  const known = batch.reduce((sum, { known }) => sum + known.reduce((a, b) => a + b, 0), 0);
  const sums = [0, 0, 0], target = new Float32Array(PERIODS.length);
  batch.forEach((examples, b) => {
    for (let i = 0; i < PASSAGE; i++) {
      if (!examples.known[i]) continue;
      const row = (b * PASSAGE + i) * OUTPUTS;
      const binary = (at: number, is: number) => {
        const odds = out[row + at]!;
        dOut[row + at] = (1 / (1 + Math.exp(-odds)) - is) / known;
        return Math.log1p(Math.exp(-Math.abs(odds))) + Math.max(0, odds) - is * odds;
      };
      sums[0]! += binary(OUT.beat, examples.beat[i]!) / known;
      sums[1]! += binary(OUT.downbeat, examples.downbeat[i]!) / known;
      const place = Math.log2(examples.period[i]! / PERIODS[0]!) * 8;
      for (let k = 0; k < target.length; k++) target[k] = Math.exp(-0.5 * (k - place) ** 2);
      sums[2]! += softmaxLoss(out, dOut, row + OUT.period, target, PERIOD_WEIGHT / known) / known;
    }
  });
  return sums;
}

/** Cross entropy of a softmax with targets that need not add up to 1; its gradient, times `weight`, goes to `dOut`. */
function softmaxLoss(
  out: Float32Array,
  dOut: Float32Array,
  at: number,
  target: Float32Array,
  weight: number,
): number {
  const size = target.length;
  let most = -Infinity, all = 0, norm = 0, loss = 0;
  for (let k = 0; k < size; k++) most = Math.max(most, out[at + k]!), all += target[k]!;
  if (all < 1e-6) return 0;
  for (let k = 0; k < size; k++) norm += Math.exp(out[at + k]! - most);
  for (let k = 0; k < size; k++) {
    const log = out[at + k]! - most - Math.log(norm), is = target[k]! / all;
    loss -= is * log;
    dOut[at + k] = weight * (Math.exp(log) - is);
  }
  return loss;
}
