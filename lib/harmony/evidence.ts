import type { TimedNote } from "../midi/music.ts";

/** A beat, within which the chord does not change. */
export interface ChordBeat {
  readonly start: number;
  /** End, above `start`. */
  readonly end: number;
  /** Metrical weight: 3 where a bar begins, 2 in the middle of one, 1 on other beats, 0 within a beat. */
  readonly weight: 0 | 1 | 2 | 3;
}

/** Harmonic evidence in a beat. */
export interface Heard {
  /** Weight of each pitch class by duration and clarity, in beats. */
  readonly classes: Float64Array;
  /**
   * Lowest sounding pitch, or an earlier one in this bar if all are far above it; undefined in
   * silence.
   */
  readonly bass: number | undefined;
}

/** Half-life of a held note's weight in beats: a piano's notes die away. */
const HALF_LIFE_BEATS = 3;

/** Weight that an onset adds to a note, in beats. */
const ATTACK = 0.3;

/** Longest note in beats that may be a passing or neighbour note when it is left by step. */
const SHORT_BEATS = 0.76;

/** Weight of a note reached and left by step, and of one only left by step (leaning note). */
const PASSING = 0.25, LEANING = 0.65;

/**
 * Interval in semitones above the bar's last bass from which a lowest note belongs to a chord over
 * it.
 */
export const ABOVE_BASS = 7;

/** The metrical weight of a bar's first beat. */
export const BAR = 3;

/** Largest melodic step, in semitones. */
const STEP = 2;

/**
 * Harmonic evidence in each beat.
 * @param notes by start
 * @param beats in order, without overlaps
 */
export function heardIn(notes: readonly TimedNote[], beats: readonly ChordBeat[]): Heard[] {
  const weights = chordalWeights(notes, beats);
  let open: number[] = [], next = 0; // indices of notes that may still sound
  let before: number | undefined;
  return beats.map(({ start, end, weight }) => {
    const classes = new Float64Array(12), beat = end - start;
    let bass: number | undefined;
    while (next < notes.length && notes[next]!.start < end) open.push(next++);
    open = open.filter((at) => notes[at]!.end > start);
    for (const at of open) {
      const { pitch, start: from, end: until } = notes[at]!;
      const sounds = (Math.min(until, end) - Math.max(from, start)) / beat;
      const age = Math.max(0, start - from) / beat;
      const heard = sounds * 0.5 ** (age / HALF_LIFE_BEATS) + (from >= start ? ATTACK : 0);
      classes[pitch % 12]! += weights[at]! * heard;
      bass = Math.min(bass ?? Infinity, pitch);
    }
    const goesOn = weight < BAR && before !== undefined;
    if (goesOn && (bass === undefined || bass >= before! + ABOVE_BASS)) bass = before;
    before = bass;
    return { classes, bass };
  });
}

/**
 * Chordal weight of each note, 0 to 1: lower where it is short and reached or left by step, as
 * passing, neighbour and leaning notes are.
 */
function chordalWeights(notes: readonly TimedNote[], beats: readonly ChordBeat[]): Float64Array {
  const weights = new Float64Array(notes.length).fill(1);
  const [first] = beats;
  if (!first) return weights;
  const beat = first.end - first.start, near = beat / 8;
  const endings = new Map<number, TimedNote[]>(); // by eighths of a beat
  const slot = (time: number) => Math.round(time / near);
  for (const note of notes) {
    const key = slot(note.end);
    const others = endings.get(key);
    if (others) others.push(note);
    else endings.set(key, [note]);
  }
  const beginnings = Map.groupBy(notes, ({ start }) => slot(start));
  const moves = (pitch: number, others: readonly TimedNote[] | undefined) =>
    others?.some((other) => other.pitch !== pitch && Math.abs(other.pitch - pitch) <= STEP) ??
      false;
  notes.forEach(({ pitch, start, end }, at) => {
    if (end - start > SHORT_BEATS * beat) return;
    const left = moves(pitch, beginnings.get(slot(end)));
    if (!left) return;
    const reached = moves(pitch, endings.get(slot(start)));
    weights[at] = reached ? PASSING : LEANING;
  });
  return weights;
}
