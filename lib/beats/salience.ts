import { INPUTS } from "./features.ts";
import { logSoftmax, type NetworkShape, runNetwork } from "./network.ts";

/**
 * Beat periods that the network distinguishes, in seconds: eight to an octave, from 0.15 to 2.4.
 */
export const PERIODS: readonly number[] = Array.from({ length: 33 }, (_, i) => 0.15 * 2 ** (i / 8));

/** Index of each output of an event. */
export const OUT = { beat: 0, downbeat: 1, period: 2 } as const;

/** Shape of the network over events, which reaches 127 events to either side. */
export const EVENT_NETWORK: NetworkShape = {
  inputs: INPUTS,
  channels: 48,
  dilations: [1, 2, 4, 8, 16, 32, 64],
  outputs: OUT.period + PERIODS.length,
};

/** Output of the network for each event. */
export interface Salience {
  /** Log odds of a beat. */
  readonly beat: Float32Array;
  /** Log odds of a downbeat. */
  readonly downbeat: Float32Array;
  /** Log probabilities of {@linkcode PERIODS}: [events, 33]. */
  readonly period: Float32Array;
}

/** Rates the likelihood of a beat, a downbeat and each period at each event. */
export function salienceOf(rows: Float32Array, weights: Float32Array): Salience {
  const out = runNetwork(rows, weights, EVENT_NETWORK), { outputs } = EVENT_NETWORK;
  const column = (at: number) =>
    Float32Array.from({ length: out.length / outputs }, (_, i) => out[i * outputs + at]!);
  return {
    beat: column(OUT.beat),
    downbeat: column(OUT.downbeat),
    period: logSoftmax(out, outputs, OUT.period, PERIODS.length),
  };
}

/**
 * Log probability of a period after an event, interpolated.
 * @param period of a {@linkcode Salience}
 * @param seconds beyond {@linkcode PERIODS} count as the nearest
 */
export function logAt(period: Float32Array, event: number, seconds: number): number {
  const names = PERIODS.length, place = Math.log2(seconds / PERIODS[0]!) * 8;
  const low = Math.min(names - 2, Math.max(0, Math.floor(place)));
  const part = Math.min(1, Math.max(0, place - low)), at = event * names + low;
  return period[at]! * (1 - part) + period[at + 1]! * part;
}
