import { countBefore } from "../search.ts";
import { stepsPerBeat } from "../tokens/bars.ts";
import { begins, type Frame, HELD, isHeld, pitchOf, sameFrame } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { suffixAutomaton } from "./suffix_automaton.ts";

/** Length in frames of the counted passages. */
export const PASSAGE_FRAMES = 8;

/** A stretch of frames that also occurs in other music, in any key. */
export interface Passage {
  /** Its first frame, from 0. */
  readonly start: number;
  /** Length in frames; the first and the last frame sound. */
  readonly frames: number;
  /** Length in beats (half seconds if the grid has no beats). */
  readonly beats: number;
  /** Number of notes that sound in its first frame or begin after it. */
  readonly notes: number;
}

/** A passage and one of its occurrences in the indexed music. */
interface FoundPassage extends Passage {
  /** Index of the source piece. */
  readonly source: number;
  /** Its first frame in that piece. */
  readonly sourceStart: number;
  /** Transposition from the source in semitones, positive upwards; 0 if untransposed. */
  readonly semitones: number;
}

/** Search index over the passages of some music. */
interface PassageIndex {
  /** The longest passage that counts ({@linkcode momentsOf}), the earliest of equals, or null. */
  longest(frames: readonly Frame[]): FoundPassage | null;
  /** Length of the longest match that ends at each frame, whether it counts or not; 0: none. */
  runs(frames: readonly Frame[]): Int32Array;
}

/**
 * Creates an index of all passages of some music. Two passages are equal if all frames are,
 * distinguishing struck from held notes, under any transposition. Time and memory grow with the
 * number of frames: about 2 s and 100 MB per 500,000 frames; a search takes about a millisecond per
 * 1,000 frames.
 */
export function passageIndex(
  pieces: readonly Pick<Piece, "frames">[],
  grid: Grid,
): PassageIndex {
  const shapes = new Map<string, number>();
  const sequence: number[] = [], frameAt: number[] = []; // by symbol: its frame, over all pieces
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
    // A unique separator after each piece keeps passages from spanning two pieces.
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

/**
 * Shifts of the lowest note are coded as 1 … 255, frames from here on: even; separators are odd.
 */
const FIRST_SHAPE = 256;

/** Code of an unknown shape, which matches nothing. */
const UNKNOWN = -1;

/**
 * Transposition-invariant encoding of frames: each frame as its intervals above its lowest note,
 * preceded by the shift of the lowest note since the last sounding frame if it moved.
 * @param shapeCode the number of a frame's intervals, at least {@linkcode FIRST_SHAPE}
 * @returns the codes, and the frame of each
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

/** Key of a frame's intervals above its lowest note, distinguishing struck from held. */
function shapeOf(frame: Frame): string {
  return String.fromCharCode(...intervalsOf(frame));
}

/** Intervals of a frame above its lowest note; held notes have {@linkcode HELD} added. */
export function intervalsOf(frame: Frame): number[] {
  const lowest = frame.length > 0 ? pitchOf(frame[0]!) : 0;
  return frame.map((code) => pitchOf(code) - lowest + (isHeld(code) ? HELD : 0));
}

/** Minimum number of frames with onsets after the first frame of a passage that counts. */
const LEAST_MOMENTS = 2;

/** Test of which stretches count as passages. */
export interface Moments {
  /**
   * The stretch from frame `first` to `last` without surrounding silence; null if it does not
   * count.
   */
  passage(first: number, last: number): Passage | null;
  /** Whether the stretch from frame `first` to `last` contains enough change to count. */
  counts(first: number, last: number): boolean;
}

/**
 * Precomputed onsets and changes for testing whether a stretch counts as a passage: after its first
 * frame, notes begin in at least two frames, and not always the same notes as the time before.
 * Silence, a held chord, a step between two chords and a repeated chord are too common to count as
 * copied.
 */
export function momentsOf(frames: readonly Frame[], grid: Grid): Moments {
  const T = frames.length;
  const moments = new Int32Array(T + 1); // frames before t in which a note begins
  const changes = new Int32Array(T + 1); // those whose notes differ from the onset before
  const notes = new Int32Array(T + 1); // notes that begin before t
  const until = new Int32Array(T), from = new Int32Array(T);
  let last: Frame = [];
  for (let t = 0; t < T; t++) {
    const begin = frames[t]!.filter((code) => begins(code, frames[t - 1], grid.attacks));
    const changed = begin.length > 0 && !sameFrame(begin, last);
    moments[t + 1] = moments[t]! + (begin.length > 0 ? 1 : 0);
    changes[t + 1] = changes[t]! + (changed ? 1 : 0);
    notes[t + 1] = notes[t]! + begin.length;
    if (changed) last = begin;
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
