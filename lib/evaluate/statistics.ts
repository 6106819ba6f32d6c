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

/** How often each value of one quality occurs in some music. */
export interface Histogram {
  /** The lowest value of each bin, ascending; the first and the last bin take what lies beyond. */
  readonly values: readonly number[];
  /** Each bin's share of everything counted; they sum to one, or are all 0 if nothing was. */
  readonly shares: readonly number[];
  /** Mean of what was counted, before it went into bins; null if nothing was. */
  readonly mean: number | null;
}

/** What music is like, one distribution per quality. */
export interface Statistics {
  /** Pitch class of each note, 0 (C) to 11 (B). */
  readonly pitchClass: Histogram;
  /** Register: the pitch of each note, in thirds of an octave (4 semitones). */
  readonly register: Histogram;
  /** Pitches that sound in each frame. */
  readonly polyphony: Histogram;
  /** Length of each note, in beats (seconds where frames follow seconds). */
  readonly noteLength: Histogram;
  /** Notes that begin in each whole beat (second). */
  readonly onsetsPerBeat: Histogram;
  /** Semitones from each onset's highest note to the next onset's, −24 to 24. */
  readonly interval: Histogram;
  /** Per stretch of 16 beats (seconds), the share of notes within its best major or minor scale. */
  readonly scaleConsistency: Histogram;
  /** Per bar, how alike the most similar bar before it in the piece is, 0 to 1. */
  readonly selfSimilarity: Histogram;
  /** Per bar, how alike its rhythm is to that of the bar before, 0 to 1: the groove. */
  readonly groove: Histogram;
  /** Per 16 bars, how often the key changes. */
  readonly keyChanges: Histogram;
  /** Half bars for which a harmony's root stays: the harmonic rhythm. */
  readonly harmonicRhythm: Histogram;
  /** Per bar, how many different low notes sound; 0: a bar without. */
  readonly lowNotes: Histogram;
  /** From each onset to the next, in beats (seconds). */
  readonly gap: Histogram;
}

/** What was counted of one piece: the values of each quality. */
export type Counted = Readonly<Record<keyof Statistics, readonly number[]>>;

const NOTHING = { notes: [], bars: [], chords: [], frames: [] };

/** Counts all that {@linkcode Statistics} is made of, once per piece. */
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

/** The distributions of all pieces together; every note, frame or bar counts the same. */
export function statisticsOf(pieces: readonly Counted[]): Statistics {
  const qualities = Object.keys(BINS) as (keyof Statistics)[];
  return Object.fromEntries(qualities.map((quality) => [
    quality,
    histogramOf(pieces.map((piece) => piece[quality]), BINS[quality]),
  ])) as unknown as Statistics;
}

/** Bins of note lengths in beats: half again and double, as note values go. */
const NOTE_LENGTHS = [1 / 8, 3 / 16, 1 / 4, 3 / 8, 1 / 2, 3 / 4, 1, 1.5, 2, 3, 4, 6, 8, 12, 16];

const TWENTIETHS = range(0, 20).map((twentieth) => twentieth / 20);

/** The lowest value of each bin. */
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
