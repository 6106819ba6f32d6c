import type { Random } from "../random.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { type Copying, copyingFrom } from "./copying.ts";
import { type Critique, critique, critiqueOfHalves, judgedOf } from "./critic.ts";
import { type Liveliness, livelinessOf } from "./liveliness.ts";
import { overlapOf, overlapOfHalves } from "./overlap.ts";
import { countedOf, type Statistics, statisticsOfCounted } from "./statistics.ts";
import { piecesOf, type TrainingMusic } from "./training.ts";

/**
 * What was measured on each kind of music: on the model's `generated` music, on music by people that
 * the model did not learn from (`heldOut`), and on what `Also` names; null where there was no such
 * music, or no corpus.
 */
export type OfEach<T, Also extends string = never> = {
  readonly [Kind in "generated" | "heldOut" | Also]: T | null;
};

/**
 * How generated music, and unseen music as the yardstick, compare with the `training` music. `halves`
 * is one random half of the training pieces beside the other: what to hope for; null where there is
 * one piece only.
 */
export interface Comparison {
  /** What stands in the training music; null without the corpus. */
  readonly copying: OfEach<Copying>;
  /** Per distribution, how far it overlaps with that of the training music, 0 to 1. */
  readonly overlap: OfEach<Readonly<Record<keyof Statistics, number>>, "halves">;
  /** How well a plain classifier tells the music from the training music, and by what. */
  readonly critic: OfEach<Critique, "halves">;
  /** The distributions themselves. */
  readonly statistics: OfEach<Statistics, "training">;
  /** Signs of music that is stuck. */
  readonly liveliness: OfEach<Liveliness, "training">;
}

/**
 * Compares music with the training music.
 * @param training null if the corpus is not there: copying, overlap and critic are null then
 * @param random splits the training pieces into halves
 * @param onStep called before each of the steps, of which there are as many as {@linkcode COMPARISONS}
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
  const distributions = counted && statisticsOfCounted(counted);
  const statistics = await each((pieces) => statisticsOfCounted(count(pieces)));
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
    liveliness: {
      ...await each((pieces) => livelinessOf(pieces, grid)),
      training: trained && livelinessOf(trained, grid),
    },
  };
}

/** Steps of {@linkcode compare}. */
export const COMPARISONS = 12;
