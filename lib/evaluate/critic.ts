import { mean, sum } from "../numbers.ts";
import type { Random } from "../random.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { areaUnderCurve, areaWithUncertainty } from "./area.ts";
import { excerptsOf } from "./features/excerpt.ts";
import { FEATURE_NAMES, FEATURES, featuresOf } from "./features/features.ts";
import { logisticRegression } from "./logistic.ts";

/** Bars per excerpt that the critic classifies. */
export const EXCERPT_BARS = 8;

/** Maximum number of excerpts per piece, evenly spaced, so that a long piece does not dominate. */
const MOST_EXCERPTS = 16;

/** Folds of the cross-validation, and repetitions with other folds. */
const FOLDS = 5, ROUNDS = 3;

/** Minimum numbers of pieces and excerpts per class for a meaningful result. */
const LEAST_PIECES = 4, LEAST_EXCERPTS = 12;

/** L2 penalty of {@linkcode logisticRegression}; about a tenth of the usual number of excerpts. */
const PENALTY = 30;

/**
 * Result of a critic: its discrimination between two sets of music, and the distinguishing
 * features.
 */
export interface Critique {
  /**
   * Area under the curve on excerpts of pieces that the critic was not fitted on, with its 95 %
   * confidence interval; null if there is too little music.
   */
  readonly told: {
    /** Area under the curve: 0.5 is chance, 1 perfect discrimination. */
    readonly area: number;
    /** The lower end. */
    readonly from: number;
    /** The upper end. */
    readonly to: number;
  } | null;
  /** Reason why `told` is null, or null. */
  readonly tooLittle: string | null;
  /** Numbers of excerpts in the judged music and in the reference music. */
  readonly excerpts: readonly [judged: number, comparedWith: number];
  /** Differences per feature, the most discriminating ones first. */
  readonly features: readonly {
    /** Its name: a key of `FEATURES`. */
    readonly name: string;
    /** Description in words. */
    readonly words: string;
    /** Mean in the judged music; null if undefined. */
    readonly judged: number | null;
    /** Mean in the reference music. */
    readonly usual: number | null;
    /**
     * Area under the curve of this feature alone, 0 to 1: 0.5 is chance; below 0.5 the judged music
     * has less of it, above 0.5 more.
     */
    readonly alone: number;
    /**
     * Weight in the full classifier per standard deviation; positive: higher values suggest the
     * judged music.
     */
    readonly weight: number;
  }[];
}

/** Difference of one feature between the judged and the reference music. */
export type TellingFeature = Critique["features"][number];

/** Features of one piece's excerpts. */
export type Judged = readonly Float64Array[];

/** Computes the features of all excerpts once, for any number of critiques. */
export function judgedOf(pieces: readonly Piece[], grid: Grid): Judged[] {
  return pieces.map((piece) => {
    const excerpts = excerptsOf(piece, grid, EXCERPT_BARS);
    const step = Math.max(1, excerpts.length / MOST_EXCERPTS);
    const count = Math.min(excerpts.length, MOST_EXCERPTS);
    return Array.from({ length: count }, (_, i) => featuresOf(excerpts[Math.floor(i * step)]!));
  });
}

/**
 * Two-sample test by a simple classifier: logistic regression on the features of excerpts of
 * {@linkcode EXCERPT_BARS} bars, cross-validated by piece. The features are shallow: a listener may
 * still notice differences that the classifier misses.
 * @param judged the music in question
 * @param usual the reference music
 */
export function critique(
  judged: readonly Judged[],
  usual: readonly Judged[],
  random: Random,
): Critique {
  const kinds = [usual, judged].map((pieces) => pieces.filter((piece) => piece.length > 0));
  const counts = kinds.map((pieces) => sum(pieces.map(({ length }) => length)));
  const excerpts = [counts[1]!, counts[0]!] as const;
  const enough = kinds.every((pieces) => pieces.length >= LEAST_PIECES) &&
    counts.every((count) => count >= LEAST_EXCERPTS);
  if (!enough) {
    const tooLittle = `${excerpts.join(" and ")} excerpts of ${EXCERPT_BARS} bars from ` +
      `${kinds[1]!.length} and ${kinds[0]!.length} pieces; needed are at least ${LEAST_EXCERPTS} ` +
      `from ${LEAST_PIECES} pieces each`;
    return { told: null, tooLittle, excerpts, features: [] };
  }
  const rows = rowsOf(kinds);
  const groups = Array.from({ length: ROUNDS }, () => crossValidated(rows, kinds, random)).flat();
  return {
    told: areaWithUncertainty(groups, random),
    tooLittle: null,
    excerpts,
    features: tellingFeatures(rows),
  };
}

/** An excerpt's features, its class (1: judged), and the number of its piece within that class. */
interface Row {
  readonly features: Float64Array;
  readonly kind: number;
  readonly piece: number;
}

function rowsOf(kinds: readonly (readonly Judged[])[]): Row[] {
  return kinds.flatMap((pieces, kind) =>
    pieces.flatMap((piece, index) => piece.map((features) => ({ features, kind, piece: index })))
  );
}

function fit(rows: readonly Row[]) {
  return logisticRegression(
    rows.map(({ features }) => features),
    Uint8Array.from(rows, ({ kind }) => kind),
    PENALTY,
  );
}

/** Cross-validated scores: each fold of the pieces is scored by a classifier of the others. */
function crossValidated(
  rows: readonly Row[],
  kinds: readonly (readonly Judged[])[],
  random: Random,
) {
  const folds = Math.min(FOLDS, ...kinds.map(({ length }) => length));
  const foldOf = kinds.map(({ length }) =>
    random.shuffle(Array.from({ length }, (_, index) => index % folds))
  );
  return Array.from({ length: folds }, (_, fold) => {
    const within = ({ kind, piece }: Row) => foldOf[kind]![piece] === fold;
    const { score } = fit(rows.filter((row) => !within(row)));
    return rows.filter(within).map(({ features, kind, piece }) => ({
      score: score(features),
      kind,
      piece,
    }));
  });
}

function tellingFeatures(rows: readonly Row[]): TellingFeature[] {
  const { weights } = fit(rows);
  const all = FEATURE_NAMES.map((name, at): TellingFeature => {
    const values = rows.filter(({ features }) => !Number.isNaN(features[at]!))
      .map(({ features, kind }) => ({ score: features[at]!, kind }));
    const meanOf = (kind: number) => {
      const own = values.filter((value) => value.kind === kind);
      return own.length > 0 ? mean(own.map(({ score }) => score)) : null;
    };
    return {
      name,
      words: FEATURES[name],
      judged: meanOf(1),
      usual: meanOf(0),
      alone: areaUnderCurve(values) ?? 0.5,
      weight: weights[at]!,
    };
  });
  const telling = ({ alone }: TellingFeature) => Math.abs(alone - 0.5);
  return all.sort((a, b) => telling(b) - telling(a));
}

/**
 * Critique of one random half of the pieces against the other, the mean of a few splits: a baseline
 * for music from one source.
 */
export function critiqueOfHalves(pieces: readonly Judged[], random: Random): Critique {
  const critiques = Array.from({ length: ROUNDS }, () => {
    const order = random.shuffle([...pieces]), middle = order.length >> 1;
    return critique(order.slice(0, middle), order.slice(middle), random);
  });
  const areas = critiques.flatMap(({ told }) => told ?? []);
  const meanOf = (of: "area" | "from" | "to") => mean(areas.map((each) => each[of]));
  return {
    ...critiques[0]!,
    told: areas.length > 0
      ? { area: meanOf("area"), from: meanOf("from"), to: meanOf("to") }
      : null,
  };
}
