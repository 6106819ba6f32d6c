import type { NamedArray, Trainer } from "./trainer.ts";

/** Prefix of the current weights' names while `weights.bin` holds others. */
const CURRENT = "current/";

/**
 * Arrays that the next step needs besides `weights.bin`: the trainer's state, and the current
 * weights if the file does not hold exactly these.
 */
export function checkpointOf(trainer: Trainer, areCurrentSaved: boolean): NamedArray[] {
  if (areCurrentSaved) return trainer.state();
  const current = trainer.weights().map((array) => ({ ...array, name: CURRENT + array.name }));
  return [...current, ...trainer.state()];
}

/** Restores the trainer from the arrays of `weights.bin` and a checkpoint. */
export function restoreCheckpoint(
  trainer: Trainer,
  weights: readonly NamedArray[],
  checkpoint: readonly NamedArray[],
): void {
  const isCurrent = ({ name }: NamedArray) => name.startsWith(CURRENT);
  const current = checkpoint.filter(isCurrent)
    .map((array) => ({ ...array, name: array.name.slice(CURRENT.length) }));
  trainer.restore(
    current.length > 0 ? current : weights,
    checkpoint.filter((array) => !isCurrent(array)),
  );
}
