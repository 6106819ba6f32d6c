import { BUNDLE } from "../model/bundle_files.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { planWithChords } from "../harmony/piece_chords.ts";
import { fields, list, number, readJson, text } from "../store/shape.ts";
import type { Plan, PlanOfPiece } from "../tokens/plan.ts";
import { keyOf } from "../tokens/find_key.ts";
import { planOf } from "../tokens/plan_of.ts";
import { decodePlans, encodePlans } from "../tokens/plan_text.ts";
import { type Range, rangesOf } from "./judge/ranges.ts";

/** Corpus summary in a model's bundle, without the openings. */
export interface Reference {
  /** Plans of its pieces, from which new ones are made. */
  readonly plans: readonly PlanOfPiece[];
  /** Usual ranges of its statistics. */
  readonly ranges: readonly Range[];
}

/** Most plans in a bundle. */
const MOST_PLANS = 200;

/** Most bars of a piece in its plan. */
const MOST_BARS = 400;

/** Summarises a corpus for generation. */
export function referenceOf(corpus: Corpus, training: readonly number[]): Reference {
  const every = Math.ceil(training.length / MOST_PLANS);
  const { grid, chords } = corpus;
  const some = training.filter((_, index) => index % every === 0);
  const pieces = some.map((index) => corpus.piece(index));
  const plans = pieces.map((piece, at) => ({
    name: piece.name,
    plan: firstBars(planWithChords(planOf(piece, grid), piece, chords[some[at]!]!, grid)),
  })).filter(({ plan }) => plan.bars.length > 0)
    .map((piece) => ({ ...piece, key: keyOf(piece.plan.bars, piece.plan.ends) }));
  return { plans, ranges: rangesOf(pieces, grid) };
}

function firstBars(plan: Plan): Plan {
  const { bars } = plan;
  return bars.length <= MOST_BARS ? plan : { bars: bars.slice(0, MOST_BARS), ends: false };
}

const rangesShape = list(
  fields({ name: text(200), least: number(-1e9, 1e9), most: number(-1e9, 1e9) }),
  1000,
);

/** Files of a corpus summary in a model's bundle. */
export function referenceFiles({ plans, ranges }: Reference): Record<string, string> {
  return {
    [BUNDLE.plans]: encodePlans(plans),
    [BUNDLE.ranges]: JSON.stringify(ranges, null, 1) + "\n",
  };
}

/**
 * Reads the corpus summary of a bundle; empty without these files.
 * @throws {Error} if they are damaged
 */
export function readReference(files: ReadonlyMap<string, Uint8Array>): Reference {
  const textOf = (name: string) => new TextDecoder().decode(files.get(name));
  const ranges = readJson(
    textOf(BUNDLE.ranges) || "[]",
    rangesShape,
    `Cannot play a model: its ${BUNDLE.ranges}`,
  );
  return { plans: decodePlans(textOf(BUNDLE.plans)), ranges };
}
