import { solve } from "../linear.ts";

/** Rows of numbers, one per observation; NaN where a number is missing. */
export type Rows = readonly Float64Array[];

/** A linear classifier of two kinds of rows. */
export interface LogisticRegression {
  /** ln P(second kind) / P(first kind) of a row, if both were equally frequent. */
  score(row: Float64Array): number;
  /** What each column counts for, per standard deviation. */
  readonly weights: Float64Array;
}

/** Values further from the mean count as this many standard deviations. */
const FARTHEST = 4;

/** Steps of Newton's method; it stands still after 5 to 8. */
const MOST_STEPS = 25;

/**
 * Fits a logistic regression with an L2 penalty by Newton's method (iteratively reweighted least
 * squares; Hastie, Tibshirani and Friedman 2009, 4.4.1): the sum of the losses, in which each kind
 * counts half whatever its number, plus `penalty`/2 · |weights|². Columns are standardised on the rows
 * given; what is missing counts as the mean.
 * @param kinds of each row: 0 or 1; both must occur
 * @param penalty above 0
 */
export function logisticRegression(
  rows: Rows,
  kinds: Uint8Array,
  penalty: number,
): LogisticRegression {
  const standardise = standardiser(rows);
  const size = (rows[0]?.length ?? 0) + 1; // the last column is the constant
  const inputs = rows.map(standardise);
  const seconds = kinds.reduce((sum, kind) => sum + kind, 0);
  const share = [rows.length / (2 * (rows.length - seconds)), rows.length / (2 * seconds)];
  const weights = new Float64Array(size);
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = new Float64Array(size), curvature = new Float64Array(size * size);
    for (let j = 0; j < size - 1; j++) {
      gradient[j] = penalty * weights[j]!;
      curvature[j * size + j] = penalty;
    }
    inputs.forEach((input, index) => {
      const kind = kinds[index]!, p = 1 / (1 + Math.exp(-dot(input, weights)));
      const slope = share[kind]! * (p - kind);
      const bend = share[kind]! * Math.max(p * (1 - p), 1e-9);
      for (let j = 0; j < size; j++) {
        gradient[j]! += slope * input[j]!;
        const factor = bend * input[j]!;
        for (let k = 0; k <= j; k++) curvature[j * size + k]! += factor * input[k]!;
      }
    });
    const change = solve(curvature, gradient);
    change.forEach((value, j) => weights[j]! -= value);
    if (change.every((value) => Math.abs(value) < 1e-6)) break;
  }
  return {
    score: (row) => dot(standardise(row), weights),
    weights: weights.subarray(0, size - 1),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Gives rows in standard deviations from the mean, with a constant 1 at the end. */
function standardiser(rows: Rows): (row: Float64Array) => Float64Array {
  const columns = rows[0]?.length ?? 0;
  const means = new Float64Array(columns), deviations = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    let count = 0, sum = 0, squares = 0;
    for (const row of rows) {
      const value = row[j]!;
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
      squares += value * value;
    }
    means[j] = count > 0 ? sum / count : 0;
    const variance = count > 0 ? squares / count - means[j]! ** 2 : 0;
    deviations[j] = variance > 1e-12 ? Math.sqrt(variance) : Infinity; // the same everywhere: 0
  }
  return (row) => {
    const standard = new Float64Array(columns + 1);
    for (let j = 0; j < columns; j++) {
      const value = (row[j]! - means[j]!) / deviations[j]!;
      standard[j] = Number.isNaN(value) ? 0 : Math.max(-FARTHEST, Math.min(FARTHEST, value));
    }
    standard[columns] = 1;
    return standard;
  };
}
