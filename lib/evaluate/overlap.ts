import type { Random } from "../random.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { type Histogram, type Statistics, statisticsOf } from "./statistics.ts";

/** Per quality of {@linkcode Statistics}, how far two distributions overlap, 0 to 1. */
export type Overlap = { readonly [Quality in keyof Statistics]: number };

/**
 * The area that two distributions share: Σ min(p, q) over bins, 1 for equal ones, 0 for disjoint
 * ones, after the overlapping area of Yang and Lerch (2018, "On the evaluation of generative
 * models in music"). They take it between smoothed densities of distances within and
 * between two sets; here it is taken between the sets' own histograms, which needs no kernel width.
 */
export function histogramOverlap(a: Histogram, b: Histogram): number {
  return a.shares.reduce((sum, share, bin) => sum + Math.min(share, b.shares[bin]!), 0);
}

/** {@linkcode histogramOverlap} of each quality. */
export function overlapOf(a: Statistics, b: Statistics): Overlap {
  const qualities = Object.keys(a) as (keyof Statistics)[];
  return Object.fromEntries(
    qualities.map((quality) => [quality, histogramOverlap(a[quality], b[quality])]),
  ) as Overlap;
}

/**
 * The overlap of a random set of the pieces with all others: how alike music from one source is.
 * @param count pieces of the set; at least 1, at most all but one
 * @throws {RangeError} if there are too few pieces
 */
export function overlapWithin(
  pieces: readonly Piece[],
  grid: Grid,
  count: number,
  random: Random,
): Overlap {
  if (!(count >= 1 && count < pieces.length)) {
    throw new RangeError(
      `Cannot compare ${count} pieces with the others: there are ${pieces.length} in all`,
    );
  }
  const order = random.shuffle([...pieces]);
  return overlapOf(
    statisticsOf(order.slice(0, count), grid),
    statisticsOf(order.slice(count), grid),
  );
}
