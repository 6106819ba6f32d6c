import type { Random } from "../random.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { copyingFrom } from "./copying.ts";
import { critique, critiqueOfHalves, judgedOf } from "./critic.ts";
import { degeneracyOf } from "./degeneracy.ts";
import { overlapOf, overlapOfHalves } from "./overlap.ts";
import type { Evaluation, OfEach } from "./report.ts";
import { countedOf, type Statistics, statisticsOf } from "./statistics.ts";
import { piecesOf, type TrainingMusic } from "./training.ts";

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
