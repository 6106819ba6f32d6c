import { sum } from "../../numbers.ts";
import { countBefore } from "../../search.ts";
import { type Bar, barsOf, endOfBar, stepsPerBeat } from "../../tokens/bars.ts";
import { countClasses, type Frame, pitchOf } from "../../tokens/frame.ts";
import { decodeFrames, type GridNote } from "../../tokens/grid.ts";
import type { Grid, Piece } from "../../tokens/piece.ts";

/** A few bars of a piece, prepared for the features. */
export interface Excerpt {
  /** The bars, followed by as many more of the piece, or fewer at its end. */
  readonly bars: readonly ExcerptBar[];
  readonly following: readonly ExcerptBar[];
  /** Its frames. */
  readonly frames: readonly Frame[];
  /** Notes that begin in it, by start (from the excerpt's first frame), then pitch. */
  readonly notes: readonly GridNote[];
  /** Chords of simultaneous onsets in order of time. */
  readonly chords: readonly Chord[];
  /** Frames per beat; half a second if the grid has no beats. */
  readonly beat: number;
}

/** Notes with the same onset. */
export interface Chord {
  /** Onset frame, from the excerpt's first. */
  readonly start: number;
  /** Pitches, ascending. */
  readonly pitches: readonly number[];
  /** Whether its highest (lowest) pitch is the highest (lowest) sounding pitch. */
  readonly top: boolean;
  readonly bottom: boolean;
}

/** One bar. */
export interface ExcerptBar {
  /** First frame, from the excerpt's first, and number of frames. */
  readonly start: number;
  readonly frames: number;
  /** Onset positions in the bar, in steps from the bar line, ascending. */
  readonly rhythm: Int32Array;
  /** Onsets encoded as position · 128 + pitch, ascending. */
  readonly onsets: Int32Array;
  /**
   * Duration in frames of each of the 12 pitch classes, for the first and the second half of the
   * bar.
   */
  readonly halves: readonly (readonly number[])[];
}

/**
 * Cuts a piece into consecutive excerpts of `size` bars from its first whole bar; a remainder at
 * the end is dropped. A piece that is shorter, but at least half as long, gives one excerpt.
 */
export function excerptsOf(piece: Piece, grid: Grid, size: number): Excerpt[] {
  const all = barsOf(piece.metres, piece.frames.length, grid);
  const bars = all[0] && all[0].phase > 0 ? all.slice(1) : all;
  if (bars.length < size / 2) return [];
  const notes = decodeFrames(piece.frames, grid.attacks);
  const count = Math.max(1, Math.floor(bars.length / size));
  return Array.from({ length: count }, (_, index) => {
    const own = bars.slice(index * size, (index + 1) * size);
    const next = bars.slice((index + 1) * size, (index + 2) * size);
    return excerpt(piece.frames, notes, own, next, grid);
  });
}

/** A whole piece as one excerpt, including its upbeat; null if it has no frames. */
export function wholeOf(piece: Piece, grid: Grid): Excerpt | null {
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  if (bars.length === 0) return null;
  return excerpt(piece.frames, decodeFrames(piece.frames, grid.attacks), bars, [], grid);
}

/** Sum of two pitch-class histograms of {@linkcode ExcerptBar.halves}. */
export function addClasses(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.map((value, at) => value + b[at]!);
}

function excerpt(
  all: readonly Frame[],
  allNotes: readonly GridNote[],
  own: readonly Bar[],
  next: readonly Bar[],
  grid: Grid,
): Excerpt {
  const from = own[0]!.start, end = endOfBar(own.at(-1)!);
  const frames = all.slice(from, end);
  const inside = (from: number, end: number) => {
    const first = lowerBound(allNotes, from);
    return allNotes.slice(first, lowerBound(allNotes, end));
  };
  const barOf = ({ start, frames: length, phase }: Bar): ExcerptBar => {
    const place = (note: GridNote) => note.start - start + Math.round(phase);
    const notes = inside(start, start + length), middle = start + (length >> 1);
    return {
      start: start - from,
      frames: length,
      rhythm: Int32Array.from(new Set(notes.map(place))),
      onsets: Int32Array.from(notes, (note) => place(note) * 128 + note.pitch),
      halves: [all.slice(start, middle), all.slice(middle, start + length)].map(countClasses),
    };
  };
  const notes = inside(from, end).map((note) => ({
    ...note,
    start: note.start - from,
    end: note.end - from,
  }));
  return {
    bars: own.map(barOf),
    following: next.map(barOf),
    frames,
    notes,
    chords: chordsOf(notes, frames),
    beat: stepsPerBeat(grid),
  };
}

function chordsOf(notes: readonly GridNote[], frames: readonly Frame[]): Chord[] {
  const chords: { start: number; pitches: number[] }[] = [];
  for (const { start, pitch } of notes) {
    if (chords.at(-1)?.start !== start) chords.push({ start, pitches: [] });
    chords.at(-1)!.pitches.push(pitch);
  }
  return chords.map(({ start, pitches }) => ({
    start,
    pitches,
    top: pitches.at(-1)! === pitchOf(frames[start]!.at(-1)!),
    bottom: pitches[0]! === pitchOf(frames[start]![0]!),
  }));
}

/** The index of the first note at or after frame `start`. */
function lowerBound(notes: readonly GridNote[], start: number): number {
  return countBefore(notes.length, (i) => notes[i]!.start < start);
}

/** Share of the items that satisfy `is`; NaN for an empty list. */
export function shareOf<T>(items: readonly T[], is: (item: T, index: number) => boolean): number {
  return items.filter(is).length / items.length;
}

/** Entropy of a distribution of counts in bits; 0 for an empty one. */
export function entropy(counts: Iterable<number>): number {
  const all = [...counts].filter((count) => count > 0);
  const whole = sum(all);
  return all.reduce((bits, count) => bits - count / whole * Math.log2(count / whole), 0);
}
