import type { Random } from "../random.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { copyingFrom } from "./copying.ts";
import { critique, critiqueOfHalves, judgedOf } from "./critic.ts";
import { degeneracyOf } from "./degeneracy.ts";
import type { Evaluation, OfEach } from "./report.ts";
import {
  type Counted,
  countedOf,
  type Histogram,
  type Statistics,
  statisticsOf,
} from "./statistics.ts";
import { piecesOf, type TrainingMusic } from "./training.ts";
import { mean, sum } from "../numbers.ts";

/** Comparison of generated music, and of held-out music as a yardstick, with the training music. */
export type Comparison = Pick<
  Evaluation,
  "copying" | "overlap" | "critic" | "statistics" | "degeneracy"
>;

/**
 * Compares music with the training music.
 * @param training null if the corpus is missing: copying, overlap and critic are then null
 * @param random splits the training pieces into halves
 * @param onStep called before each of the {@linkcode COMPARISONS} steps
 */
export async function compare(
  music: OfEach<readonly Piece[]>,
  training: TrainingMusic | null,
  grid: Grid,
  random: Random,
  onStep: (done: number) => Promise<void> | void = () => {},
): Promise<Comparison> {
  let done = 0;
  const step = async <T>(measure: () => T): Promise<T> => {
    await onStep(done++);
    return measure();
  };
  const each = async <T>(
    measure: ((pieces: readonly Piece[]) => T) | null,
  ): Promise<OfEach<T>> => ({
    generated: await step(() => measure && music.generated && measure(music.generated)),
    heldOut: await step(() => measure && music.heldOut && measure(music.heldOut)),
  });
  const trained = training && piecesOf(training);
  const count = (pieces: readonly Piece[]) => pieces.map((piece) => countedOf(piece, grid));
  const counted = await step(() => trained && count(trained));
  const distributions = counted && statisticsOf(counted);
  const statistics = await each((pieces) => statisticsOf(count(pieces)));
  const overlap = (of: Statistics | null) => of && distributions && overlapOf(of, distributions);
  const usual = await step(() => trained && judgedOf(trained, grid));
  const copies = await step(() => training && copyingFrom(training));
  return {
    copying: await each(copies),
    overlap: {
      generated: overlap(statistics.generated),
      heldOut: overlap(statistics.heldOut),
      halves: counted && counted.length > 1 ? overlapOfHalves(counted, random) : null,
    },
    critic: {
      ...await each(usual && ((pieces) => critique(judgedOf(pieces, grid), usual, random))),
      halves: await step(() => usual && usual.length > 1 ? critiqueOfHalves(usual, random) : null),
    },
    statistics: { ...statistics, training: distributions },
    degeneracy: {
      ...await each((pieces) => degeneracyOf(pieces, grid)),
      training: trained && degeneracyOf(trained, grid),
    },
  };
}

/** Steps of {@linkcode compare}. */
export const COMPARISONS = 12;

/** Overlap of two distributions for each quality of {@linkcode Statistics}, 0 to 1. */
type Overlap = Readonly<Record<keyof Statistics, number>>;

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
    return overlapOf(statisticsOf(order.slice(0, middle)), statisticsOf(order.slice(middle)));
  });
  const qualities = Object.keys(overlaps[0]!) as (keyof Overlap)[];
  return Object.fromEntries(qualities.map((quality) => [
    quality,
    mean(overlaps.map((overlap) => overlap[quality])),
  ])) as Overlap;
}
