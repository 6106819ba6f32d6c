/** Symmetric matrix by rows. */
type Matrix = number[][];

/** Share of the diagonal to which covariances are drawn: few rows give noisy ones. */
const SHRINKAGE = 0.1;

/**
 * Fréchet distance of two sets of vectors, each taken as a normal distribution (Dowson and Landau
 * 1982): |μ − ν|² + tr(S + T − 2 (S½ T S½)½), with shrunken covariances.
 */
export function frechet(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  const one = momentsOf(a), other = momentsOf(b);
  const means = one.mean.reduce((sum, value, i) => sum + (value - other.mean[i]!) ** 2, 0);
  const root = squareRoot(one.covariance);
  const product = times(times(root, other.covariance), root);
  const traces = trace(one.covariance) + trace(other.covariance) - 2 * trace(squareRoot(product));
  return means + traces;
}

function momentsOf(rows: readonly Float64Array[]): { mean: number[]; covariance: Matrix } {
  const size = rows[0]!.length;
  const mean = Array.from(
    { length: size },
    (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length,
  );
  const covariance = mean.map((_, i) =>
    mean.map((_, j) => {
      const sum = rows.reduce((all, row) => all + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0);
      return sum / (rows.length - 1) * (i === j ? 1 : 1 - SHRINKAGE);
    })
  );
  return { mean, covariance };
}

function trace(matrix: Matrix): number {
  return matrix.reduce((sum, row, i) => sum + row[i]!, 0);
}

function times(a: Matrix, b: Matrix): Matrix {
  return a.map((row) =>
    b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0))
  );
}

/** Square root of a positive semidefinite matrix, by its eigenvectors. */
function squareRoot(matrix: Matrix): Matrix {
  const { values, vectors } = eigen(matrix);
  const roots = values.map((value) => Math.sqrt(Math.max(0, value)));
  return matrix.map((_, i) =>
    matrix.map((_, j) =>
      roots.reduce((sum, root, k) => sum + root * vectors[i]![k]! * vectors[j]![k]!, 0)
    )
  );
}

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix, by Jacobi's rotations (1846). */
function eigen(matrix: Matrix): { values: number[]; vectors: Matrix } {
  const a = matrix.map((row) => [...row]), size = a.length;
  const vectors: Matrix = a.map((_, i) => a.map((_, j) => i === j ? 1 : 0));
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const apq = (a[p]![q]! + a[q]![p]!) / 2;
        off += apq * apq;
        if (Math.abs(apq) < 1e-12) continue;
        const angle = (a[q]![q]! - a[p]![p]!) / (2 * apq);
        const t = (angle < 0 ? -1 : 1) / (Math.abs(angle) + Math.hypot(angle, 1));
        const c = 1 / Math.hypot(t, 1), s = t * c;
        for (let k = 0; k < size; k++) {
          const kp = a[k]![p]!, kq = a[k]![q]!;
          a[k]![p] = c * kp - s * kq;
          a[k]![q] = s * kp + c * kq;
        }
        for (let k = 0; k < size; k++) {
          const pk = a[p]![k]!, qk = a[q]![k]!;
          a[p]![k] = c * pk - s * qk;
          a[q]![k] = s * pk + c * qk;
          const vp = vectors[k]![p]!, vq = vectors[k]![q]!;
          vectors[k]![p] = c * vp - s * vq;
          vectors[k]![q] = s * vp + c * vq;
        }
      }
    }
    if (off < 1e-14) break;
  }
  return { values: a.map((row, i) => row[i]!), vectors };
}
