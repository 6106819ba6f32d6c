import type { NamedArray, Trainer } from "./trainer.ts";

/** Prefix of the current weights' names while `weights.bin` holds better, earlier ones. */
const CURRENT = "current/";

/**
 * Arrays that the next step needs besides `weights.bin`: the trainer's state, and the current
 * weights if the file contains earlier, better ones.
 */
export function checkpointOf(trainer: Trainer, bestWeights: readonly NamedArray[]): NamedArray[] {
  if (bestWeights.length === 0) return trainer.state();
  const current = trainer.weights().map((array) => ({ ...array, name: CURRENT + array.name }));
  return [...current, ...trainer.state()];
}

/** Restores the trainer from a checkpoint; returns the best weights if they differ from the current. */
export function restoreCheckpoint(
  trainer: Trainer,
  weights: NamedArray[],
  checkpoint: readonly NamedArray[],
): NamedArray[] {
  const current = checkpoint.filter(({ name }) => name.startsWith(CURRENT));
  const state = checkpoint.filter(({ name }) => !name.startsWith(CURRENT));
  if (current.length === 0) {
    trainer.restore(weights, state);
    return [];
  }
  trainer.restore(
    current.map((array) => ({ ...array, name: array.name.slice(CURRENT.length) })),
    state,
  );
  return weights;
}
