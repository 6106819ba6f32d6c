import { countBefore } from "../search.ts";
import { stepsPerBeat } from "../tokens/bars.ts";
import { begins, type Frame, HELD, isHeld, pitchOf } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { suffixAutomaton } from "./suffix_automaton.ts";

/** Frames of the passages that are counted. */
export const PASSAGE_FRAMES = 8;

/** A stretch of some music that stands in other music, in any key. */
export interface Passage {
  /** Its first frame, from 0. */
  readonly start: number;
  /** How many frames it lasts; it begins and ends with a sounding frame. */
  readonly frames: number;
  /** The same in beats (half seconds where the grid has none). */
  readonly beats: number;
  /** How many notes sound in its first frame or begin after it. */
  readonly notes: number;
}

/** A passage, and one place in the indexed music where it stands. */
export interface FoundPassage extends Passage {
  /** The index of the piece. */
  readonly source: number;
  /** Its first frame in that piece. */
  readonly sourceStart: number;
  /** By how many semitones it lies higher than there; 0: it is the same. */
  readonly semitones: number;
}

/** Finds what stands in the music that it was made of. */
export interface PassageIndex {
  /** The longest passage that counts ({@linkcode momentsOf}); the earliest of equals; or null. */
  longest(frames: readonly Frame[]): FoundPassage | null;
  /** Per frame, how long the longest stretch is that ends with it, whether it counts or not; 0: none. */
  runs(frames: readonly Frame[]): Int32Array;
}

/**
 * Makes an index of all passages of some music. Two passages are the same if all frames are, struck
 * and held notes apart, at any transposition. Time and memory grow with the number of frames: about
 * 2 s and 100 MB per 500,000 frames; a search takes about a millisecond per 1,000 frames.
 */
export function passageIndex(
  pieces: readonly Pick<Piece, "frames">[],
  grid: Grid,
): PassageIndex {
  const shapes = new Map<string, number>();
  const sequence: number[] = [], frameAt: number[] = []; // by symbol: the frame of all pieces' frames
  const starts: number[] = [], lowest: number[] = [];
  pieces.forEach(({ frames }, piece) => {
    const from = lowest.length;
    starts.push(from);
    const symbols = symbolsOf(frames, (shape) => {
      if (!shapes.has(shape)) shapes.set(shape, shapes.size);
      return FIRST_SHAPE + 2 * shapes.get(shape)!;
    });
    symbols.codes.forEach((code, at) => {
      sequence.push(code);
      frameAt.push(from + symbols.frameAt[at]!);
    });
    for (const frame of frames) lowest.push(frame.length > 0 ? pitchOf(frame[0]!) : 0);
    // A separator of its own after each piece keeps passages from running across.
    sequence.push(FIRST_SHAPE + 2 * piece + 1);
    frameAt.push(lowest.length);
  });
  const automaton = suffixAutomaton(Int32Array.from(sequence));

  function walk(
    frames: readonly Frame[],
    found: (first: number, last: number, sourceLast: number) => void,
  ): void {
    const { codes, frameAt: own } = symbolsOf(frames, (shape) => {
      const known = shapes.get(shape);
      return known === undefined ? UNKNOWN : FIRST_SHAPE + 2 * known;
    });
    automaton.match(Int32Array.from(codes), (end, length, sequenceEnd) => {
      if (codes[end]! < FIRST_SHAPE) return; // between two frames
      found(own[end - length + 1]!, own[end]!, frameAt[sequenceEnd]!);
    });
  }

  return {
    runs(frames) {
      const runs = new Int32Array(frames.length);
      walk(frames, (first, last) => runs[last] = last - first + 1);
      return runs;
    },
    longest(frames) {
      const moments = momentsOf(frames, grid);
      let longest: FoundPassage | null = null;
      walk(frames, (first, last, sourceLast) => {
        const passage = moments.passage(first, last);
        if (!passage || passage.frames <= (longest?.frames ?? 0)) return;
        const position = sourceLast - (last - passage.start);
        const source = countBefore(starts.length, (i) => starts[i]! <= position) - 1;
        longest = {
          ...passage,
          source,
          sourceStart: position - starts[source]!,
          semitones: pitchOf(frames[passage.start]![0]!) - lowest[position]!,
        };
      });
      return longest;
    },
  };
}

