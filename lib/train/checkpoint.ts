import type { NamedArray, Trainer } from "./trainer.ts";

/** Where the weights of the step under way are kept while better ones stand in `weights.bin`. */
const CURRENT = "current/";

/**
 * What the next step needs beside `weights.bin`: the trainer's state, and, if better weights than the
 * present ones stand there, the present ones.
 */
export function checkpointOf(trainer: Trainer, bestWeights: readonly NamedArray[]): NamedArray[] {
  if (bestWeights.length === 0) return trainer.state();
  const current = trainer.weights().map((array) => ({ ...array, name: CURRENT + array.name }));
  return [...current, ...trainer.state()];
}

/** Puts the trainer back to where the saved run was; gives the best weights, if they are others. */
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
