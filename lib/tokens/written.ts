import { quantise } from "../beats/divide.ts";
import { CHORD_SECONDS } from "../beats/events.ts";
import type { BeatsFound } from "../beats/follow.ts";
import type { Music } from "../midi/music.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { mean } from "../numbers.ts";
import type { NoteOnGrid } from "./place.ts";

/** Largest interval between successive notes of a voice, in semitones. */
const NEIGHBOUR = 12;

/**
 * Range of the ratio of a note's length to the time until its voice's next note within which the
 * note is written up to that one; the last is the gap in beats up to which any note is.
 */
const EARLIEST = 0.3, LATEST = 1.8, DETACHED = 0.5;

/** Found beats on a grid. */
interface BeatOnGrid extends Pick<BeatsFound, "quarters" | "swing"> {
  /** Steps in a quarter note. */
  readonly stepsPerQuarter: number;
  /** Seconds at a number of quarter notes from the beginning. */
  readonly secondsAt: (quarters: number) => number;
}

/** Found beats of music, on a grid. */
export function beatOnGrid(
  music: Pick<Music, "ticksPerBeat" | "tempos">,
  found: BeatsFound,
  stepsPerQuarter: number,
): BeatOnGrid {
  const { secondsAt } = createTempoMap(music);
  const at = (quarters: number) => secondsAt(quarters * music.ticksPerBeat);
  return { ...found, stepsPerQuarter, secondsAt: at };
}

/** Notes that are struck together, with their onset. */
interface Chord {
  readonly notes: readonly NoteOnGrid[];
  /** Mean onset, in steps, fractional. */
  readonly exact: number;
  /** Step on which they are written. */
  readonly start: number;
}

/**
 * Notates played notes: those struck together share one step, which {@linkcode quantise} chooses
 * beat by beat, and notes end where their voice continues, whether they were held beyond that or
 * released before. The effects of articulation and pedal on their ends are removed.
 * @param placed by start
 * @returns the same notes, by start
 */
export function asWritten<N extends NoteOnGrid>(placed: readonly N[], beat: BeatOnGrid): N[] {
  const chords = chordsOf(placed, beat), { stepsPerQuarter } = beat;
  const written = new Map<NoteOnGrid, { start: number; end: number }>();
  chords.forEach(({ notes, exact, start }, i) => {
    for (const note of notes) {
      const held = note.end - note.start;
      const next = nextOf(note.pitch, start, note.end + stepsPerQuarter, chords, i);
      const gap = next ? next.exact - exact : Infinity;
      const joins = held <= LATEST * gap &&
        (held >= EARLIEST * gap || gap <= DETACHED * stepsPerQuarter);
      const end = Math.max(start + 1, next && joins ? next.start : note.end);
      written.set(note, { start, end });
    }
  });
  return placed.map((note) => ({ ...note, ...written.get(note) })).sort((a, b) =>
    a.start - b.start
  );
}

/** Groups notes that start within {@linkcode CHORD_SECONDS} of the first of them. */
function chordsOf(
  placed: readonly NoteOnGrid[],
  { stepsPerQuarter, quarters, swing = 0.5, secondsAt }: BeatOnGrid,
): Chord[] {
  const groups: NoteOnGrid[][] = [];
  let first = -Infinity;
  for (const one of placed.toSorted((a, b) => a.exact - b.exact)) {
    const at = secondsAt(one.exact / stepsPerQuarter);
    if (at - first > CHORD_SECONDS) groups.push([]), first = at;
    groups.at(-1)!.push(one);
  }
  const exacts = groups.map((notes) => mean(notes.map(({ exact }) => exact)));
  const steps = stepsPerQuarter * quarters;
  const starts = Number.isInteger(steps)
    ? quantise(
      exacts.map((exact) => evenly(exact / steps, swing)),
      (beat) => secondsAt(beat * quarters),
      steps,
      quarters % 1 !== 0 && quarters * 2 % 3 === 0,
    )
    : exacts.map(Math.round);
  return groups.map((notes, i): Chord => ({
    ...{ notes, exact: exacts[i]!, start: Math.max(0, starts[i]!) },
  }));
}

/** Position in beats with the swing of eighths taken out. */
function evenly(place: number, swing: number): number {
  const beat = Math.floor(place), within = place - beat;
  return beat + (within < swing ? within / swing : 1 + (within - swing) / (1 - swing)) / 2;
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
