import { solve } from "../linear.ts";
import { sum } from "../numbers.ts";

/** Rows of numbers, one per observation; NaN where a number is missing. */
export type Rows = readonly Float64Array[];

/** A linear classifier of two kinds of rows, as numbers: one of each per column. */
export interface LinearClassifier {
  /** What a column's values are on average, which is what a missing one counts as. */
  readonly means: ArrayLike<number>;
  /** Their standard deviations, above 0. */
  readonly deviations: ArrayLike<number>;
  /** What each column counts for, per standard deviation. */
  readonly weights: ArrayLike<number>;
  /** The score of a row of means. */
  readonly constant: number;
}

/** A linear classifier that was fitted. */
export interface LogisticRegression extends LinearClassifier {
  /** ln P(second kind) / P(first kind) of a row, if both were equally frequent. */
  score(row: Float64Array): number;
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
  const moments = momentsOf(rows), standardise = standardiser(moments);
  const size = (rows[0]?.length ?? 0) + 1; // the last column is the constant
  const inputs = rows.map(standardise);
  const seconds = sum(kinds);
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
  const classifier = {
    ...moments,
    weights: weights.subarray(0, size - 1),
    constant: weights[size - 1]!,
  };
  return { ...classifier, score: scorerOf(classifier) };
}

/** What gives a classifier's score of a row. */
export function scorerOf(classifier: LinearClassifier): LogisticRegression["score"] {
  const standardise = standardiser(classifier);
  const weights = Float64Array.of(...Array.from(classifier.weights), classifier.constant);
  return (row) => dot(standardise(row), weights);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Mean and standard deviation of every column. */
function momentsOf(rows: Rows): { means: Float64Array; deviations: Float64Array } {
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
    // What is the same everywhere never differs.
    deviations[j] = variance > 1e-12 ? Math.sqrt(variance) : Number.MAX_VALUE;
  }
  return { means, deviations };
}

/** Gives rows in standard deviations from the mean, with a constant 1 at the end. */
function standardiser(
  { means, deviations }: Pick<LinearClassifier, "means" | "deviations">,
): (row: Float64Array) => Float64Array {
  return (row) => {
    const standard = new Float64Array(means.length + 1);
    for (let j = 0; j < means.length; j++) {
      const value = (row[j]! - means[j]!) / deviations[j]!;
      standard[j] = Number.isNaN(value) ? 0 : Math.max(-FARTHEST, Math.min(FARTHEST, value));
    }
    standard[means.length] = 1;
    return standard;
  };
}
