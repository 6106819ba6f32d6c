import { type Frame, isHeld, pitchOf } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { suffixAutomaton } from "./suffix_automaton.ts";
import type { Combinations, TrainingMusic } from "./training.ts";

/** A passage that stands in the training music. */
export interface CopiedPassage {
  /** The piece in which it was found copied. */
  readonly piece: string;
  /** Its first frame there, from 0. */
  readonly start: number;
  /** How many frames it lasts; it begins and ends with a sounding frame. */
  readonly frames: number;
  /** How many notes sound in its first frame or begin after it. */
  readonly notes: number;
  /** The piece of the training music in which it stands (one of them). */
  readonly source: string;
  /** Its first frame in that piece. */
  readonly sourceStart: number;
  /** By how many semitones it lies higher than its source; 0: copied as it is. */
  readonly semitones: number;
}

/** How much of some music stands in the training music. */
export interface Copying {
  /** The longest copied passage of all pieces; null if nothing was copied. */
  readonly longest: CopiedPassage | null;
  /** The mean over pieces of the frames of a piece's longest copied passage; null if no pieces. */
  readonly meanLongestFrames: number | null;
  /** Passages of {@linkcode PASSAGE_FRAMES} frames in which something happens. */
  readonly passages: number;
  /** Share of those that stand in the training music, transposed or not; null if none. */
  readonly copiedShare: number | null;
  /** Share of those that stand there at the same pitch; null if none. */
  readonly copiedShareUntransposed: number | null;
  /** How many pieces consist wholly of one copied passage: they are training music. */
  readonly wholePieces: number;
  /** The longest copied passage of each piece. */
  readonly pieces: readonly { readonly name: string; readonly longest: CopiedPassage | null }[];
}

/** Frames of the passages that are counted. */
export const PASSAGE_FRAMES = 8;

/** In a passage that counts, notes begin at least so often after its first frame. */
const MOMENTS = 2;

/**
 * Makes a search for passages of the training music. Two passages are the same if all frames are,
 * struck and held notes apart, at any transposition. A passage counts only if notes begin in at
 * least two frames after its first: silence, one held chord and one step from chord to chord are
 * everybody's. Building takes about a second per 500,000 frames.
 */
export function copyingFrom(
  music: TrainingMusic,
): (pieces: readonly Piece[]) => Copying {
  const { vocabulary, ids, pieces: sources, grid } = music;
  // A separator of its own after each piece keeps passages from running across.
  const sequence = new Int32Array(sources.reduce((sum, { length }) => sum + length + 1, 0));
  const starts: number[] = [];
  let at = 0;
  sources.forEach(({ offset, length }, index) => {
    starts.push(at);
    sequence.set(ids.subarray(offset, offset + length), at);
    at += length;
    sequence[at++] = vocabulary.size + index;
  });
  const automaton = suffixAutomaton(sequence);
  const range = pitchRange(used(music));

  function search(piece: Piece) {
    const moments = momentsOf(piece, grid);
    const shifted = transposer(piece.frames, vocabulary);
    const copied = new Uint8Array(piece.frames.length); // by end: 1 transposed, 2 as it is
    let longest: CopiedPassage | null = null;
    for (const shift of shifts(pitchRange(piece.frames), range)) {
      automaton.match(shifted(shift), (
        end,
        length,
        sequenceEnd,
      ) => {
        if (length >= PASSAGE_FRAMES) copied[end] = shift === 0 ? 2 : copied[end] || 1;
        const first = moments.soundingFrom[end - length + 1]!, last = moments.soundingUntil[end]!;
        const frames = last - first + 1;
        if (frames <= (longest?.frames ?? 1)) return;
        if (moments.before[last + 1]! - moments.before[first + 1]! < MOMENTS) return;
        const position = sequenceEnd - (end - first);
        const source = lastAtMost(starts, position);
        longest = {
          piece: piece.name,
          start: first,
          frames,
          notes: piece.frames[first]!.length + moments.notes[last + 1]! - moments.notes[first + 1]!,
          source: sources[source]!.name,
          sourceStart: position - starts[source]!,
          semitones: 0 - shift,
        };
      });
    }
    let passages = 0, transposed = 0, same = 0;
    for (let end = PASSAGE_FRAMES - 1; end < piece.frames.length; end++) {
      const first = end - PASSAGE_FRAMES + 1;
      if (moments.before[end + 1]! - moments.before[first + 1]! < MOMENTS) continue;
      passages++;
      if (copied[end]! > 0) transposed++;
      if (copied[end] === 2) same++;
    }
    const frames = moments.soundingUntil.at(-1)! - moments.soundingFrom[0]! + 1;
    const found = longest as CopiedPassage | null; // assigned in a callback, which escapes the checker
    return { longest: found, whole: found?.frames === frames, passages, transposed, same };
  }

  return (pieces) => {
    const results = pieces.map(search);
    const sum = (of: (result: typeof results[number]) => number) =>
      results.reduce((total, result) => total + of(result), 0);
    const passages = sum((result) => result.passages);
    const share = (count: number) => passages > 0 ? count / passages : null;
    let longest: CopiedPassage | null = null;
    for (const result of results) {
      if ((result.longest?.frames ?? 0) > (longest?.frames ?? 0)) longest = result.longest;
    }
    return {
      longest,
      meanLongestFrames: pieces.length > 0
        ? sum((result) => result.longest?.frames ?? 0) / pieces.length
        : null,
      passages,
      copiedShare: share(sum((result) => result.transposed)),
      copiedShareUntransposed: share(sum((result) => result.same)),
      wholePieces: results.filter((result) => result.whole).length,
      pieces: pieces.map(({ name }, index) => ({ name, longest: results[index]!.longest })),
    };
  };
}

