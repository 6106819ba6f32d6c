import type { Note } from "../midi/music.ts";
import type { PlayedNote } from "./grid.ts";

/** Time in beats within which onsets of a pitch count as one: nobody strikes a key so fast. */
const AT_ONCE_BEATS = 1 / 24;

/** Number of notes struck at once with another one of their pitch. */
export function doubledNotes(notes: readonly Note[], ticksPerBeat: number): number {
  const last = new Float64Array(128).fill(-Infinity); // per pitch, the last onset that counted
  let doubled = 0;
  for (const { pitch, startTicks } of notes.toSorted((a, b) => a.startTicks - b.startTicks)) {
    if (startTicks - last[pitch]! <= AT_ONCE_BEATS * ticksPerBeat) doubled++;
    else last[pitch] = startTicks;
  }
  return doubled;
}

/** Merges notes of a pitch in one step, keeping the loudest. */
export function struckOnce<N extends PlayedNote>(notes: readonly N[]): N[] {
  const loudest = new Map<number, N>();
  for (const note of notes) {
    const key = note.start * 128 + note.pitch, before = loudest.get(key);
    if (!before || before.velocity < note.velocity) loudest.set(key, note);
  }
  return [...loudest.values()].sort((a, b) => a.start - b.start || a.pitch - b.pitch);
}
