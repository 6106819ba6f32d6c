import { mean, sum } from "../numbers.ts";
import type { Random } from "../random.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { areaUnderCurve, areaWithUncertainty } from "./area.ts";
import { excerptsOf } from "./features/excerpt.ts";
import { FEATURE_NAMES, FEATURES, featuresOf } from "./features/features.ts";
import { logisticRegression } from "./logistic.ts";

/** Bars of the excerpts that the critic judges. */
export const EXCERPT_BARS = 8;

/** Excerpts of one piece that are judged at most, spread evenly: a long piece is not all music. */
const MOST_EXCERPTS = 16;

/** Parts of the cross-validation, and how often it is done with other parts. */
const FOLDS = 5, ROUNDS = 3;

/** Fewer pieces or excerpts of a kind than these say nothing. */
const LEAST_PIECES = 4, LEAST_EXCERPTS = 12;

/** See {@linkcode logisticRegression}; about as strong as a tenth of the usual number of excerpts. */
const PENALTY = 30;

/** How well some music can be told from other music, and by what. */
export interface Critique {
  /**
   * How often the critic, which has met neither of two excerpts' pieces, knows which is which, and
   * between which values that lies with 95 % certainty; null if there is too little music.
   */
  readonly told: {
    /** 0.5: told apart no better than by a coin; 1: always. */
    readonly area: number;
    /** The lower end. */
    readonly from: number;
    /** The upper end. */
    readonly to: number;
  } | null;
  /** Why there is none, or null. */
  readonly tooLittle: string | null;
  /** Excerpts of the music judged, and of what it was compared with. */
  readonly excerpts: readonly [judged: number, comparedWith: number];
  /** How each feature of the judged music differs; those that give it away most first. */
  readonly features: readonly {
    /** Its name: a key of `FEATURES`. */
    readonly name: string;
    /** What it is, in words. */
    readonly words: string;
    /** Its mean in the music judged; null where it cannot be told. */
    readonly judged: number | null;
    /** Its mean in the music compared with. */
    readonly usual: number | null;
    /**
     * How often this feature alone is higher in the music judged, 0 to 1: at 0.5 it tells nothing,
     * below the music has less of it, above more.
     */
    readonly alone: number;
    /** What it counts for beside all others: its weight per standard deviation; above 0: more of it is judged. */
    readonly weight: number;
  }[];
}

/** How one feature of the judged music differs. */
export type TellingFeature = Critique["features"][number];

/** The features of one piece's excerpts. */
export type Judged = readonly Float64Array[];

/** Measures the excerpts of pieces once, for any number of critiques. */
export function judgedOf(pieces: readonly Piece[], grid: Grid): Judged[] {
  return pieces.map((piece) => {
    const excerpts = excerptsOf(piece, grid, EXCERPT_BARS);
    const step = Math.max(1, excerpts.length / MOST_EXCERPTS);
    const count = Math.min(excerpts.length, MOST_EXCERPTS);
    return Array.from({ length: count }, (_, i) => featuresOf(excerpts[Math.floor(i * step)]!));
  });
}

/**
 * How well a plain classifier tells music from other music: logistic regression on the features of
 * excerpts of {@linkcode EXCERPT_BARS} bars, tested on pieces that it was not fitted on
 * (cross-validation by piece). Not deep: what it cannot tell, a listener still may.
 * @param judged the music in question
 * @param usual what it is to be like
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

/** An excerpt's features, whether it is judged (1), and the number of its piece within its kind. */
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

/** Scores of each part of the pieces by a classifier of the others. */
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
 * The critique of one random half of the pieces against the other: how well music from one source
 * can be told apart. The mean of a few splits.
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
