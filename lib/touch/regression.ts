import { noSums, ridgeFor, sumOf, type Sums, weightsOf } from "./ridge.ts";

/** Folds of the cross-validation that selects the ridge parameter. */
const FOLDS = 5;

/** Share of the rules in the prior weights, with which one piece is enough to learn from. */
export const PRIOR_STRENGTH = 0.5;

/** Most notes counted per piece. */
export const MOST_NOTES = 3000;

/** Ridge parameter for a single piece, as cross-validation needs two. */
const RIDGE_OF_ONE = 20_000;

/** Observations of one piece. */
interface Observations {
  /** Features, row by row. */
  readonly rows: Float64Array;
  /** Target of each row; NaN where it is unknown. */
  readonly targets: ArrayLike<number>;
  /** Factor of their weight. Default 1. */
  readonly weight?: number;
}

/** Settings of a regression over pieces. */
interface RegressionSettings {
  /** Weights towards which the penalty shrinks, one per feature. */
  readonly prior: Float64Array;
  /** Most rows counted per piece, so that none outweighs the rest. */
  readonly most: number;
  /**
   * Relative difference in cross-validated error that is negligible: the strongest ridge parameter
   * within it is taken. Default 0.01.
   */
  readonly nearly?: number;
  /** Whether features and targets are taken relative to their means in each piece. */
  readonly isRelative: boolean;
}

/**
 * Ridge regression (Hoerl and Kennard 1970) over pieces that are added one by one, of which it keeps
 * sums only. The ridge parameter is cross-validated by piece.
 */
export class PieceRegression {
  readonly #settings: RegressionSettings;
  readonly #folds: Sums[];
  #pieces = 0;

  constructor(settings: RegressionSettings) {
    this.#settings = settings;
    this.#folds = Array.from({ length: FOLDS }, () => noSums(settings.prior.length));
  }

  /** Number of pieces added. */
  get pieces(): number {
    return this.#pieces;
  }

  /** Adds a piece; one without any known target does not count. */
  add({ rows, targets: given, weight: factor = 1 }: Observations): void {
    const { prior: { length: size }, most, isRelative } = this.#settings;
    const known = Array.from(given).flatMap((target, i) => Number.isNaN(target) ? [] : [i]);
    if (known.length === 0) return;
    const means = isRelative ? columnMeans(rows, size, known) : new Float64Array(size);
    const mean = isRelative ? known.reduce((sum, i) => sum + given[i]!, 0) / known.length : 0;
    const fold = this.#folds[this.#pieces % FOLDS]!, { products, targets } = fold;
    const weight = factor * Math.min(1, most / known.length);
    fold.notes += known.length;
    for (const i of known) {
      const target = weight * (given[i]! - mean);
      fold.squares += target * (given[i]! - mean);
      for (let a = 0; a < size; a++) {
        const value = rows[i * size + a]! - means[a]!;
        if (value === 0) continue;
        targets[a]! += value * target;
        for (let b = a; b < size; b++) {
          products[a * size + b]! += weight * value * (rows[i * size + b]! - means[b]!);
        }
      }
    }
    this.#pieces++;
  }

  /** Weights of the features; undefined before the first piece. */
  finish(): Float64Array | undefined {
    const { prior, nearly } = this.#settings;
    if (this.#pieces === 0) return undefined;
    const ridge = ridgeFor(this.#folds, prior, RIDGE_OF_ONE, nearly);
    return weightsOf(sumOf(this.#folds), ridge, prior);
  }
}

/** Prior weights in the order of some features; 0 where none is given. */
export function priorOf(
  names: readonly string[],
  weights: Readonly<Record<string, number>>,
): Float64Array {
  return Float64Array.from(names, (name) => weights[name] ?? 0);
}

/** Mean of each column over some rows. */
export function columnMeans(
  rows: Float64Array,
  size: number,
  chosen: readonly number[],
): Float64Array {
  const means = new Float64Array(size);
  for (const i of chosen) for (let a = 0; a < size; a++) means[a]! += rows[i * size + a]!;
  return means.map((sum) => sum / Math.max(1, chosen.length));
}

/** Rounded weights by the names of their features. */
export function named(
  names: readonly string[],
  weights: Float64Array,
  decimals: number,
): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, Number(weights[i]!.toFixed(decimals))]));
}
