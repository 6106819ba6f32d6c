import { decodeFrames, type GridNote } from "../tokens/grid.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { barSimilarities, scaleConsistencies } from "./structure.ts";

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
}

/** Measures the distributions of all pieces together; every note, frame or bar counts the same. */
export function statisticsOf(pieces: readonly Piece[], grid: Grid): Statistics {
  const pitchClass = tally(range(0, 11)), register = tally(range(0, 124, 4));
  const polyphony = tally(range(0, 16));
  const noteLength = tally([0, ...NOTE_LENGTHS]), onsetsPerBeat = tally(range(0, 24));
  const interval = tally(range(-24, 24));
  const scaleConsistency = tally(range(0, 20).map((twentieth) => twentieth / 20));
  const selfSimilarity = tally(range(0, 20).map((twentieth) => twentieth / 20));

  for (const piece of pieces) {
    const notes = decodeFrames(piece.frames, grid.attacks);
    for (const frame of piece.frames) polyphony.add(frame.length);
    for (const { pitch, start, end } of notes) {
      pitchClass.add(pitch % 12);
      register.add(pitch);
      noteLength.add((end - start) / grid.steps);
    }
    onsetsByBeat(notes, piece.frames.length, grid).forEach(onsetsPerBeat.add);
    topIntervals(notes).forEach(interval.add);
    scaleConsistencies(notes, grid).forEach(scaleConsistency.add);
    barSimilarities(notes, piece, grid).forEach(selfSimilarity.add);
  }
  return {
    pitchClass: pitchClass.histogram(),
    register: register.histogram(),
    polyphony: polyphony.histogram(),
    noteLength: noteLength.histogram(),
    onsetsPerBeat: onsetsPerBeat.histogram(),
    interval: interval.histogram(),
    scaleConsistency: scaleConsistency.histogram(),
    selfSimilarity: selfSimilarity.histogram(),
  };
}

/** Bins of note lengths in beats: half again and double, as note values go. */
const NOTE_LENGTHS = [1 / 8, 3 / 16, 1 / 4, 3 / 8, 1 / 2, 3 / 4, 1, 1.5, 2, 3, 4, 6, 8, 12, 16];

function onsetsByBeat(notes: readonly GridNote[], frames: number, grid: Grid): number[] {
  const onsets = new Array<number>(Math.floor(frames / grid.steps)).fill(0);
  for (const { start } of notes) {
    const beat = Math.floor(start / grid.steps);
    if (beat < onsets.length) onsets[beat]!++;
  }
  return onsets;
}

function topIntervals(notes: readonly GridNote[]): number[] {
  const tops = new Map<number, number>();
  for (const { start, pitch } of notes) tops.set(start, Math.max(pitch, tops.get(start) ?? 0));
  const line = [...tops].sort((a, b) => a[0] - b[0]).map(([, pitch]) => pitch);
  return line.slice(1).map((pitch, i) => pitch - line[i]!);
}

function range(first: number, last: number, step = 1): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
}

function tally(values: readonly number[]) {
  const counts = values.map(() => 0);
  let all = 0, sum = 0;
  return {
    add(value: number): void {
      let bin = values.length - 1;
      while (bin > 0 && value < values[bin]! - 1e-9) bin--;
      counts[bin]!++;
      all++;
      sum += value;
    },
    histogram: (): Histogram => ({
      values,
      shares: counts.map((count) => all > 0 ? count / all : 0),
      mean: all > 0 ? sum / all : null,
    }),
  };
}
