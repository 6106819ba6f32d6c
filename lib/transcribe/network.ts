import type { Heap } from "../wasm/heap.ts";
import { convolve, convolveToOne, type Plane } from "./convolve.ts";
import { spectrum } from "./spectrum.ts";
import type { Weights } from "./weights.ts";

/** Samples per window: two seconds at 22,050 per second, less one frame. */
export const WINDOW = 43_844;

/** Number of keys of a piano. */
export const KEYS = 88;

/** Harmonic offsets from a pitch in bins: half, once, twice … seven times its frequency. */
const HARMONICS = [-36, 0, 36, 57, 72, 84, 93, 101];

/** Bins of the piano's range from the lowest key, three per semitone. */
const PIANO_BINS = 264;

/** Activations in a window: [frames, keys], 0 to 1. */
export interface Activations {
  readonly frames: number;
  /** Note activations: the probability that a note sounds. */
  readonly notes: Float32Array;
  /** Onset activations: the probability that a note begins. */
  readonly onsets: Float32Array;
}

/**
 * Basic Pitch's network (Bittner et al., "A lightweight instrument-agnostic model for polyphonic
 * note transcription and multipitch estimation", ICASSP 2022): a constant-Q spectrum with its
 * harmonics stacked as channels, convolutions that find pitch contours, from these notes, and from
 * both onsets.
 * @param sound {@linkcode WINDOW} samples, 22,050 per second, -1 to 1
 */
export function activationsOf(heap: Heap, sound: Float32Array, weights: Weights): Activations {
  const stacked = harmonicsOf(spectrum(heap, sound, weights));
  const contours = convolve(heap, stacked, {
    ...{ times: 3, bins: 39, from: 8, to: 8, stride: 1 },
    ...{ weights: weights.contourFilters, offsets: weights.contourOffsets },
  });
  const contour = convolveToOne(heap, contours, {
    ...{ times: 5, bins: 5, from: 8, to: 1, stride: 1 },
    ...{ weights: weights.contour, offsets: weights.contourOffset },
  });
  const forNotes = convolve(heap, contour, {
    ...{ times: 7, bins: 7, from: 1, to: 32, stride: 3 },
    ...{ weights: weights.noteFilters, offsets: weights.noteOffsets },
  });
  const notes = convolveToOne(heap, forNotes, {
    ...{ times: 7, bins: 3, from: 32, to: 1, stride: 1 },
    ...{ weights: weights.note, offsets: weights.noteOffset },
  });
  const forOnsets = convolve(heap, stacked, {
    ...{ times: 5, bins: 5, from: 8, to: 32, stride: 3 },
    ...{ weights: weights.onsetFilters, offsets: weights.onsetOffsets },
  });
  const onsets = convolveToOne(heap, beside(notes, forOnsets), {
    ...{ times: 3, bins: 3, from: 33, to: 1, stride: 1 },
    ...{ weights: weights.onset, offsets: weights.onsetOffset },
  });
  return { frames: notes.times, notes: notes.values, onsets: onsets.values };
}

/** Harmonic stacking: a spectrum with copies shifted by each harmonic as channels; zero-padded. */
function harmonicsOf({ values, times, bins }: Plane): Plane {
  const channels = HARMONICS.length, out = new Float32Array(times * PIANO_BINS * channels);
  for (let time = 0; time < times; time++) {
    for (let bin = 0; bin < PIANO_BINS; bin++) {
      for (let channel = 0; channel < channels; channel++) {
        const from = bin + HARMONICS[channel]!;
        if (from < 0 || from >= bins) continue;
        out[(time * PIANO_BINS + bin) * channels + channel] = values[time * bins + from]!;
      }
    }
  }
  return { values: out, times, bins: PIANO_BINS, channels };
}

/** Concatenates the channels of two feature maps of the same size. */
function beside(first: Plane, second: Plane): Plane {
  const channels = first.channels + second.channels, places = first.times * first.bins;
  const values = new Float32Array(places * channels);
  for (let place = 0; place < places; place++) {
    values.set(
      first.values.subarray(place * first.channels, (place + 1) * first.channels),
      place * channels,
    );
    values.set(
      second.values.subarray(place * second.channels, (place + 1) * second.channels),
      place * channels + first.channels,
    );
  }
  return { values, times: first.times, bins: first.bins, channels };
}
