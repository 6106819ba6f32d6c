// Small dense matrix and vector products of the network; rows are contiguous.
import { madd, storeTwo } from "../../../wasm/kernels/simd";

/** Address of a row of `width` numbers. */
export function rowOf(matrix: usize, row: i32, width: i32): usize {
  return matrix + (<usize> (row * width) << 2);
}

/**
 * dW[M,N] += Aᵀ[M,K] D[K,N]: the gradient of a dense layer's weights from K rows. M is a multiple of
 * 6, N of 8.
 */
export function accumulateOuter(a: usize, d: usize, dw: usize, M: i32, N: i32, K: i32): void {
  const strideA = <usize> M << 2, strideD = <usize> N << 2;
  for (let j = 0; j < N; j += 8) {
    for (let i = 0; i < M; i += 6) {
      let o = dw + (<usize> (i * N + j) << 2);
      let r = o;
      let c00 = v128.load(r), c01 = v128.load(r, 16);
      r += strideD;
      let c10 = v128.load(r), c11 = v128.load(r, 16);
      r += strideD;
      let c20 = v128.load(r), c21 = v128.load(r, 16);
      r += strideD;
      let c30 = v128.load(r), c31 = v128.load(r, 16);
      r += strideD;
      let c40 = v128.load(r), c41 = v128.load(r, 16);
      r += strideD;
      let c50 = v128.load(r), c51 = v128.load(r, 16);
      let x = a + (<usize> i << 2), y = d + (<usize> j << 2);
      for (let k = 0; k < K; k++) {
        const b0 = v128.load(y), b1 = v128.load(y, 16);
        let t = v128.load32_splat(x);
        c00 = madd(t, b0, c00);
        c01 = madd(t, b1, c01);
        t = v128.load32_splat(x, 4);
        c10 = madd(t, b0, c10);
        c11 = madd(t, b1, c11);
        t = v128.load32_splat(x, 8);
        c20 = madd(t, b0, c20);
        c21 = madd(t, b1, c21);
        t = v128.load32_splat(x, 12);
        c30 = madd(t, b0, c30);
        c31 = madd(t, b1, c31);
        t = v128.load32_splat(x, 16);
        c40 = madd(t, b0, c40);
        c41 = madd(t, b1, c41);
        t = v128.load32_splat(x, 20);
        c50 = madd(t, b0, c50);
        c51 = madd(t, b1, c51);
        x += strideA;
        y += strideD;
      }
      storeTwo(o, c00, c01);
      storeTwo(o += strideD, c10, c11);
      storeTwo(o += strideD, c20, c21);
      storeTwo(o += strideD, c30, c31);
      storeTwo(o += strideD, c40, c41);
      storeTwo(o += strideD, c50, c51);
    }
  }
}

/** y += coefficient x, n a multiple of 4. */
export function addScaled(y: usize, x: usize, n: i32, coefficient: f32): void {
  const s = f32x4.splat(coefficient), end = x + (<usize> n << 2);
  while (x < end) {
    v128.store(y, madd(s, v128.load(x), v128.load(y)));
    v128.store(y, madd(s, v128.load(x, 16), v128.load(y, 16)), 16);
    x += 32;
    y += 32;
  }
}

/** Sum of x y, n a multiple of 8. */
export function dot(x: usize, y: usize, n: i32): f32 {
  let a = f32x4.splat(0), b = f32x4.splat(0);
  const end = x + (<usize> n << 2);
  while (x < end) {
    a = madd(v128.load(x), v128.load(y), a);
    b = madd(v128.load(x, 16), v128.load(y, 16), b);
    x += 32;
    y += 32;
  }
  a = f32x4.add(a, b);
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 2) +
    f32x4.extract_lane(a, 3);
}
