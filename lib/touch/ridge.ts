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
  const matrix = Array.from(
    { length: size },
    (_, a) =>
      Float64Array.from(
        { length: size },
        (_, b) => products[Math.min(a, b) * size + Math.max(a, b)]!,
      ),
  );
  matrix.forEach((row, a) => row[a]! += ridge * row[a]! / notes + 1e-6 * notes);
  return solve(matrix, targets.slice());
}

/** Solves a symmetric positive definite system in place (Cholesky). */
function solve(matrix: readonly Float64Array[], target: Float64Array): Float64Array {
  const size = target.length;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i]![k]! * matrix[j]![k]!;
      matrix[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / matrix[j]![j]!;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) target[i]! -= matrix[i]![k]! * target[k]!;
    target[i]! /= matrix[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) target[i]! -= matrix[k]![i]! * target[k]!;
    target[i]! /= matrix[i]![i]!;
  }
  return target;
}
