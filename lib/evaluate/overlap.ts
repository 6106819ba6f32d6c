import { mean, sum } from "../numbers.ts";
import type { Random } from "../random.ts";
import { type Counted, type Histogram, type Statistics, statisticsOf } from "./statistics.ts";

/** Overlap of two distributions for each quality of {@linkcode Statistics}, 0 to 1. */
export type Overlap = Readonly<Record<keyof Statistics, number>>;

/**
 * The area that two distributions share: Σ min(p, q) over bins, 1 for equal ones, 0 for disjoint
 * ones, after the overlapping area of Yang and Lerch (2018, "On the evaluation of generative
 * models in music"). They take it between smoothed densities of distances within and
 * between two sets; here it is taken between the sets' own histograms, which needs no kernel width.
 */
export function histogramOverlap(a: Histogram, b: Histogram): number {
  return sum(a.shares.map((share, bin) => Math.min(share, b.shares[bin]!)));
}

/** {@linkcode histogramOverlap} of each quality. */
export function overlapOf(a: Statistics, b: Statistics): Overlap {
  const qualities = Object.keys(a) as (keyof Statistics)[];
  return Object.fromEntries(
    qualities.map((quality) => [quality, histogramOverlap(a[quality], b[quality])]),
  ) as Overlap;
}

/** Number of random splits into halves to average over. */
const SPLITS = 5;

/**
 * Mean overlap of two random halves of the pieces over five splits: the baseline for music from one
 * source.
 * @throws {RangeError} if there are fewer than two pieces
 */
export function overlapOfHalves(pieces: readonly Counted[], random: Random): Overlap {
  if (pieces.length < 2) {
    throw new RangeError(
      `Cannot compare two halves of ${pieces.length} pieces: needed at least two`,
    );
  }
  const overlaps = Array.from({ length: SPLITS }, () => {
    const order = random.shuffle([...pieces]), middle = order.length >> 1;
    return overlapOf(
      statisticsOf(order.slice(0, middle)),
      statisticsOf(order.slice(middle)),
    );
  });
  const qualities = Object.keys(overlaps[0]!) as (keyof Overlap)[];
  return Object.fromEntries(qualities.map((quality) => [
    quality,
    mean(overlaps.map((overlap) => overlap[quality])),
  ])) as Overlap;
}
