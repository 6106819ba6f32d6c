import { decodePassageFilter } from "../evaluate/passage_filter.ts";
import type { Frame } from "../tokens/frame.ts";
import type { Grid } from "../tokens/piece.ts";

/** Finds what of some music stands in the training music; `PassageFilter` is one. */
export interface CopyFinder {
  longest(frames: readonly Frame[]): { readonly beats: number } | null;
}

/** Finds what stands in any of some music, of which there are passage filters; undefined of none. */
export function copyFinderOf(
  passages: readonly Uint8Array[],
  grid: Grid,
): CopyFinder | undefined {
  const filters = passages.map((bytes) => decodePassageFilter(bytes, grid));
  if (filters.length === 0) return undefined;
  return {
    longest: (frames) =>
      filters.map((filter) => filter.longest(frames))
        .reduce((most, found) => (found?.beats ?? 0) > (most?.beats ?? 0) ? found : most),
  };
}

/** What may be copied. */
export interface CopyCheck {
  /** Undefined where nothing is known of the training music. */
  readonly copies?: CopyFinder | undefined;
  /** Beats in a row that may stand in the training music, in any key. */
  readonly mostCopied: number;
}
