import { HEARD_RATE } from "./resample.ts";
import { KEYS } from "./network.ts";
import type { Sound } from "./sound.ts";
import { HOP, spectrum } from "./spectrum.ts";
import type { Ear } from "./transcribe.ts";

/** Bins of a key in the spectrum, and sound on both sides that filters need, in seconds. */
const BINS = 3, MARGIN = 0.5;

/** Longest passage in seconds. */
const MOST_SECONDS = 60;

/**
 * Spectrum of a passage, key by key: for each interval of time the highest level within a semitone
 * around each piano key's pitch.
 * @param times of the intervals' ends in seconds, rising; the first is the beginning
 * @returns [intervals, 88 keys]: 0 for the quietest in the passage to 1 for the loudest, in decibels
 * @throws {Error} if the passage is longer than a minute, or beyond the end of the sound
 */
export function passageSpectrum(
  { heap, weights }: Ear,
  { samples, seconds }: Sound,
  times: readonly number[],
): Float32Array {
  const from = times[0]!, until = times.at(-1)!;
  if (!(until > from && until - from <= MOST_SECONDS && from >= 0 && from < seconds)) {
    throw new Error(
      `no passage of a sound of ${seconds.toFixed(1)} s from ${from.toFixed(1)} to ` +
        `${until.toFixed(1)} s, of at most ${MOST_SECONDS} s`,
    );
  }
  const first = Math.round((from - MARGIN) * HEARD_RATE);
  const part = Float32Array.from(
    { length: Math.round((until - from + 2 * MARGIN) * HEARD_RATE) },
    (_, i) => (samples[first + i] ?? 0) / 32_768,
  );
  const { values, bins, times: frames } = spectrum(heap, part, weights);
  const frameAt = (time: number) =>
    Math.min(frames - 1, Math.max(0, Math.round((time - from + MARGIN) * HEARD_RATE / HOP)));
  const levels = new Float32Array((times.length - 1) * KEYS).fill(-Infinity);
  for (let i = 0; i + 1 < times.length; i++) {
    for (let frame = frameAt(times[i]!); frame <= frameAt(times[i + 1]!); frame++) {
      for (let bin = 0; bin < KEYS * BINS; bin++) {
        const at = i * KEYS + Math.floor(bin / BINS);
        levels[at] = Math.max(levels[at]!, values[frame * bins + bin]!);
      }
    }
  }
  const [least, most] = levels.reduce(
    ([low, high], value) => [Math.min(low!, value), Math.max(high!, value)],
    [Infinity, -Infinity],
  ) as [number, number];
  return levels.map((value) => most > least ? (value - least) / (most - least) : 0);
}
