import { solve } from "../linear.ts";

/**
 * Ridges that are tried: how strongly weights are held small, in notes per feature of unit variance.
 * They are many notes where pieces are played unlike each other.
 */
const RIDGES = [100, 1000, 5000, 20_000, 60_000] as const;

/** An error that is greater by this share is as good: few pieces tell no better. */
const NEARLY = 0.01;

/** What linear regression needs of the notes of some pieces. */
export interface Sums {
  /** Of two features, over all notes; above the diagonal. */
  readonly products: Float64Array;
  /** Of a feature and loudness. */
  readonly targets: Float64Array;
  /** Of loudness squared. */
  squares: number;
  /** How many. */
  notes: number;
}

/** Sums over nothing, for so many features. */
export function noSums(size: number): Sums {
  return {
    products: new Float64Array(size * size),
    targets: new Float64Array(size),
    squares: 0,
    notes: 0,
  };
}

/** The sums over all of these pieces. @param all at least one */
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

/** The strongest ridge with which pieces are told by the others about as well as with any. */
export function ridgeFor(folds: readonly Sums[]): number {
  const errors = RIDGES.map((ridge) =>
    folds.reduce((sum, fold) => {
      if (fold.notes === 0) return sum;
      const weights = weightsOf(sumOf(folds.filter((other) => other !== fold)), ridge);
      return sum + errorOf(weights, fold);
    }, 0)
  );
  const least = Math.min(...errors);
  return RIDGES.findLast((_, i) => errors[i]! <= least + NEARLY * Math.abs(least))!;
}

/** The squared error of weights on notes. */
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

/** The weights that tell best, held small by a ridge in notes (Hoerl and Kennard 1970). */
export function weightsOf({ products, targets, notes }: Sums, ridge: number): Float64Array {
  const size = targets.length;
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) matrix[a * size + b] = products[b * size + a]!;
    const own = matrix[a * size + a]!;
    matrix[a * size + a] = own + (ridge * own / notes + 1e-6 * notes);
  }
  return solve(matrix, targets, 1e-9);
}
