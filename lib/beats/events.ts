/** A note in seconds. */
export interface TimedNote {
  /** When it is struck, in seconds from the beginning. */
  readonly start: number;
  /** When it ends, in seconds, after `start`. */
  readonly end: number;
  /** MIDI key number, 0 to 127. */
  readonly pitch: number;
  /** 1 to 127. */
  readonly velocity: number;
}

/** Notes that start together, as one event each: a table with one column per quality. */
export interface Events {
  readonly size: number;
  /** Mean onset in seconds, rising. */
  readonly time: Float64Array;
  /** Number of notes. */
  readonly count: Float64Array;
  /** Lowest and highest pitch. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Velocity of the loudest note, 0 to 1. */
  readonly loud: Float64Array;
  /** Logarithm of the longest note's seconds, and the mean of all. */
  readonly longest: Float64Array;
  readonly mean: Float64Array;
  /** Seconds from the first onset to the last. */
  readonly spread: Float64Array;
  /** Weight of each of the 12 pitch classes: [size, 12]. */
  readonly chroma: Float64Array;
  /** The set of pitches as 128 bits: [size, 4]. */
  readonly pitches: Uint32Array;
}

/** Notes that start within this many seconds of the first of them belong to one event. */
export const CHORD_SECONDS = 0.035;

/** Below this pitch, notes count as bass. */
export const BASS = 55;

/** Seconds between which lengths are told apart. */
const LEAST_SECONDS = 0.02, MOST_SECONDS = 4;

/** Logarithm of a length in seconds, between {@linkcode LEAST_SECONDS} and {@linkcode MOST_SECONDS}. */
export function logSeconds(seconds: number): number {
  return Math.log(Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, seconds)));
}

/** Groups notes into events. @param notes by start */
export function eventsOf(notes: readonly TimedNote[]): Events {
  const firsts: number[] = [];
  let first = -Infinity;
  notes.forEach(({ start }, i) => {
    if (start - first > CHORD_SECONDS) firsts.push(i), first = start;
  });
  const size = firsts.length, column = () => new Float64Array(size);
  const events = {
    ...{ size, time: column(), count: column(), low: column().fill(128), high: column() },
    ...{ loud: column(), longest: column().fill(-9), mean: column(), spread: column() },
    chroma: new Float64Array(size * 12),
    pitches: new Uint32Array(size * 4),
  };
  for (let i = 0; i < size; i++) {
    const from = firsts[i]!, to = firsts[i + 1] ?? notes.length;
    for (let k = from; k < to; k++) {
      const { start, end, pitch, velocity } = notes[k]!, length = logSeconds(end - start);
      events.time[i]! += start / (to - from);
      events.mean[i]! += length / (to - from);
      events.low[i] = Math.min(events.low[i]!, pitch);
      events.high[i] = Math.max(events.high[i]!, pitch);
      events.loud[i] = Math.max(events.loud[i]!, velocity / 127);
      events.longest[i] = Math.max(events.longest[i]!, length);
      events.chroma[i * 12 + pitch % 12]! += pitch < BASS ? 2 : 1;
      events.pitches[i * 4 + (pitch >> 5)]! |= 1 << (pitch & 31);
    }
    events.count[i] = to - from;
    events.spread[i] = notes[to - 1]!.start - notes[from]!.start;
  }
  return events;
}
