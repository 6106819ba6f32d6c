/**
 * Solves A·x = b for a symmetric positive definite A by Cholesky's method.
 * @param matrix A, row by row; only its lower half is read
 * @param least smallest pivot; smaller ones are raised to it
 */
export function solve(
  matrix: Float64Array,
  vector: Float64Array,
  least: number = 1e-12,
): Float64Array {
  const n = vector.length;
  const lower = Float64Array.from(matrix), x = Float64Array.from(vector);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(sum, least)) : sum / lower[j * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  return x;
}
