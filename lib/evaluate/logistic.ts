import { solve } from "../linear.ts";
import { sum } from "../numbers.ts";

/** Feature vectors, one per observation; NaN for a missing value. */
export type Rows = readonly Float64Array[];

/** A linear classifier of two classes, with one mean, deviation and weight per column. */
export interface LinearClassifier {
  /** Column means; a missing value counts as the mean. */
  readonly means: ArrayLike<number>;
  /** Their standard deviations, above 0. */
  readonly deviations: ArrayLike<number>;
  /** Weight of each column per standard deviation. */
  readonly weights: ArrayLike<number>;
  /** Intercept: the score of a row of means. */
  readonly constant: number;
}

/** A fitted logistic regression. */
interface LogisticRegression extends LinearClassifier {
  /** Log odds ln P(class 1) / P(class 0) of a row for equal class frequencies. */
  score(row: Float64Array): number;
  readonly weights: Float64Array;
}

/** Clipping bound in standard deviations from the mean. */
const FARTHEST = 4;

/** Maximum number of Newton steps; convergence takes 5 to 8. */
const MOST_STEPS = 25;

/**
 * Fits a logistic regression with an L2 penalty by Newton's method (iteratively reweighted least
 * squares; Hastie, Tibshirani and Friedman 2009, 4.4.1). The objective is the sum of the losses,
 * each class weighted one half whatever its size, plus `penalty`/2 · |weights|². Columns are
 * standardised on the rows passed in; missing values count as the mean.
 * @param kinds class of each row: 0 or 1; both must occur
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

/** Creates the scoring function of a classifier. */
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
    // A constant column must not contribute.
    deviations[j] = variance > 1e-12 ? Math.sqrt(variance) : Number.MAX_VALUE;
  }
  return { means, deviations };
}

/** Creates a standardiser that appends a constant 1 to each row. */
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
