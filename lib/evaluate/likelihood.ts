import { begins } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import type { Prediction } from "./report.ts";
import type { Combinations, Scorer } from "./training.ts";

/** Prediction loss of a model on music. */
export type Likelihood = Pick<Prediction, "natsPerFrame" | "natsPerNote">;

/** Measures the prediction loss of a model on held-out pieces. */
export function likelihood(model: Scorer, pieces: readonly Piece[], grid: Grid): Likelihood {
  let nats = 0, frames = 0, notes = 0;
  for (const piece of pieces) {
    for (const value of model.logProbabilities(piece)) nats -= value;
    frames += Math.max(0, piece.frames.length - 1);
    notes += countOnsets(piece, grid);
  }
  const per = (count: number) => count > 0 && Number.isFinite(nats) ? nats / count : null;
  return { natsPerFrame: per(frames), natsPerNote: per(notes) };
}

/**
 * Number of onsets in frames 2 … T: with attacks, the struck pitches; without, the pitches that
 * sound and did not in the frame before. Without attacks a repeated note is invisible, so the loss
 * per note is higher than with attacks.
 */
function countOnsets({ frames }: Piece, grid: Grid): number {
  let onsets = 0;
  for (let t = 1; t < frames.length; t++) {
    onsets += frames[t]!.filter((code) => begins(code, frames[t - 1], grid.attacks)).length;
  }
  return onsets;
}

/** Share of frames 2 … T whose combination is unknown, 0 to 1; null if there are none. */
export function unseenShare(
  pieces: readonly Piece[],
  vocabulary: Pick<Combinations, "id">,
): number | null {
  let unseen = 0, frames = 0;
  for (const piece of pieces) {
    for (const frame of piece.frames.slice(1)) {
      frames++;
      if (vocabulary.id(frame) === undefined) unseen++;
    }
  }
  return frames > 0 ? unseen / frames : null;
}
