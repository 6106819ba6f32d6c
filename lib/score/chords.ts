import type { PlayedNote } from "./graces.ts";

/** Onsets within this many beats of a chord's first one belong to the chord. */
const CHORD = 1 / 64;

/** Fewest notes of a rolled chord, and the most seconds from its first to its last. */
const LEAST_ROLLED = 3, LONGEST_ROLL = 0.25;

/** A rolled chord is held this many times as long as it is rolled. */
const HELD = 3;

/**
 * Chords as they are written: onsets that are all but one moment, and those of chords that are rolled
 * upwards, at one moment.
 * @param notes by start, then pitch
 * @param stroke beats between two notes that one movement of a hand strikes, at most
 * @param secondsPerBeat of the whole, on average
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

/** Index after the last note of those that rise, one soon after the other, from a note on. */
function rollFrom(notes: readonly PlayedNote[], from: number, stroke: number): number {
  let at = from + 1;
  while (at < notes.length) {
    const before = notes[at - 1]!, note = notes[at]!;
    if (note.pitch <= before.pitch || note.start - before.start > stroke) break;
    at++;
  }
  return at;
}
