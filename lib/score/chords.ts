import type { PlayedNote } from "./graces.ts";

/** Beats from a chord's first onset within which onsets belong to the chord. */
const CHORD = 1 / 64;

/**
 * Fewest notes of a rolled chord, and the longest roll in seconds from its first to its last onset.
 */
const LEAST_ROLLED = 3, LONGEST_ROLL = 0.25;

/** Least ratio of a rolled chord's duration to the length of its roll. */
const HELD = 3;

/** Seconds of a roll from which it is written as an arpeggio. */
const LEAST_ARPEGGIO = 0.08;

/**
 * Largest gap in beats between the notes of a typed arpeggio, its tolerance, and the parts of a
 * beat that are note values instead, with theirs.
 */
const TYPED_GAP = 0.15, EVEN = 0.007, EXACT = 0.004, VALUES = [7, 8, 9, 10, 12, 14, 16, 24, 32];

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
    const isRolled = isRoll && spread * secondsPerBeat >= LEAST_ARPEGGIO;
    for (const note of notes.slice(at, end)) {
      chords.push({
        ...note,
        start: first,
        end: Math.max(note.end, first + 1e-6),
        isRolled: isRolled || note.isRolled === true,
      });
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

/**
 * Typed notes with the chords that notation programs play as arpeggios: three or more notes of one
 * part, one after another up or down at equal distances that are no note value, all held together.
 * @param notes by start, then pitch
 */
export function withoutArpeggios(notes: readonly PlayedNote[]): PlayedNote[] {
  const chords = [...notes];
  for (const own of Map.groupBy(notes.keys(), (i) => notes[i]!.part).values()) {
    const indexes = [...own];
    for (let at = 0; at < indexes.length;) {
      const roll = arpeggioFrom(notes, indexes, at);
      const { start } = notes[indexes[at]!]!;
      for (const i of roll) chords[i] = { ...notes[i]!, start, isRolled: true };
      at += Math.max(1, roll.length);
    }
  }
  return chords.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
}

/** Notes of the arpeggio that begins with a part's note; none where there is none. */
function arpeggioFrom(
  notes: readonly PlayedNote[],
  indexes: readonly number[],
  at: number,
): number[] {
  const roll = [indexes[at]!];
  const noteAt = (i: number) => notes[i]!;
  const gapTo = (i: number) => noteAt(i).start - noteAt(roll.at(-1)!).start;
  const gap = at + 1 < indexes.length ? gapTo(indexes[at + 1]!) : 0;
  const isValue = VALUES.some((parts) => Math.abs(gap - 1 / parts) <= EXACT);
  if (gap <= EVEN || gap > TYPED_GAP || isValue) return [];
  const isUp = noteAt(indexes[at + 1]!).pitch > noteAt(roll[0]!).pitch;
  for (const i of indexes.slice(at + 1)) {
    const last = noteAt(roll.at(-1)!), { pitch } = noteAt(i);
    if (Math.abs(gapTo(i) - gap) > EVEN || (isUp ? pitch <= last.pitch : pitch >= last.pitch)) {
      break;
    }
    roll.push(i);
  }
  const last = noteAt(roll.at(-1)!).start;
  const isHeld = roll.every((i) => noteAt(i).end >= last + HELD * gap);
  return roll.length >= LEAST_ROLLED && isHeld ? roll : [];
}
