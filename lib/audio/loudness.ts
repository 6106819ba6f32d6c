import { mean } from "../numbers.ts";

/** Target RMS level of the sounding parts, in dB below full scale. */
const TARGET_RMS_DECIBELS = -20;
/** Peak limit of all samples, in dB below full scale. */
const PEAK_LIMIT_DECIBELS = -1;

const BLOCK_SECONDS = 0.4;
const SILENCE_DECIBELS = -70;
const GATE_DECIBELS = -10;

/** Loudness meter for streamed audio. */
interface LoudnessMeter {
  /** Measures the next `count` sample frames of two channels. */
  add(left: Float32Array, right: Float32Array, count: number): void;
  /** Peak amplitude so far, 0 or more. */
  peak(): number;
  /** Gated RMS amplitude of the blocks so far; 0 for silence. */
  rms(): number;
}

/**
 * Creates a loudness meter after ITU-R BS.1770, without its frequency weighting (one instrument,
 * one spectrum): the mean power of blocks of 0.4 s, excluding silence (below -70 dB), then blocks
 * more than 10 dB below the mean of the rest. Rests and long endings do not affect the loudness.
 */
export function loudnessMeter(sampleRate: number): LoudnessMeter {
  const blockFrames = Math.round(BLOCK_SECONDS * sampleRate);
  const powers: number[] = [];
  let sum = 0;
  let inBlock = 0;
  let peak = 0;
  return {
    add(left, right, count) {
      for (let i = 0; i < count; i++) {
        const l = left[i]!;
        const r = right[i]!;
        sum += (l * l + r * r) / 2;
        peak = Math.max(peak, Math.abs(l), Math.abs(r));
        if (++inBlock === blockFrames) {
          powers.push(sum / blockFrames);
          sum = inBlock = 0;
        }
      }
    },
    peak: () => peak,
    rms() {
      const all = inBlock > blockFrames / 4 || powers.length === 0
        ? [...powers, sum / Math.max(1, inBlock)]
        : powers;
      const sounding = all.filter((power) => power > 10 ** (SILENCE_DECIBELS / 10));
      const gate = mean(sounding, 0) * 10 ** (GATE_DECIBELS / 10);
      return Math.sqrt(mean(sounding.filter((power) => power >= gate), 0));
    },
  };
}

/** Gain that reaches the target level, or the highest level that the peak allows; 1 for silence. */
export function gainFor(rms: number, peak: number): number {
  if (!(rms > 0) || !(peak > 0)) return 1;
  return Math.min(
    fromDecibels(TARGET_RMS_DECIBELS) / rms,
    fromDecibels(PEAK_LIMIT_DECIBELS) / peak,
  );
}

/** Amplitude of a level in dB: 1 for 0. */
export function fromDecibels(decibels: number): number {
  return 10 ** (decibels / 20);
}

/** Level in dB of an amplitude: 0 for 1. */
export function toDecibels(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}
