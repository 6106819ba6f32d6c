import { quantile } from "../numbers.ts";
import { findBars } from "./bar_search.ts";
import { beatSearch } from "./beat_search.ts";
import { evened } from "./evened.ts";
import { type Events, eventsOf } from "./events.ts";
import type { PlayedNote } from "../midi/music.ts";
import { beatFeatures } from "./features.ts";
import { weightCount } from "./network.ts";
import { EVENT_NETWORK, type Salience, salienceOf } from "./salience.ts";
import { subdivisionOf } from "./subdivision.ts";
import { WEIGHTS_TEXT } from "./weights.ts";

/** Beats and bars found in a performance. */
export interface TrackedBeats {
  /** Beat times in seconds from the beginning, ascending; at least two. */
  readonly times: readonly number[];
  /** Whether each beat begins a bar. */
  readonly downbeat: readonly boolean[];
  /** Notation of a beat. */
  readonly unit: BeatUnit;
  /** Confidence: log-likelihood ratio per beat. From 1.2 on the beats are mostly right. */
  readonly sureness: number;
  /** Position in the beat of the second of two swung eighths, 0.5 to 1; undefined if even. */
  readonly swing?: number;
}

/** Note value of a beat. */
interface BeatUnit {
  /** Denominator of time signatures: a power of two. */
  readonly denominator: number;
  /** Number of the denominator's notes in a beat: 3 in compound metres such as 6/8, otherwise 1. */
  readonly parts: 1 | 3;
}

/** A metre known before beats are tracked. */
export interface KnownMetre {
  /** Beats in a bar, at least 1. */
  readonly beats: number;
  /** Notation of a beat. */
  readonly unit: BeatUnit;
}

/** A person's hints about a performance's beats. */
export interface BeatHints {
  /** The metre. Default: as detected. */
  readonly metre?: KnownMetre;
  /** Approximate tempo in beats per minute; found beats are within half an octave of it. */
  readonly perMinute?: number;
}

/** Default notation of a beat. */
const QUARTERS: BeatUnit = { denominator: 4, parts: 1 };
const DOTTED_QUARTERS: BeatUnit = { denominator: 8, parts: 3 };

/** Beats in a bar of swing. */
const SWUNG_BAR = 4;

/** Fewest events in which a beat can be found. */
const LEAST_EVENTS = 16;

/** Longest music that is tracked, in seconds: a bound on time and memory. */
const MOST_SECONDS = 3600;

/**
 * Tracks the beats of a performance: a network rates at each onset the likelihood of a beat, a
 * downbeat and each tempo, the tempo a second time with the music at an even tempo; one search finds
 * the likeliest beats, another their bars.
 * @param notes by start
 * @param hints what is known of them
 * @returns undefined for fewer than 16 onsets, and for more than an hour
 */
export function trackBeats(
  notes: readonly PlayedNote[],
  { metre, perMinute }: BeatHints = {},
): TrackedBeats | undefined {
  const events = eventsOf(notes), { size, time } = events;
  if (size < LEAST_EVENTS || time[size - 1]! - time[0]! > MOST_SECONDS) return undefined;
  const { salience, range } = heardTwice(events, rangeOf(perMinute));
  const { times, events: struck, score } = beatSearch(time, salience)(...range);
  const { isCompound, swing } = subdivisionOf(times, time, metre?.unit.parts);
  const beats = metre?.beats ?? (swing === undefined ? undefined : SWUNG_BAR);
  const { downbeat } = findBars(struck, salience, beats);
  const unit = metre?.unit ?? (isCompound ? DOTTED_QUARTERS : QUARTERS);
  return { times, downbeat, unit, sureness: score, ...(swing !== undefined && { swing }) };
}

/**
 * Salience of events, each period's log probability being the mean of two: for the music as played,
 * and for the music at an even tempo, by the beats that the first alone gives.
 * @returns also the range of periods worth searching: up to an octave from those beats' usual ones
 */
function heardTwice(events: Events, range: Range): { salience: Salience; range: Range } {
  const hear = (some: Events) => salienceOf(beatFeatures(some), shippedWeights());
  const first = hear(events), { times } = beatSearch(events.time, first)(...range);
  if (times.length < 2) return { salience: first, range };
  const { period } = hear(evened(events, times));
  const periods = times.slice(1).map((time, i) => time - times[i]!);
  const [low, high] = [RARE, 1 - RARE].map((share) => quantile(periods, share)!);
  return {
    salience: { ...first, period: first.period.map((log, i) => (log + period[i]!) / 2) },
    range: [Math.max(range[0], low! / OCTAVE), Math.min(range[1], high! * OCTAVE)],
  };
}

/** Range of beat periods in seconds. */
type Range = readonly [least: number, most: number];

/** Share of the shortest periods, and of the longest, that are not counted as usual ones. */
const RARE = 0.05;

/** Ratio of periods an octave apart, with some room for rounding. */
const OCTAVE = 2.1;

/** Maximum ratio, in either direction, of a beat's period to a known one: half an octave. */
const ABOUT = Math.SQRT2;

/** Range of periods in seconds around a tempo; all where none is known. */
function rangeOf(perMinute?: number): Range {
  return perMinute === undefined ? [0, Infinity] : [60 / perMinute / ABOUT, 60 / perMinute * ABOUT];
}

let weights: Float32Array | undefined;

/** Weights shipped with the program. */
function shippedWeights(): Float32Array {
  if (weights) return weights;
  const halves = new Float16Array(Uint8Array.fromBase64(WEIGHTS_TEXT).buffer);
  if (halves.length !== weightCount(EVENT_NETWORK)) {
    throw new Error("The weights of the beat network are damaged");
  }
  return weights = Float32Array.from(halves);
}
