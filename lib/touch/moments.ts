import type { GridNote } from "../tokens/grid.ts";

/** Notes that are struck together, by their indexes. */
export interface Moment {
  /** The first of them. */
  readonly first: number;
  /** The first note after them. */
  readonly next: number;
  /** The highest pitch among them. */
  readonly top: number;
}

/** The moments at which notes are struck. @param notes by start, then pitch */
export function momentsOf(notes: readonly GridNote[]): Moment[] {
  const moments: Moment[] = [];
  for (let first = 0; first < notes.length;) {
    let next = first + 1;
    while (notes[next]?.start === notes[first]!.start) next++;
    moments.push({ first, next, top: notes[next - 1]!.pitch });
    first = next;
  }
  return moments;
}

/** The first step after all notes. */
export function endOf(notes: readonly GridNote[]): number {
  return notes.reduce((last, { end }) => Math.max(last, end), 0);
}
