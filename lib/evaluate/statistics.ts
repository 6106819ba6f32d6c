import { framesOf } from "../tokens/bars.ts";
import { type Frame, pitchOf } from "../tokens/frame.ts";
import type { GridNote } from "../tokens/grid.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { LOW_BELOW } from "../tokens/plan.ts";
import { wholeOf } from "./features/excerpt.ts";
import {
  barSimilarities,
  grooves,
  keyChangesPer16Bars,
  rootLengths,
  scaleConsistencies,
} from "./structure.ts";

/** Histogram of one quality of music. */
export interface Histogram {
  /** Lower bound of each bin, ascending; the first and the last bin include all values beyond. */
  readonly values: readonly number[];
  /** Share of each bin; they sum to one, or are all 0 for an empty histogram. */
  readonly shares: readonly number[];
  /** Mean of the values before binning; null for an empty histogram. */
  readonly mean: number | null;
}

/** Descriptive statistics of music, one distribution per quality. */
export interface Statistics {
  /** Pitch class of each note, 0 (C) to 11 (B). */
  readonly pitchClass: Histogram;
  /** Register: the pitch of each note, in thirds of an octave (4 semitones). */
  readonly register: Histogram;
  /** Number of sounding pitches in each frame. */
  readonly polyphony: Histogram;
  /** Duration of each note, in beats (seconds on a grid in seconds). */
  readonly noteLength: Histogram;
  /** Number of onsets in each whole beat (second). */
  readonly onsetsPerBeat: Histogram;
  /** Melodic interval between the highest notes of consecutive onsets, −24 to 24 semitones. */
  readonly interval: Histogram;
  /** Per segment of 16 beats (seconds), the share of notes within its best major or minor scale. */
  readonly scaleConsistency: Histogram;
  /** Similarity of each bar to the most similar earlier bar of the piece, 0 to 1. */
  readonly selfSimilarity: Histogram;
  /** Groove: rhythmic similarity of each bar to the bar before, 0 to 1. */
  readonly groove: Histogram;
  /** Number of key changes per 16 bars. */
  readonly keyChanges: Histogram;
  /** Harmonic rhythm: number of half bars for which the root of the harmony stays the same. */
  readonly harmonicRhythm: Histogram;
  /** Number of different low notes in each bar; 0 for a bar without any. */
  readonly lowNotes: Histogram;
  /** Time between consecutive onsets, in beats (seconds). */
  readonly gap: Histogram;
}

/** Raw values of each quality in one piece. */
export type Counted = Readonly<Record<keyof Statistics, readonly number[]>>;

const NOTHING = { notes: [], bars: [], chords: [], frames: [] };

/** Collects the values of all qualities of {@linkcode Statistics} once per piece. */
export function countedOf(piece: Piece, grid: Grid): Counted {
  const { notes, bars, chords, frames } = wholeOf(piece, grid) ?? NOTHING;
  const tops = chords.map(({ pitches }) => pitches.at(-1)!);
  return {
    pitchClass: notes.map(({ pitch }) => pitch % 12),
    register: notes.map(({ pitch }) => pitch),
    polyphony: piece.frames.map((frame) => frame.length),
    noteLength: notes.map(({ start, end }) => (end - start) / grid.steps),
    onsetsPerBeat: onsetsByBeat(notes, piece.frames.length, grid),
    interval: tops.slice(1).map((pitch, i) => pitch - tops[i]!),
    scaleConsistency: scaleConsistencies(notes, grid),
    selfSimilarity: barSimilarities(bars),
    groove: grooves(bars),
    keyChanges: keyChangesPer16Bars(bars),
    harmonicRhythm: rootLengths(bars),
    lowNotes: bars.map((bar) => lowNotes(framesOf(frames, bar))),
    gap: chords.slice(1).map(({ start }, at) => (start - chords[at]!.start) / grid.steps),
  };
}

/** Distributions over all pieces together; every note, frame or bar has equal weight. */
export function statisticsOf(pieces: readonly Counted[]): Statistics {
  const qualities = Object.keys(BINS) as (keyof Statistics)[];
  return Object.fromEntries(qualities.map((quality) => [
    quality,
    histogramOf(pieces.map((piece) => piece[quality]), BINS[quality]),
  ])) as unknown as Statistics;
}

/** Bins of note lengths in beats: alternately 3/2 and 4/3 of the one before, like note values. */
const NOTE_LENGTHS = [1 / 8, 3 / 16, 1 / 4, 3 / 8, 1 / 2, 3 / 4, 1, 1.5, 2, 3, 4, 6, 8, 12, 16];

const TWENTIETHS = range(0, 20).map((twentieth) => twentieth / 20);

/** Lower bounds of the bins. */
const BINS: Readonly<Record<keyof Statistics, readonly number[]>> = {
  pitchClass: range(0, 11),
  register: range(0, 124, 4),
  polyphony: range(0, 16),
  noteLength: [0, ...NOTE_LENGTHS],
  onsetsPerBeat: range(0, 24),
  interval: range(-24, 24),
  scaleConsistency: TWENTIETHS,
  selfSimilarity: TWENTIETHS,
  groove: TWENTIETHS,
  keyChanges: range(0, 7),
  harmonicRhythm: range(1, 16),
  lowNotes: range(0, 16),
  gap: [0, ...NOTE_LENGTHS],
};

function lowNotes(frames: readonly Frame[]): number {
  const pitches = new Set(frames.flatMap((frame) => frame.map(pitchOf)));
  return [...pitches].filter((pitch) => pitch < LOW_BELOW).length;
}

function onsetsByBeat(notes: readonly GridNote[], frames: number, grid: Grid): number[] {
  const onsets = new Array<number>(Math.floor(frames / grid.steps)).fill(0);
  for (const { start } of notes) {
    const beat = Math.floor(start / grid.steps);
    if (beat < onsets.length) onsets[beat]!++;
  }
  return onsets;
}

function range(first: number, last: number, step = 1): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
}

function histogramOf(all: readonly (readonly number[])[], bins: readonly number[]): Histogram {
  const counts = bins.map(() => 0);
  let count = 0, sum = 0;
  for (const values of all) {
    for (const value of values) {
      let bin = bins.length - 1;
      while (bin > 0 && value < bins[bin]! - 1e-9) bin--;
      counts[bin]!++;
      count++;
      sum += value;
    }
  }
  return {
    values: bins,
    shares: counts.map((each) => count > 0 ? each / count : 0),
    mean: count > 0 ? sum / count : null,
  };
}
