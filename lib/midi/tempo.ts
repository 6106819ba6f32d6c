import { countBefore } from "../search.ts";
import { type Music, USUAL_TEMPO } from "./music.ts";

/** A tempo map: conversion between ticks and seconds, strictly increasing in both directions. */
interface TempoMap {
  /** Seconds from the beginning at a tick, which may be fractional. */
  secondsAt(ticks: number): number;
  /** Ticks from the beginning at a time in seconds, fractional. */
  ticksAt(seconds: number): number;
}

/**
 * Creates the tempo map of a piece. Construction takes one step per tempo change; a query takes one
 * binary search, or a single comparison when queries ascend.
 */
export function createTempoMap(music: Pick<Music, "ticksPerBeat" | "tempos">): TempoMap {
  const size = music.tempos.length;
  const ticks = new Float64Array(size);
  const seconds = new Float64Array(size);
  const secondsPerTick = new Float64Array(size);
  music.tempos.forEach((tempo, i) => {
    ticks[i] = tempo.ticks;
    secondsPerTick[i] = tempo.microsecondsPerBeat / 1e6 / music.ticksPerBeat;
    if (i > 0) seconds[i] = seconds[i - 1]! + (ticks[i]! - ticks[i - 1]!) * secondsPerTick[i - 1]!;
  });
  const last = { index: 0 };
  return {
    secondsAt(at) {
      const i = segment(ticks, at, last);
      return seconds[i]! + (at - ticks[i]!) * secondsPerTick[i]!;
    },
    ticksAt(at) {
      const i = segment(seconds, at, last);
      return ticks[i]! + (at - seconds[i]!) / secondsPerTick[i]!;
    },
  };
}

/** Seconds from the beginning at a tick; use {@linkcode createTempoMap} for many. */
export function secondsAt(music: Pick<Music, "ticksPerBeat" | "tempos">, ticks: number): number {
  return createTempoMap(music).secondsAt(ticks);
}

/**
 * Median tempo over the duration of the music, in quarter notes per minute, so that an empty bar or
 * a slow last one counts for no more than it lasts.
 * @param from tick of the first onset
 * @param end tick of the last end
 */
export function heardTempo(
  music: Pick<Music, "ticksPerBeat" | "tempos">,
  from: number,
  end: number,
): number {
  const { secondsAt } = createTempoMap(music);
  const stretches = music.tempos.map(({ ticks, microsecondsPerBeat }, i) => {
    const until = Math.min(end, music.tempos[i + 1]?.ticks ?? Infinity);
    const seconds = Math.max(0, secondsAt(until) - secondsAt(Math.max(from, ticks)));
    return { microsecondsPerBeat, seconds };
  }).sort((a, b) => a.microsecondsPerBeat - b.microsecondsPerBeat);
  const half = stretches.reduce((sum, { seconds }) => sum + seconds, 0) / 2;
  let past = 0;
  for (const { microsecondsPerBeat, seconds } of stretches) {
    past += seconds;
    if (past >= half && seconds > 0) return 60e6 / microsecondsPerBeat;
  }
  return 60e6 / USUAL_TEMPO.microsecondsPerBeat;
}

/**
 * Changes in order of ticks, starting with `usual` at tick 0 unless one is there; the last of each
 * tick.
 */
export function inOrder<T extends { readonly ticks: number }>(
  usual: T,
  changes: readonly T[],
): T[] {
  const sorted = [usual, ...changes].sort((a, b) => a.ticks - b.ticks);
  return sorted.filter(({ ticks }, i) => ticks !== sorted[i + 1]?.ticks);
}

/** Index of the last start not after `at`; 0 when all are later. */
function segment(starts: Float64Array, at: number, last: { index: number }): number {
  const i = last.index;
  if (starts[i]! <= at && (i + 1 === starts.length || at < starts[i + 1]!)) return i;
  return last.index = Math.max(0, countBefore(starts.length, (i) => starts[i]! <= at) - 1);
}
