import type { Note, PlayedNote } from "../midi/music.ts";
import type { GridMap } from "./grid_map.ts";

/** A note of a file with its position on the grid. */
export interface NoteOnGrid<N extends Note = Note> extends PlayedNote {
  /** The note in the file. */
  readonly note: N;
  /** Onset in steps, fractional. */
  readonly exact: number;
}

/** Longest grace note, shortest main note and least distance between their onsets, in steps. */
const LONGEST_GRACE = 0.4, LEAST_MAIN = 0.75, LEAST_APART = 0.15;

/**
 * Quantises notes to a grid: onsets and ends to the nearest step, every note at least one step
 * long. A grace note, that is a short note that leads to a longer one in the same step, is moved to
 * the step before it.
 * @returns the notes by start, those of one step in their original order
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
  const mains = new Map<number, number>(); // per step, onset of its last longer note
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
