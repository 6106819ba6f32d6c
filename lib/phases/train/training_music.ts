import { BUNDLE } from "../../model/bundle_files.ts";
import type { Corpus } from "../../corpus/corpus.ts";
import { holdOut } from "../../corpus/holdout.ts";
import { nearDuplicates } from "../../corpus/near_duplicates.ts";
import { targetsOf } from "../../corpus/windows.ts";
import { backOffStatistics } from "../../evaluate/back_off.ts";
import { passageFilter } from "../../evaluate/passage_filter.ts";
import { PRIMER_FRAMES } from "../../generate/primer.ts";
import { referenceFiles, referenceOf } from "../../generate/reference.ts";
import type { Base } from "../../model/base.ts";
import type { ModelParts, Opening, TrainedWith } from "../../model/bundle.ts";
import { Random } from "../../random.ts";
import { encodeCombination } from "../../tokens/combination.ts";
import type { Piece } from "../../tokens/piece.ts";

/** The music of a run: training and held-out pieces. */
export interface MusicToLearn {
  readonly corpus: Corpus;
  /** Indices of the training pieces. */
  readonly training: readonly number[];
  /** Indices of the held-out pieces; may be empty. */
  readonly heldOut: readonly number[];
  /** Positions of the target frames in the corpus's ids. */
  readonly targets: Int32Array;
}

/** Splits a corpus. @throws {Error} if there is nothing to train on, or to hold out as requested */
export function musicToLearn(corpus: Corpus, { holdout, seed }: TrainedWith): MusicToLearn {
  const lengths = corpus.pieces.map(({ length }) => length);
  const { training, heldOut } = holdOut(lengths, holdout, new Random(seed));
  const targets = targetsOf(corpus, training);
  if (targets.length === 0) throw new Error(`Corpus "${corpus.name}" has no frames to learn from`);
  return { corpus, training, heldOut, targets };
}

/** Number of known held-out pieces listed by name. */
const NAMED = 3;

/** Warnings about held-out pieces that nearly equal some of the training pieces. */
export function knownAlready(
  { corpus, training, heldOut }: Pick<MusicToLearn, "training" | "heldOut"> & {
    readonly corpus: Pick<Corpus, "grid" | "piece">;
  },
): string[] {
  if (heldOut.length === 0) return [];
  const [aside, learned] = [heldOut, training].map((list) => list.map((i) => corpus.piece(i)));
  const known = nearDuplicates(aside!, learned!, corpus.grid.attacks);
  if (known.length === 0) return [];
  const pairs = known.slice(0, NAMED).map(({ name, like }) => `${name} (${like})`).join(", ");
  const are = known.length === 1 ? "is" : "are", more = known.length > NAMED ? ", …" : "";
  return [
    `${known.length} of the ${heldOut.length} held-out pieces ${are} nearly the same as pieces ` +
    `that are learned from: ${pairs}${more}. The held-out loss says little of unseen music: ` +
    "leave one of each pair out of the folder and preprocess it again.",
  ];
}

/**
 * Size and number of excerpts for measuring familiarity with the music; all frames would take long.
 */
const EXCERPT_FRAMES = 256, EXCERPTS = 16;

/** The beginnings of some pieces, evenly spaced, for measuring familiarity with the music. */
export function excerptsOf({ corpus, training }: MusicToLearn): Piece[] {
  return evenly(training, EXCERPTS).map((index) => {
    const piece = corpus.piece(index);
    return { ...piece, frames: piece.frames.slice(0, EXCERPT_FRAMES) };
  });
}

/** Parts of a bundle derived from the training music, and the base's passage filters. */
export function knownOf(
  { corpus, training }: MusicToLearn,
  base: Base | undefined,
): Pick<ModelParts, "vocabulary" | "backOff" | "openings" | "reference"> {
  const pieces = training.map((index) => corpus.piece(index));
  return {
    vocabulary: corpus.vocabulary,
    backOff: backOffStatistics({ ...corpus, pieces: training.map((i) => corpus.pieces[i]!) }),
    openings: openingsOf(corpus, training),
    reference: {
      ...referenceFiles(referenceOf(corpus, training)),
      ...base?.passages,
      [BUNDLE.passages]: passageFilter(pieces, corpus.grid).encode(),
    },
  };
}

/** Most pieces with openings in a bundle. */
const MOST_OPENINGS = 100;

function openingsOf(corpus: Corpus, training: readonly number[]): Opening[] {
  return evenly(training, MOST_OPENINGS).map((index) => {
    const { frames, metres } = corpus.piece(index);
    return {
      frames: frames.slice(0, PRIMER_FRAMES).map(encodeCombination),
      metres: metres.filter(({ frame }) => frame < PRIMER_FRAMES),
    };
  });
}

/** At most `most` items, evenly spaced. */
function evenly(all: readonly number[], most: number): number[] {
  const every = Math.ceil(all.length / most);
  return all.filter((_, index) => index % every === 0);
}
