import type { Note } from "../midi/music.ts";
import type { GridMap } from "./grid_map.ts";
import type { PlayedNote } from "./grid.ts";

/** A note of a file on the grid. */
export interface NoteOnGrid<N extends Note = Note> extends PlayedNote {
  /** The note as the file has it. */
  readonly note: N;
  /** Where it begins, in steps, with its fraction. */
  readonly exact: number;
}

/** An ornament is at most so long, its main note at least, and begins so much later, in steps. */
const LONGEST_GRACE = 0.4, LEAST_MAIN = 0.75, LEAST_APART = 0.15;

/**
 * Puts notes on a grid: onsets and ends to the nearest step, every note at least one step long. A short
 * note that leads to a longer one in the same step, a grace note, stands in the step before it.
 * @returns the notes by start, those of one step in the order in which they are given
 */
export function placeNotes<N extends Note>(
  notes: readonly N[],
  { stepAt }: Pick<GridMap, "stepAt">,
): NoteOnGrid<N>[] {
  const lengths = new Map<NoteOnGrid<N>, number>();
  const placed = notes.map((note): NoteOnGrid<N> => {
    const { pitch, velocity } = note, exact = stepAt(note.startTicks);
    const exactEnd = stepAt(note.endTicks), start = Math.round(exact);
    const end = Math.max(start + 1, Math.round(exactEnd));
    const own = { note, pitch, velocity, exact, start, end };
    lengths.set(own, exactEnd - exact);
    return own;
  });
  const mains = new Map<number, number>(); // per step, where its last longer note begins
  for (const note of placed) {
    if (lengths.get(note)! < LEAST_MAIN) continue;
    mains.set(note.start, Math.max(mains.get(note.start) ?? -Infinity, note.exact));
  }
  return placed.map((note) => {
    const length = lengths.get(note)!, main = mains.get(note.start) ?? -Infinity;
    const leads = length <= LONGEST_GRACE && main >= note.exact + Math.max(LEAST_APART, length / 2);
    return leads ? { ...note, start: note.start - 1, end: note.start } : note;
  }).sort((a, b) => a.start - b.start);
}
