// Matrix product of activations, or of their gradients, many of which are 0 because of ReLU, with
// dense weights that stay in cache: C[M,N] = initial + A[M,K] B[K,N]. The other activations of a row
// are listed first, and only their rows of B are added, in order, so that the sums are those of the
// dense product to the bit. N is a multiple of 24.
import { madd, storeTwo } from "../../../wasm/kernels/simd";
import { rowOf } from "./matrix";

/** Columns of a panel of B: 12 vectors, which stay in registers; the last panel may have half. */
const PANEL: i32 = 48, HALF_PANEL: i32 = 24;

/** Rows of A that are listed at once. */
const BLOCK: i32 = 12;

/** Size in bytes of the lists of a block: value and row of B, and the end of each row's list. */
export function sparseBytes(K: i32): usize {
  return <usize> (BLOCK * (K * 8 + 4));
}

/** Packs B[K,N] into panels of 48 columns, the last one of 24 if N is an odd multiple of it. */
export function packPanels(b: usize, packed: usize, K: i32, N: i32): void {
  for (let j = 0; j < N; j += PANEL) {
    const bytes = <usize> min(PANEL, N - j) << 2;
    for (let k = 0; k < K; k++) {
      memory.copy(packed, rowOf(b, k, N) + (<usize> j << 2), bytes);
      packed += bytes;
    }
  }
}

/** Packs the transpose of B[N,K] likewise. */
export function packTransposed(b: usize, packed: usize, K: i32, N: i32): void {
  for (let j = 0; j < N; j += PANEL) {
    const columns = min(PANEL, N - j);
    for (let k = 0; k < K; k++) {
      for (let i = 0; i < columns; i++) {
        store<f32>(packed, load<f32>(rowOf(b, j + i, K) + (<usize> k << 2)));
        packed += 4;
      }
    }
  }
}

/**
 * C[M,N] = initial + A[M,K] B, B packed; `initial`: N numbers for each row, or 0 to add to C;
 * `lists`: `sparseBytes` bytes.
 */
export function multiplySparse(
  a: usize,
  packed: usize,
  c: usize,
  M: i32,
  N: i32,
  K: i32,
  initial: usize,
  lists: usize,
): void {
  const ends = lists + <usize> (BLOCK * K * 8);
  for (let i = 0; i < M; i += BLOCK) {
    const rows = min(BLOCK, M - i);
    for (let r = 0; r < rows; r++) {
      const end = listRow(rowOf(a, i + r, K), lists + <usize> (r * K * 8), K);
      store<u32>(ends + (<usize> r << 2), <u32> end);
    }
    let panel = packed;
    for (let j = 0; j < N; j += PANEL) {
      const columns = <usize> j << 2, isWhole = N - j >= PANEL;
      for (let r = 0; r < rows; r++) {
        const list = lists + <usize> (r * K * 8), end = <usize> load<u32>(ends + (<usize> r << 2));
        const out = rowOf(c, i + r, N) + columns;
        const from = initial ? initial + columns : out;
        if (isWhole) addRows(list, end, panel, from, out);
        else addHalfRows(list, end, panel, from, out);
      }
      panel += <usize> (K * PANEL) << 2;
    }
  }
}

/**
 * Lists the activations of a row that are not 0, each with its index.
 * @returns the end of the list
 */
function listRow(row: usize, list: usize, K: i32): usize {
  for (let k = 0; k < K; k++) {
    const value = load<u32>(row);
    store<u64>(list, <u64> value | <u64> k << 32);
    list += value << 1 != 0 ? 8 : 0; // also without −0
    row += 4;
  }
  return list;
}

/** Adds the listed rows of a panel of 48 columns. */
function addRows(list: usize, end: usize, panel: usize, initial: usize, out: usize): void {
  let c0 = v128.load(initial), c1 = v128.load(initial, 16), c2 = v128.load(initial, 32);
  let c3 = v128.load(initial, 48), c4 = v128.load(initial, 64), c5 = v128.load(initial, 80);
  let c6 = v128.load(initial, 96), c7 = v128.load(initial, 112), c8 = v128.load(initial, 128);
  let c9 = v128.load(initial, 144), c10 = v128.load(initial, 160), c11 = v128.load(initial, 176);
  while (list < end) {
    const t = v128.load32_splat(list);
    const b = panel + <usize> load<u32>(list, 4) * (PANEL << 2);
    c0 = madd(t, v128.load(b), c0);
    c1 = madd(t, v128.load(b, 16), c1);
    c2 = madd(t, v128.load(b, 32), c2);
    c3 = madd(t, v128.load(b, 48), c3);
    c4 = madd(t, v128.load(b, 64), c4);
    c5 = madd(t, v128.load(b, 80), c5);
    c6 = madd(t, v128.load(b, 96), c6);
    c7 = madd(t, v128.load(b, 112), c7);
    c8 = madd(t, v128.load(b, 128), c8);
    c9 = madd(t, v128.load(b, 144), c9);
    c10 = madd(t, v128.load(b, 160), c10);
    c11 = madd(t, v128.load(b, 176), c11);
    list += 8;
  }
  storeTwo(out, c0, c1);
  storeTwo(out + 32, c2, c3);
  storeTwo(out + 64, c4, c5);
  storeTwo(out + 96, c6, c7);
  storeTwo(out + 128, c8, c9);
  storeTwo(out + 160, c10, c11);
}

/** Adds the listed rows of a panel of 24 columns. */
function addHalfRows(list: usize, end: usize, panel: usize, initial: usize, out: usize): void {
  let c0 = v128.load(initial), c1 = v128.load(initial, 16), c2 = v128.load(initial, 32);
  let c3 = v128.load(initial, 48), c4 = v128.load(initial, 64), c5 = v128.load(initial, 80);
  while (list < end) {
    const t = v128.load32_splat(list);
    const b = panel + <usize> load<u32>(list, 4) * (HALF_PANEL << 2);
    c0 = madd(t, v128.load(b), c0);
    c1 = madd(t, v128.load(b, 16), c1);
    c2 = madd(t, v128.load(b, 32), c2);
    c3 = madd(t, v128.load(b, 48), c3);
    c4 = madd(t, v128.load(b, 64), c4);
    c5 = madd(t, v128.load(b, 80), c5);
    list += 8;
  }
  storeTwo(out, c0, c1);
  storeTwo(out + 32, c2, c3);
  storeTwo(out + 64, c4, c5);
}
