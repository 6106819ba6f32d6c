import type { PlayedNote } from "../midi/music.ts";

/** Events: groups of notes that start together, as a table with one column per feature. */
export interface Events {
  readonly size: number;
  /** Mean onset in seconds, rising. */
  readonly time: Float64Array;
  /** Number of notes. */
  readonly count: Float64Array;
  /** Lowest and highest pitch of each event. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Velocity of the loudest note, 0 to 1. */
  readonly loud: Float64Array;
  /** Logarithm of the longest note's seconds, and the mean over all notes. */
  readonly longest: Float64Array;
  readonly mean: Float64Array;
  /** Seconds from the first onset to the last. */
  readonly spread: Float64Array;
  /** Weight of each of the 12 pitch classes: [size, 12]. */
  readonly chroma: Float64Array;
  /** The set of pitches as 128 bits: [size, 4]. */
  readonly pitches: Uint32Array;
}

/** Time window in seconds, from its first note, within which notes belong to one event. */
export const CHORD_SECONDS = 0.035;

/** Pitch below which notes count as bass. */
export const BASS = 55;

/** Range in seconds to which note lengths are clamped. */
const LEAST_SECONDS = 0.02, MOST_SECONDS = 4;

/**
 * Logarithm of a length in seconds, clamped to {@linkcode LEAST_SECONDS} and
 * {@linkcode MOST_SECONDS}.
 */
export function logSeconds(seconds: number): number {
  return Math.log(Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, seconds)));
}

/** Groups notes into events. @param notes by start */
export function eventsOf(notes: readonly PlayedNote[]): Events {
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
