import type { Random } from "../random.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { type Copying, copyingFrom } from "./copying.ts";
import { type Liveliness, livelinessOf } from "./liveliness.ts";
import { type Overlap, overlapOf, overlapWithin } from "./overlap.ts";
import { type Statistics, statisticsOf } from "./statistics.ts";
import { piecesOf, type TrainingMusic } from "./training.ts";

/** What was measured on each kind of music; null where there was no such music, or no corpus. */
export interface OfEach<T> {
  /** Of the model's generated music. */
  readonly generated: T | null;
  /** Of music by people that the model did not learn from. */
  readonly heldOut: T | null;
}

/** How generated music, and unseen music as the yardstick, compare with the training music. */
export interface Comparison {
  /** What stands in the training music; null without the corpus. */
  readonly copying: OfEach<Copying>;
  /** How alike the distributions are to those of the training music. */
  readonly overlap: OfEach<Overlap> & {
    /** One random half of the training pieces beside the other. */
    readonly halves: Overlap | null;
  };
  /** The distributions themselves. */
  readonly statistics: OfEach<Statistics> & { readonly training: Statistics | null };
  /** Signs of music that is stuck. */
  readonly liveliness: OfEach<Liveliness> & { readonly training: Liveliness | null };
}

/**
 * Compares music with the training music.
 * @param training null if the corpus is not there: copying and overlap are null then
 * @param random splits the training pieces into halves
 */
export function compare(
  music: OfEach<readonly Piece[]>,
  training: TrainingMusic | null,
  grid: Grid,
  random: Random,
): Comparison {
  const each = <T>(measure: ((pieces: readonly Piece[]) => T) | null): OfEach<T> => ({
    generated: measure && music.generated && measure(music.generated),
    heldOut: measure && music.heldOut && measure(music.heldOut),
  });
  const trained = training && piecesOf(training);
  const distributions = trained && statisticsOf(trained, grid);
  return {
    copying: each(training && copyingFrom(training)),
    overlap: {
      ...each(distributions && ((pieces) => overlapOf(statisticsOf(pieces, grid), distributions))),
      halves: trained && trained.length > 1
        ? overlapWithin(trained, grid, trained.length >> 1, random)
        : null,
    },
    statistics: { ...each((pieces) => statisticsOf(pieces, grid)), training: distributions },
    liveliness: {
      ...each((pieces) => livelinessOf(pieces, grid)),
      training: trained && livelinessOf(trained, grid),
    },
  };
}
