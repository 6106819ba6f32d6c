import { decodeFrames } from "../tokens/grid.ts";
import type { Grid, Piece } from "../tokens/piece.ts";

/** Signs of music that is stuck; lengths in frames, the worst of all pieces. */
export interface Liveliness {
  /** The longest run of one and the same sounding combination. */
  readonly longestStuckFrames: number;
  /** The longest run of rests. */
  readonly longestSilenceFrames: number;
  /** The longest that a note is held. */
  readonly longestNoteFrames: number;
  /** The longest time in which no note begins, between two that do. */
  readonly longestGapFrames: number;
  /** Share of frames in which nothing sounds, 0 to 1; null if there are no frames. */
  readonly emptyShare: number | null;
}

/** Looks for stuck frames, long silences and drones. */
export function livelinessOf(pieces: readonly Piece[], grid: Grid): Liveliness {
  let stuck = 0, silence = 0, note = 0, gap = 0, empty = 0, all = 0;
  for (const { frames } of pieces) {
    all += frames.length;
    let run = 0;
    frames.forEach((frame, t) => {
      const last = frames[t - 1];
      const same = last?.length === frame.length && frame.every((code, i) => code === last[i]);
      run = same ? run + 1 : 1;
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
