import { solve } from "../linear.ts";

/**
 * Ridge parameters that are tried: the strength of the regularisation, in notes per feature of unit
 * variance. Large values suit pieces that are played unlike each other.
 */
const RIDGES = [100, 1000, 5000, 20_000, 60_000] as const;

/** Default relative difference in error that is negligible: few pieces cannot resolve less. */
const NEARLY = 0.01;

/** Sufficient statistics of linear regression over the notes of several pieces. */
export interface Sums {
  /** Sums of products of two features, over all notes; above the diagonal. */
  readonly products: Float64Array;
  /** Sums of products of a feature and loudness. */
  readonly targets: Float64Array;
  /** Sum of squared loudness. */
  squares: number;
  /** Number of notes. */
  notes: number;
}

/** Zero sums for a number of features. */
export function noSums(size: number): Sums {
  return {
    products: new Float64Array(size * size),
    targets: new Float64Array(size),
    squares: 0,
    notes: 0,
  };
}

/** Combined sums of several pieces. @param all at least one */
export function sumOf(all: readonly Sums[]): Sums {
  const sum = noSums(all[0]!.targets.length);
  for (const { products, targets, squares, notes } of all) {
    products.forEach((value, at) => sum.products[at]! += value);
    targets.forEach((value, at) => sum.targets[at]! += value);
    sum.squares += squares;
    sum.notes += notes;
  }
  return sum;
}

/**
 * Selects the strongest ridge parameter whose cross-validated error is near the least.
 * @param all sums of the folds; those without notes are left out
 * @param prior see {@linkcode weightsOf}
 * @param ofOne result for a single fold, as cross-validation needs two
 */
export function ridgeFor(
  all: readonly Sums[],
  prior: Float64Array,
  ofOne: number,
  nearly = NEARLY,
): number {
  const folds = all.filter(({ notes }) => notes > 0);
  if (folds.length < 2) return ofOne;
  const errors = RIDGES.map((ridge) =>
    folds.reduce((sum, fold) => {
      const weights = weightsOf(sumOf(folds.filter((other) => other !== fold)), ridge, prior);
      return sum + errorOf(weights, fold);
    }, 0)
  );
  const least = Math.min(...errors);
  return RIDGES.findLast((_, i) => errors[i]! <= least + nearly * Math.abs(least))!;
}

/** Squared error of weights on notes. */
function errorOf(weights: Float64Array, { products, targets, squares }: Sums): number {
  const size = weights.length;
  let error = squares;
  for (let a = 0; a < size; a++) {
    error -= 2 * weights[a]! * targets[a]!;
    for (let b = a; b < size; b++) {
      error += (a === b ? 1 : 2) * weights[a]! * weights[b]! * products[a * size + b]!;
    }
  }
  return error;
}

/**
 * Weights of ridge regression, with the penalty in notes (Hoerl and Kennard 1970).
 * @param prior weights towards which the penalty shrinks
 */
export function weightsOf(
  { products, targets, notes }: Sums,
  ridge: number,
  prior: Float64Array,
): Float64Array {
  const size = targets.length;
  const matrix = new Float64Array(size * size), unsaid = Float64Array.from(targets);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const both = products[b * size + a]!;
      matrix[a * size + b] = both;
      unsaid[a]! -= prior[b]! * both;
      if (a !== b) unsaid[b]! -= prior[a]! * both;
    }
    const own = matrix[a * size + a]!;
    matrix[a * size + a] = own + (ridge * own / notes + 1e-6 * notes);
  }
  return solve(matrix, unsaid, 1e-9).map((weight, i) => prior[i]! + weight);
}
