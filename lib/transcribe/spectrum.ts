import { Blocks, floatsAt } from "../wasm/blocks.ts";
import type { Heap } from "../wasm/heap.ts";
import { multiply } from "../wasm/multiply.ts";
import type { Plane } from "./convolve.ts";
import type { Weights } from "./weights.ts";

/** Hop size in samples. */
export const HOP = 256;

/** Octaves of the spectrum, bins per octave, and bins in all: the lowest ones are left out. */
const OCTAVES = 9, BINS = 36, ALL_BINS = 309;

/** Filter length in samples for every octave: each has half the sample rate of the one above. */
const SPAN = 256;

/**
 * Log-frequency spectrogram in decibels, 36 bins an octave, scaled to 0 to 1 within the window and
 * normalized: a constant-Q transform that applies one octave's filters to successively downsampled
 * copies of the audio (Schörkhuber and Klapuri, 2010), as in Basic Pitch.
 * @param sound 22,050 samples per second
 */
export function spectrum(heap: Heap, sound: Float32Array, weights: Weights): Plane {
  const times = Math.floor(sound.length / HOP) + 1;
  const power = new Float32Array(times * ALL_BINS);
  const blocks = new Blocks(heap);
  try {
    const filters = new Float32Array(SPAN * 2 * BINS);
    for (let i = 0; i < SPAN; i++) {
      filters.set(weights.cosines.subarray(i * BINS, (i + 1) * BINS), i * 2 * BINS);
      filters.set(weights.sines.subarray(i * BINS, (i + 1) * BINS), (2 * i + 1) * BINS);
    }
    const a = blocks.reserve(4 * times * SPAN), b = blocks.copy(filters);
    const c = blocks.reserve(4 * times * 2 * BINS);
    for (let octave = 0, slower = sound; octave < OCTAVES; octave++) {
      if (octave > 0) slower = halved(slower, weights.lowpass);
      const around = reflected(slower, SPAN / 2), hop = HOP >> octave;
      const frames = floatsAt(heap, a, times * SPAN);
      for (let time = 0; time < times; time++) {
        frames.set(around.subarray(time * hop, time * hop + SPAN), time * SPAN);
      }
      multiply(heap, { a, b, c, rows: times, depth: SPAN, columns: 2 * BINS });
      const products = floatsAt(heap, c, times * 2 * BINS);
      const first = (OCTAVES - 1 - octave) * BINS - (OCTAVES * BINS - ALL_BINS);
      for (let bin = Math.max(0, -first); bin < BINS; bin++) {
        const length = weights.lengths[first + bin]!;
        for (let time = 0; time < times; time++) {
          const cosine = products[time * 2 * BINS + bin]! * length;
          const sine = products[(2 * time + 1) * BINS + bin]! * length;
          power[time * ALL_BINS + first + bin] = cosine * cosine + sine * sine;
        }
      }
    }
  } finally {
    blocks.free();
  }
  return { values: normalized(power, weights), times, bins: ALL_BINS, channels: 1 };
}

/**
 * Decibels scaled from the quietest to the loudest to 0 to 1, then multiplied by a scale and
 * offset.
 */
function normalized(power: Float32Array, weights: Weights): Float32Array {
  let least = Infinity, most = -Infinity;
  const decibels = power.map((value) => {
    const level = 10 * Math.log10(value + 1e-10);
    least = Math.min(least, level);
    most = Math.max(most, level);
    return level;
  });
  const [scale, offset] = [weights.scale[0]!, weights.offset[0]!], range = most - least;
  return decibels.map((level) => (range > 0 ? (level - least) / range : 0) * scale + offset);
}

/** Downsampling by a factor of two. */
function halved(sound: Float32Array, lowpass: Float32Array): Float32Array {
  const half = SPAN / 2 - 1, length = Math.floor((sound.length + 2 * half - SPAN) / 2) + 1;
  const around = new Float32Array(sound.length + 2 * half);
  around.set(sound, half);
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let tap = 0, at = 2 * i; tap < SPAN; tap++, at++) sum += around[at]! * lowpass[tap]!;
    out[i] = sum;
  }
  return out;
}

/** Reflection padding of both ends. */
function reflected(sound: Float32Array, margin: number): Float32Array {
  const around = new Float32Array(sound.length + 2 * margin);
  around.set(sound, margin);
  for (let i = 1; i <= margin; i++) {
    around[margin - i] = sound[i]!;
    around[margin + sound.length - 1 + i] = sound[sound.length - 1 - i]!;
  }
  return around;
}
