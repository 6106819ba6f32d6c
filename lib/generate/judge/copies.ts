import { decodePassageFilter } from "../../evaluate/passage_filter.ts";
import { type Moments, momentsOf, PASSAGE_FRAMES } from "../../evaluate/passages.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Grid } from "../../tokens/piece.ts";

/** Search for passages of the training music, in any key. */
export interface CopyFinder {
  /** Longest passage, in beats; null if there is none. */
  longest(frames: readonly Frame[]): { readonly beats: number } | null;
  /** Share of the frames from `from` on with which a known passage of eight frames ends. */
  share(frames: readonly Frame[], from: number): number;
}

/** Copy search over several passage filters; undefined if there are none. */
export function copyFinderOf(
  passages: readonly Uint8Array[],
  grid: Grid,
): CopyFinder | undefined {
  const filters = passages.map((bytes) => decodePassageFilter(bytes, grid));
  if (filters.length === 0) return undefined;
  let last: { readonly of: readonly Frame[]; readonly moments: Moments } | undefined;
  const momentsIn = (frames: readonly Frame[]) => {
    if (last?.of !== frames) last = { of: frames, moments: momentsOf(frames, grid) };
    return last.moments;
  };
  return {
    longest: (frames) =>
      filters.map((filter) => filter.longest(frames, momentsIn(frames)))
        .reduce((most, found) => (found?.beats ?? 0) > (most?.beats ?? 0) ? found : most),
    share: (frames, from) => {
      const moments = momentsIn(frames);
      const known = filters.map((filter) => filter.known(frames));
      let copied = 0;
      for (let end = Math.max(from, PASSAGE_FRAMES - 1); end < frames.length; end++) {
        if (!known.some((ends) => ends[end] === 1)) continue;
        if (moments.counts(end - PASSAGE_FRAMES + 1, end)) copied++;
      }
      return copied / Math.max(1, frames.length - from);
    },
  };
}

/** Limits on copying from the training music. */
export interface CopyCheck {
  /** Search for copies; undefined where the training music is unknown. */
  readonly copies?: CopyFinder | undefined;
  /** Longest copy from the training music, in beats, in any key. */
  readonly mostCopied: number;
}
