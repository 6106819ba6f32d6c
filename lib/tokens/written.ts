import { CHORD_SECONDS } from "../beats/events.ts";
import { mean } from "../numbers.ts";
import type { NoteOnGrid } from "./place.ts";

/** The next note of a voice is at most so many semitones away. */
const NEIGHBOUR = 12;

/**
 * A note that is held for a share of the time to its voice's next one, between these, is written up to
 * it; so is any note where that one follows within {@linkcode DETACHED} beats.
 */
const EARLIEST = 0.3, LATEST = 1.8, DETACHED = 0.5;

/** Notes that are struck together, and where. */
interface Chord {
  readonly notes: readonly NoteOnGrid[];
  /** Mean onset, in steps with fractions. */
  readonly exact: number;
  /** The step that they are written on. */
  readonly start: number;
}

/**
 * Played notes as they would be written: what is struck together stands on one step, and notes end
 * where their voice goes on, whether they were held beyond that or let go before. What articulation and
 * pedal did to their ends is taken off.
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

/** The next chord that may go on with a pitch's voice, if it begins by a step. */
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
