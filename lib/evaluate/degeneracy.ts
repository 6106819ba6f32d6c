import { sameFrame } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import type { Evaluation } from "./report.ts";

/** Repetition statistics: signs of degenerate music. */
export type Degeneracy = NonNullable<Evaluation["degeneracy"]["generated"]>;

/** Measures stuck frames, long silences and drones. */
export function degeneracyOf(pieces: readonly Piece[], grid: Grid): Degeneracy {
  let stuck = 0, silence = 0, note = 0, gap = 0, empty = 0, all = 0;
  for (const { frames } of pieces) {
    all += frames.length;
    let run = 0;
    frames.forEach((frame, t) => {
      run = t > 0 && sameFrame(frame, frames[t - 1]!) ? run + 1 : 1;
      if (frame.length > 0) stuck = Math.max(stuck, run);
      else {
        silence = Math.max(silence, run);
        empty++;
      }
    });
    const notes = decodeFrames(frames, grid.attacks);
    notes.forEach(({ start, end }, index) => {
      note = Math.max(note, end - start);
      if (index > 0) gap = Math.max(gap, start - notes[index - 1]!.start);
    });
  }
  return {
    longestStuckFrames: stuck,
    longestSilenceFrames: silence,
    longestNoteFrames: note,
    longestGapFrames: gap,
    emptyShare: all > 0 ? empty / all : null,
  };
}
