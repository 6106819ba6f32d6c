import { isHeld, pitchOf } from "../tokens/frame.ts";
import type { Piece } from "../tokens/piece.ts";

/** A note on the grid, as a picture or a statistic wants it. */
export interface GridNote {
  /** 0 to 127. */
  readonly pitch: number;
  /** The first frame in which it sounds. */
  readonly start: number;
  /** The first frame in which it no longer sounds. */
  readonly end: number;
}

/**
 * The notes of a piece in order of their ends. A struck code starts a note, a held one makes it
 * longer; where the grid has no attacks, a pitch that goes on sounding is one note.
 * @param piece any piece; held codes that continue nothing start a note
 * @param attacks whether the frames tell struck from held: `grid.attacks`
 */
export function gridNotes(piece: Pick<Piece, "frames">, attacks: boolean): GridNote[] {
  const notes: GridNote[] = [];
  let sounding = new Map<number, number>();
  const { frames } = piece;
  for (let t = 0; t <= frames.length; t++) {
    const next = new Map<number, number>();
    for (const code of frames[t] ?? []) {
      const pitch = pitchOf(code);
      const start = sounding.get(pitch);
      const goesOn = start !== undefined && (isHeld(code) || !attacks);
      next.set(pitch, goesOn ? start : t);
    }
    for (const [pitch, start] of sounding) {
      if (next.get(pitch) !== start) notes.push({ pitch, start, end: t });
    }
    sounding = next;
  }
  return notes;
}

/** Middle C (60) is C4. */
export function pitchName(pitch: number): string {
  return `${PITCH_CLASSES[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}

/** Names of the twelve pitch classes, from C. */
export const PITCH_CLASSES: readonly string[] = "C C♯ D E♭ E F F♯ G A♭ A B♭ B".split(" ");
