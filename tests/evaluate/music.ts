import type { TrainingMusic } from "../../lib/evaluate/training.ts";
import { encodeCombination } from "../../lib/tokens/combination.ts";
import { type Frame, HELD } from "../../lib/tokens/frame.ts";
import type { Grid, Piece } from "../../lib/tokens/piece.ts";
import { Vocabulary } from "../../lib/tokens/vocabulary.ts";

export const WITH_ATTACKS: Grid = { unit: "beat", steps: 4, attacks: true };
export const WITHOUT_ATTACKS: Grid = { unit: "beat", steps: 1, attacks: false };

export function pieceOf(frames: readonly Frame[], name = "piece"): Piece {
  return { name, frames, metres: [{ frame: 0, stepsPerBar: 4, phase: 0 }] };
}

/** Training music of the given pieces, with the vocabulary of all their frames. */
export function musicOf(pieces: readonly Piece[], grid: Grid): TrainingMusic {
  const frames = pieces.flatMap((piece) => piece.frames);
  const counts = new Map<string, number>();
  for (const frame of frames) {
    const text = encodeCombination(frame);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const vocabulary = Vocabulary.fromCounts(counts);
  let offset = 0;
  return {
    grid,
    vocabulary,
    ids: Int32Array.from(frames, (frame) => vocabulary.id(frame)!),
    pieces: pieces.map(({ name, metres, frames: { length } }) => ({
      name,
      metres,
      offset: (offset += length) - length,
      length,
    })),
  };
}

/** All frames that a keyboard of so many pitches can be in. */
export function allFrames(pitches: number, attacks: boolean): Frame[] {
  let frames: Frame[] = [[]];
  for (let pitch = 0; pitch < pitches; pitch++) {
    const more = [[pitch], ...(attacks ? [[pitch + HELD]] : [])];
    frames = frames.flatMap((frame) => [frame, ...more.map((code) => [...frame, ...code])]);
  }
  return frames;
}

export function transposed(frames: readonly Frame[], semitones: number): Frame[] {
  return frames.map((frame) => frame.map((code) => code + semitones));
}
