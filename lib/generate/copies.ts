import { decodePassageFilter } from "../evaluate/passage_filter.ts";
import { momentsOf } from "../evaluate/passages.ts";
import type { Frame } from "../tokens/frame.ts";
import type { Grid } from "../tokens/piece.ts";

/** Search for passages of the training music; `PassageFilter` is one implementation. */
export interface CopyFinder {
  longest(frames: readonly Frame[]): { readonly beats: number } | null;
}

/** Copy search over several passage filters; undefined if there are none. */
export function copyFinderOf(
  passages: readonly Uint8Array[],
  grid: Grid,
): CopyFinder | undefined {
  const filters = passages.map((bytes) => decodePassageFilter(bytes, grid));
  if (filters.length === 0) return undefined;
  return {
    longest: (frames) => {
      const moments = momentsOf(frames, grid);
      return filters.map((filter) => filter.longest(frames, moments))
        .reduce((most, found) => (found?.beats ?? 0) > (most?.beats ?? 0) ? found : most);
    },
  };
}

/** Limits on copying from the training music. */
export interface CopyCheck {
  /** Undefined where the training music is unknown. */
  readonly copies?: CopyFinder | undefined;
  /** Longest copy from the training music, in beats, in any key. */
  readonly mostCopied: number;
}
