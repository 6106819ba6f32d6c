import type { PlayedNote } from "../midi/music.ts";
import { sum } from "../numbers.ts";

/**
 * Standard deviation of onsets around their step, in seconds, and the largest penalty of one, in
 * nats.
 */
export const SIGMA = 0.03;
const WORST = 5;

/** Seconds between onsets within which they form one chord. */
const CHORD = 0.035;

/** ln of the probability that two onsets have the same position. */
const SAME_PLACE = -4;

/** Sixteenths after which beats of a quarter and of three eighths begin together. */
export const PERIOD = 12;

/** Onset times in seconds of chords and single notes, in order. */
export function momentsOf(notes: readonly PlayedNote[]): number[] {
  const starts = notes.map(({ start }) => start).sort((a, b) => a - b);
  const groups: number[][] = [];
  for (const start of starts) {
    const group = groups.at(-1);
    if (group && start - group[0]! <= CHORD) group.push(start);
    else groups.push([start]);
  }
  return groups.map((group) => group.reduce((a, b) => a + b) / group.length);
}

/** Largest relative difference between the slope and the tempo tried. */
const NEAR_SLOPE = 0.03;

/** Standard deviation of the tempo around the one tried, as a share of it. */
const TRIED = 0.01;

/** Deviation of an onset, in standard deviations, beyond which it says no more of the pulse. */
const OUTLIER = 2;

/**
 * Least-squares line through the onset times at their positions, where its slope is near the given
 * one. Positions are counted from onset to onset by a Kalman filter of the pulse's phase and period:
 * those of a long phrase could not be told from its first onset and a tempo that is 1 % off. The
 * line then counts them once more, as the filter may be misled by the first onsets.
 */
export function align(
  moments: readonly number[],
  from: number,
  place: number,
): { from: number; place: number } {
  if (moments.length < 4) return { from, place };
  const nearer = (line: { from: number; place: number }, places: readonly number[]) => {
    const next = lineThrough(moments, places);
    return Math.abs(next.place / place - 1) <= NEAR_SLOPE ? next : line;
  };
  const line = nearer({ from, place }, placesFrom(moments, from, place));
  return nearer(line, moments.map((time) => Math.round((time - line.from) / line.place)));
}

/**
 * Positions of onsets by a Kalman filter that begins with a given phase and period, without process
 * noise (Cemgil et al. 2000, "On tempo tracking: tempogram representation and Kalman filtering").
 */
function placesFrom(moments: readonly number[], from: number, place: number): number[] {
  let at = 0, phase = from, period = place;
  let phaseVariance = SIGMA ** 2, covariance = 0, periodVariance = (TRIED * place) ** 2;
  return moments.map((time) => {
    const by = Math.round((time - phase) / period);
    at += by;
    phase += by * period;
    phaseVariance += by * (2 * covariance + by * periodVariance);
    covariance += by * periodVariance;
    const variance = phaseVariance + SIGMA ** 2, most = OUTLIER * Math.sqrt(variance);
    const off = Math.max(-most, Math.min(most, time - phase));
    const phaseGain = phaseVariance / variance, periodGain = covariance / variance;
    phase += phaseGain * off;
    period += periodGain * off;
    periodVariance -= periodGain * covariance;
    covariance -= phaseGain * covariance;
    phaseVariance -= phaseGain * phaseVariance;
    return at;
  });
}

/** Least-squares line of times by position; its slope is NaN where all have the same position. */
function lineThrough(times: readonly number[], places: readonly number[]) {
  const n = times.length, [meanT, meanK] = [sum(times) / n, sum(places) / n];
  let covered = 0, spread = 0;
  for (const [index, time] of times.entries()) {
    const k = places[index]! - meanK;
    covered += k * (time - meanT);
    spread += k * k;
  }
  const place = covered / spread;
  return { from: meanT - place * meanK, place };
}

/** Positions of onsets among the sixteenths from a given time on. */
export interface Places {
  /** ln of the likelihood of their deviations, and of onsets that share a position. */
  readonly fit: number;
  /** Numbers of sixteenths with an onset, and of those without between them, modulo the period. */
  readonly onsets: Float64Array;
  readonly rests: Float64Array;
}

/**
 * Assigns onsets to the nearest sixteenths.
 * @param from time of a sixteenth in seconds
 * @param place length of a sixteenth in seconds
 */
export function placesOf(moments: readonly number[], from: number, place: number): Places {
  const onsets = new Float64Array(PERIOD), rests = new Float64Array(PERIOD);
  let fit = 0, last: number | undefined;
  for (const time of moments) {
    const at = Math.round((time - from) / place);
    const off = (time - from - at * place) / SIGMA;
    fit += Math.max(-WORST, -0.5 * off * off) - Math.log(SIGMA);
    for (let k = last === undefined ? at : last + 1; k < at; k++) rests[modulo(k)]!++;
    if (last === undefined || at > last) onsets[modulo(at)]!++;
    else fit += SAME_PLACE;
    last = Math.max(last ?? at, at);
  }
  return { fit, onsets, rests };
}

function modulo(place: number): number {
  return (place % PERIOD + PERIOD) % PERIOD;
}
