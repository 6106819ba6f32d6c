import type { ChordSpan } from "../../harmony/find.ts";
import { planWithChords } from "../../harmony/piece_chords.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";
import { planOf } from "../../tokens/plan_of.ts";
import type { PieceRange } from "./music.ts";
import { type PlanReader, planReader } from "./plan_words.ts";

/** The part of a corpus that the trainer needs. */
export interface PitchwiseCorpus {
  readonly grid: Grid;
  /** Combination ids of all frames, one piece after the other. */
  readonly ids: Int32Array;
  readonly pieces: readonly PieceRange[];
  /** Chords of each piece; none where they are unknown. */
  readonly chords: readonly (readonly ChordSpan[])[];
  readonly vocabulary: { readonly size: number; frame(id: number): Frame };
}

/** Plans of the corpus's own pieces. */
export function plansOf(
  { grid, ids, pieces, vocabulary, chords }: PitchwiseCorpus,
): readonly PlanReader[] {
  return pieces.map(({ offset, length, metres }, index) => {
    const frames = Array.from(ids.subarray(offset, offset + length), (id) => vocabulary.frame(id));
    const piece = { frames, metres };
    return planReader(planWithChords(planOf(piece, grid), piece, chords[index]!, grid), grid);
  });
}
