import { sum } from "../numbers.ts";
import { barsOf } from "../tokens/bars.ts";
import type { Piece } from "../tokens/piece.ts";
import { passageHashes } from "./passage_filter.ts";
import { momentsOf, type Passage, PASSAGE_FRAMES, passageIndex } from "./passages.ts";
import { piecesOf, type TrainingMusic } from "./training.ts";

/** Amount of copying: passages that also occur in the training music. */
export interface Copying {
  /** The longest copied passage of all pieces; null if nothing was copied. */
  readonly longest:
    | Passage & {
      /** Name of the piece that contains the copy. */
      readonly piece: string;
      /** Length in bars of the metre in force where it begins. */
      readonly bars: number;
      /** Name of a training piece that contains the passage. */
      readonly source: string;
      /** First frame in that training piece. */
      readonly sourceStart: number;
      /**
       * Transposition from the source in semitones, positive upwards; 0 for an untransposed copy.
       */
      readonly semitones: number;
    }
    | null;
  /** Mean length in frames of each piece's longest copied passage; null without pieces. */
  readonly meanLongestFrames: number | null;
  /**
   * Number of passages of {@linkcode PASSAGE_FRAMES} frames that contain enough change to count.
   */
  readonly passages: number;
  /** Share of those found in the training music, transposed or not; null if there are none. */
  readonly copiedShare: number | null;
  /** Share of those found there at the same pitch; null if there are none. */
  readonly copiedShareUntransposed: number | null;
  /** Number of pieces that consist of one copied passage: these are training music. */
  readonly wholePieces: number;
  /** The longest copied passage of each piece. */
  readonly pieces: readonly { readonly name: string; readonly longest: Copying["longest"] }[];
}

/** A passage copied from the training music. */
export type CopiedPassage = NonNullable<Copying["longest"]>;

/**
 * Creates a search for passages of the training music in any key; {@linkcode passageIndex} defines
 * equality and {@linkcode momentsOf} decides which passages count.
 */
export function copyingFrom(
  music: TrainingMusic,
): (pieces: readonly Piece[]) => Copying {
  const sources = piecesOf(music);
  const index = passageIndex(sources, music.grid);
  const untransposed = new Set<number>();
  for (const { frames } of sources) {
    for (const hash of passageHashes(frames, { anyKey: false })) untransposed.add(hash);
  }

  function search({ name, frames, metres }: Piece) {
    const moments = momentsOf(frames, music.grid);
    const found = index.longest(frames);
    const bar = found &&
      barsOf(metres, frames.length, music.grid).findLast(({ start }) => start <= found.start);
    const longest: CopiedPassage | null = found && {
      ...found,
      piece: name,
      bars: found.frames / bar!.steps,
      source: sources[found.source]!.name,
    };
    const runs = index.runs(frames), hashes = passageHashes(frames, { anyKey: false });
    let passages = 0, transposed = 0, same = 0;
    for (let end = PASSAGE_FRAMES - 1; end < frames.length; end++) {
      const first = end - PASSAGE_FRAMES + 1;
      if (!moments.counts(first, end)) continue;
      passages++;
      if (runs[end]! >= PASSAGE_FRAMES) transposed++;
      if (untransposed.has(hashes[first]!)) same++;
    }
    const whole = moments.passage(0, frames.length - 1)?.frames;
    return {
      longest,
      whole: longest?.frames === whole && longest !== null,
      passages,
      transposed,
      same,
    };
  }

  return (pieces) => {
    const results = pieces.map(search);
    const passages = sum(results.map((result) => result.passages));
    const share = (count: number) => passages > 0 ? count / passages : null;
    let longest: CopiedPassage | null = null;
    for (const result of results) {
      if ((result.longest?.frames ?? 0) > (longest?.frames ?? 0)) longest = result.longest;
    }
    return {
      longest,
      meanLongestFrames: pieces.length > 0
        ? sum(results.map((result) => result.longest?.frames ?? 0)) / pieces.length
        : null,
      passages,
      copiedShare: share(sum(results.map((result) => result.transposed))),
      copiedShareUntransposed: share(sum(results.map((result) => result.same))),
      wholePieces: results.filter((result) => result.whole).length,
      pieces: pieces.map(({ name }, index) => ({ name, longest: results[index]!.longest })),
    };
  };
}
