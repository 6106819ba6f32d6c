import { CHORD_SECONDS } from "../beats/events.ts";
import { mean } from "../numbers.ts";
import type { NoteOnGrid } from "./place.ts";

/** Largest interval between successive notes of a voice, in semitones. */
const NEIGHBOUR = 12;

/**
 * Range of the ratio of a note's length to the time until its voice's next note within which the
 * note is written up to that one; the last is the gap in beats up to which any note is.
 */
const EARLIEST = 0.3, LATEST = 1.8, DETACHED = 0.5;

/** Notes that are struck together, with their onset. */
interface Chord {
  readonly notes: readonly NoteOnGrid[];
  /** Mean onset, in steps, fractional. */
  readonly exact: number;
  /** Step on which they are written. */
  readonly start: number;
}

/**
 * Notates played notes: those struck together share one step, and notes end where their voice
 * continues, whether they were held beyond that or released before. The effects of articulation and
 * pedal on their ends are removed.
 * @param placed by start
 * @param secondsAt seconds at a tick
 * @returns the same notes, by start
 */
export function asWritten<N extends NoteOnGrid>(
  placed: readonly N[],
  stepsPerBeat: number,
  secondsAt: (ticks: number) => number,
): N[] {
  const chords = chordsOf(placed, secondsAt);
  const written = new Map<NoteOnGrid, { start: number; end: number }>();
  chords.forEach(({ notes, exact, start }, i) => {
    for (const note of notes) {
      const held = note.end - note.start;
      const next = nextOf(note.pitch, start, note.end + stepsPerBeat, chords, i);
      const gap = next ? next.exact - exact : Infinity;
      const joins = held <= LATEST * gap &&
        (held >= EARLIEST * gap || gap <= DETACHED * stepsPerBeat);
      const end = Math.max(start + 1, next && joins ? next.start : note.end);
      written.set(note, { start, end });
    }
  });
  return placed.map((note) => ({ ...note, ...written.get(note) })).sort((a, b) =>
    a.start - b.start
  );
}

/** Groups notes that start within {@linkcode CHORD_SECONDS} of the first of them. */
function chordsOf(placed: readonly NoteOnGrid[], secondsAt: (ticks: number) => number): Chord[] {
  const groups: NoteOnGrid[][] = [];
  let first = -Infinity;
  for (const one of placed.toSorted((a, b) => a.note.startTicks - b.note.startTicks)) {
    const at = secondsAt(one.note.startTicks);
    if (at - first > CHORD_SECONDS) groups.push([]), first = at;
    groups.at(-1)!.push(one);
  }
  return groups.map((notes): Chord => {
    const exact = mean(notes.map((note) => note.exact));
    return { notes, exact, start: Math.max(0, Math.round(exact)) };
  });
}

/** The next chord that may continue a pitch's voice, if it begins by a step. */
function nextOf(
  pitch: number,
  start: number,
  until: number,
  chords: readonly Chord[],
  index: number,
): Chord | undefined {
  for (let k = index + 1; k < chords.length && chords[k]!.start <= until; k++) {
    const { notes, start: next } = chords[k]!;
    if (next > start && notes.some((note) => Math.abs(note.pitch - pitch) <= NEIGHBOUR)) {
      return chords[k];
    }
  }
}
