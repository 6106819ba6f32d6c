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
  /** End of its highest note, from the excerpt's first frame. */
  readonly topEnd: number;
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
  const barOf = ({ start, frames: length, phase }: Bar): ExcerptBar => {
    const middle = start + (length >> 1), line = start - Math.round(phase);
    const first = lowerBound(allNotes, start), last = lowerBound(allNotes, start + length);
    const rhythm: number[] = [], onsets = new Int32Array(last - first);
    for (let i = first; i < last; i++) {
      const place = allNotes[i]!.start - line;
      if (place !== rhythm.at(-1)) rhythm.push(place);
      onsets[i - first] = place * 128 + allNotes[i]!.pitch;
    }
    return {
      start: start - from,
      frames: length,
      rhythm: Int32Array.from(rhythm),
      onsets,
      halves: [all.slice(start, middle), all.slice(middle, start + length)].map(countClasses),
    };
  };
  const inside = allNotes.slice(lowerBound(allNotes, from), lowerBound(allNotes, end));
  const notes = from === 0
    ? inside
    : inside.map(({ pitch, start, end }) => ({ pitch, start: start - from, end: end - from }));
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
  const chords: { start: number; pitches: number[]; topEnd: number }[] = [];
  for (const { start, pitch, end } of notes) {
    const last = chords.at(-1);
    if (last?.start === start) {
      last.pitches.push(pitch);
      last.topEnd = end;
    } else chords.push({ start, pitches: [pitch], topEnd: end });
  }
  return chords.map(({ start, pitches, topEnd }) => ({
    start,
    pitches,
    topEnd,
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
  let count = 0;
  for (let i = 0; i < items.length; i++) if (is(items[i]!, i)) count++;
  return count / items.length;
}

/** Entropy of a distribution of counts in bits; 0 for an empty one. */
export function entropy(counts: readonly number[]): number {
  let whole = 0, bits = 0;
  for (const count of counts) if (count > 0) whole += count;
  for (const count of counts) {
    if (count > 0) bits -= count / whole * Math.log2(count / whole);
  }
  return bits;
}