/** Steps of the lowest note are coded as 1 … 255, frames from here on: even; separators are odd. */
const FIRST_SHAPE = 256;

/** Matches nothing. */
const UNKNOWN = -1;

/**
 * Writes frames so that music in another key reads the same: each frame as its intervals above its
 * lowest note, and before it, where the lowest note moved since the last sounding frame, by how much.
 * @param shapeCode the number of a frame's intervals, at least {@linkcode FIRST_SHAPE}
 * @returns the codes, and which frame each belongs to
 */
function symbolsOf(
  frames: readonly Frame[],
  shapeCode: (shape: string) => number,
): { readonly codes: number[]; readonly frameAt: number[] } {
  const known = new Map<Frame, number>(); // frames of one vocabulary are the same objects
  const codes: number[] = [], frameAt: number[] = [];
  let before: number | undefined;
  frames.forEach((frame, t) => {
    if (frame.length > 0) {
      const lowest = pitchOf(frame[0]!);
      if (before !== undefined && lowest !== before) {
        codes.push(lowest - before + 128);
        frameAt.push(t);
      }
      before = lowest;
    }
    let code = known.get(frame);
    if (code === undefined) known.set(frame, code = shapeCode(shapeOf(frame)));
    codes.push(code);
    frameAt.push(t);
  });
  return { codes, frameAt };
}

/** A frame's intervals above its lowest note, struck and held apart, as a key. */
function shapeOf(frame: Frame): string {
  return String.fromCharCode(...intervalsOf(frame));
}

/** A frame's intervals above its lowest note; held ones have {@linkcode HELD} added. */
export function intervalsOf(frame: Frame): number[] {
  const lowest = frame.length > 0 ? pitchOf(frame[0]!) : 0;
  return frame.map((code) => pitchOf(code) - lowest + (isHeld(code) ? HELD : 0));
}

/** In a passage that counts, notes begin at least so often after its first frame. */
const LEAST_MOMENTS = 2;

/** Tells what stretches of some frames count as passages. */
export interface Moments {
  /** The stretch from frame `first` to `last`, without silence around it; null if it does not count. */
  passage(first: number, last: number): Passage | null;
  /** Whether in the stretch from frame `first` to `last` enough happens to count. */
  counts(first: number, last: number): boolean;
}

/**
 * What happens in some frames, so that a look tells whether a stretch counts as a passage: if after
 * its first frame notes begin in at least two frames, and not always the same notes as the time
 * before. Silence, a held chord, a step from chord to chord and a chord struck over and over are
 * everybody's.
 */
export function momentsOf(frames: readonly Frame[], grid: Grid): Moments {
  const T = frames.length;
  const moments = new Int32Array(T + 1); // frames before t in which a note begins
  const changes = new Int32Array(T + 1); // those in which it is not the same notes as the last time
  const notes = new Int32Array(T + 1); // notes that begin before t
  const until = new Int32Array(T), from = new Int32Array(T);
  let last = "";
  for (let t = 0; t < T; t++) {
    const begin = frames[t]!.filter((code) => begins(code, frames[t - 1], grid.attacks));
    const key = begin.length > 0 ? String.fromCharCode(...begin) : last;
    moments[t + 1] = moments[t]! + (begin.length > 0 ? 1 : 0);
    changes[t + 1] = changes[t]! + (key !== last ? 1 : 0);
    notes[t + 1] = notes[t]! + begin.length;
    last = key;
    until[t] = frames[t]!.length > 0 ? t : until[t - 1] ?? -1;
  }
  for (let t = T - 1; t >= 0; t--) from[t] = frames[t]!.length > 0 ? t : from[t + 1] ?? T;
  const beat = stepsPerBeat(grid);

  const counts = (first: number, last: number) =>
    moments[last + 1]! - moments[first + 1]! >= LEAST_MOMENTS &&
    changes[last + 1]! - changes[first + 1]! > 0;
  return {
    counts,
    passage(first, last) {
      const start = from[first]!, end = until[last]!;
      if (end < start || !counts(start, end)) return null;
      return {
        start,
        frames: end - start + 1,
        beats: (end - start + 1) / beat,
        notes: frames[start]!.length + notes[end + 1]! - notes[start + 1]!,
      };
    },
  };
}