/** Every transposition that could match, the smallest first. */
function shifts(of: PitchRange, into: PitchRange): number[] {
  if (of.highest < 0 || into.highest < 0) return [0];
  const least = into.lowest - of.highest, most = into.highest - of.lowest;
  const all = Array.from({ length: Math.max(0, most - least + 1) }, (_, i) => least + i);
  return all.sort((a, b) => Math.abs(a) - Math.abs(b));
}

/** Gives the ids of the frames, transposed; −1 where the combination is unknown. */
function transposer(
  frames: readonly Frame[],
  vocabulary: Combinations,
): (shift: number) => Int32Array {
  // Music repeats its frames: only different ones are looked up.
  const numbers = new Map<string, number>();
  const different: Frame[] = [];
  const numbered = Int32Array.from(frames, (frame) => {
    const key = String.fromCharCode(...frame);
    if (!numbers.has(key)) numbers.set(key, different.push(frame) - 1);
    return numbers.get(key)!;
  });
  return (shift) => {
    const ids = different.map((frame) => {
      if (frame.some((code) => pitchOf(code) + shift < 0 || pitchOf(code) + shift > 127)) return -1;
      return vocabulary.id(frame.map((code) => code + shift)) ?? -1;
    });
    return numbered.map((number) => ids[number]!);
  };
}

interface PitchRange {
  readonly lowest: number;
  readonly highest: number;
}

function pitchRange(frames: readonly Frame[]): PitchRange {
  let lowest = 128, highest = -1;
  for (const frame of frames) {
    for (const code of frame) {
      lowest = Math.min(lowest, pitchOf(code));
      highest = Math.max(highest, pitchOf(code));
    }
  }
  return { lowest, highest };
}

function used({ vocabulary }: TrainingMusic): Frame[] {
  return Array.from({ length: vocabulary.size }, (_, id) => vocabulary.frame(id));
}

/** Sums and neighbours that tell in one look what happens in a passage. */
function momentsOf({ frames }: Piece, grid: Grid) {
  const T = frames.length;
  const before = new Int32Array(T + 1); // frames before t in which a note begins
  const notes = new Int32Array(T + 1); // notes that begin before t
  const soundingUntil = new Int32Array(T), soundingFrom = new Int32Array(T);
  for (let t = 0; t < T; t++) {
    const last = new Set(grid.attacks ? [] : frames[t - 1] ?? []);
    const begin = frames[t]!.filter((code) => !isHeld(code) && !last.has(code)).length;
    before[t + 1] = before[t]! + (begin > 0 ? 1 : 0);
    notes[t + 1] = notes[t]! + begin;
    soundingUntil[t] = frames[t]!.length > 0 ? t : soundingUntil[t - 1] ?? -1;
  }
  for (let t = T - 1; t >= 0; t--) {
    soundingFrom[t] = frames[t]!.length > 0 ? t : soundingFrom[t + 1] ?? T;
  }
  return { before, notes, soundingFrom, soundingUntil };
}

/** The index of the last of the ascending `values` that is at most `value`. */
function lastAtMost(values: readonly number[], value: number): number {
  let low = 0, high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
