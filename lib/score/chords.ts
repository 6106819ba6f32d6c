import type { PlayedNote } from "./graces.ts";

/** Beats from a chord's first onset within which onsets belong to the chord. */
const CHORD = 1 / 64;

/**
 * Fewest notes of a rolled chord, and the longest roll in seconds from its first to its last onset.
 */
const LEAST_ROLLED = 3, LONGEST_ROLL = 0.25;

/** Least ratio of a rolled chord's duration to the length of its roll. */
const HELD = 3;

/**
 * Chords as written: nearly simultaneous onsets, and those of chords rolled upwards, merged into
 * one.
 * @param notes by start, then pitch
 * @param stroke most beats between two notes struck in one movement of a hand
 * @param secondsPerBeat mean of the whole piece
 */
export function inChords(
  notes: readonly PlayedNote[],
  stroke: number,
  secondsPerBeat: number,
): PlayedNote[] {
  const chords: PlayedNote[] = [];
  for (let at = 0; at < notes.length;) {
    const first = notes[at]!.start, rolled = rollFrom(notes, at, stroke);
    const roll = notes.slice(at, rolled), spread = (roll.at(-1)?.start ?? first) - first;
    const isRoll = roll.length >= LEAST_ROLLED && spread * secondsPerBeat <= LONGEST_ROLL &&
      roll.every(({ end }) => end - first >= HELD * spread);
    let end = isRoll ? rolled : at + 1;
    while (!isRoll && end < notes.length && notes[end]!.start - first <= CHORD) end++;
    for (const note of notes.slice(at, end)) {
      chords.push({ ...note, start: first, end: Math.max(note.end, first + 1e-6) });
    }
    at = end;
  }
  return chords.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
}

/** Index after the last note of a rising sequence of closely spaced onsets, from a note on. */
function rollFrom(notes: readonly PlayedNote[], from: number, stroke: number): number {
  let at = from + 1;
  while (at < notes.length) {
    const before = notes[at - 1]!, note = notes[at]!;
    if (note.pitch <= before.pitch || note.start - before.start > stroke) break;
    at++;
  }
  return at;
}
