import { sum } from "../../numbers.ts";
import { countBefore } from "../../search.ts";
import { type Bar, barsOf, endOfBar, stepsPerBeat } from "../../tokens/bars.ts";
import { countClasses, type Frame, pitchOf } from "../../tokens/frame.ts";
import { decodeFrames, type GridNote } from "../../tokens/grid.ts";
import type { Grid, Piece } from "../../tokens/piece.ts";

/** Some bars of a piece, with what the features look at. */
export interface Excerpt {
  /** The bars, and those that follow in the piece: as many again, or fewer at its end. */
  readonly bars: readonly ExcerptBar[];
  readonly following: readonly ExcerptBar[];
  /** Its frames. */
  readonly frames: readonly Frame[];
  /** The notes that begin in it, by start (from the excerpt's first frame), then pitch. */
  readonly notes: readonly GridNote[];
  /** The notes that begin together, lowest first, in order of time. */
  readonly chords: readonly Chord[];
  /** Frames in a beat; half a second where the grid has none. */
  readonly beat: number;
}

/** Notes that begin together. */
export interface Chord {
  /** The frame, from the excerpt's first. */
  readonly start: number;
  /** Pitches, ascending. */
  readonly pitches: readonly number[];
  /** Whether its highest (lowest) pitch is the highest (lowest) that sounds. */
  readonly top: boolean;
  readonly bottom: boolean;
}

/** One bar. */
export interface ExcerptBar {
  /** Its first frame, from the excerpt's first, and its frames. */
  readonly start: number;
  readonly frames: number;
  /** The places in the bar where notes begin, in steps from the bar line, ascending. */
  readonly rhythm: Int32Array;
  /** The notes that begin in it as place · 128 + pitch, ascending. */
  readonly onsets: Int32Array;
  /** How long each of the 12 pitch classes sounds, in frames: of its first half and of its second. */
  readonly halves: readonly (readonly number[])[];
}

/**
 * Cuts a piece into excerpts of `size` bars, one after the other from its first whole bar; what is
 * left over at the end is no excerpt. A piece that is shorter, but at least half as long, is one.
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

/** A whole piece as one excerpt, upbeat and all; null if it has no frames. */
export function wholeOf(piece: Piece, grid: Grid): Excerpt | null {
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  if (bars.length === 0) return null;
  return excerpt(piece.frames, decodeFrames(piece.frames, grid.attacks), bars, [], grid);
}

/** Two of {@linkcode ExcerptBar.halves} together. */
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

/** The share of those that satisfy `is`, or NaN of none. */
export function shareOf<T>(items: readonly T[], is: (item: T, index: number) => boolean): number {
  return items.filter(is).length / items.length;
}

/** Entropy of how often each value comes, in bits; 0 of none. */
export function entropy(counts: Iterable<number>): number {
  const all = [...counts].filter((count) => count > 0);
  const whole = sum(all);
  return all.reduce((bits, count) => bits - count / whole * Math.log2(count / whole), 0);
}

/** Elements in common among all that either has (Jaccard index); both ascending; 0 of two empty ones. */
export function likeness(a: Int32Array, b: Int32Array): number {
  let i = 0, j = 0, common = 0;
  while (i < a.length && j < b.length) {
    if (a[i]! === b[j]!) {
      common++;
      i++;
      j++;
    } else if (a[i]! < b[j]!) i++;
    else j++;
  }
  return common / Math.max(1, a.length + b.length - common);
}
