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

/** Bytes of the table of lists: for each set of four neighbours, their offsets, 16 bits each. */
const TABLE_BYTES: usize = 16 * 8;

/** Size in bytes of the table and of the lists of a block, with the end of each. */
export function sparseBytes(K: i32): usize {
  return TABLE_BYTES + <usize> (BLOCK * (listBytes(K) + 4));
}

/** A list may be written up to 6 bytes beyond its end. */
function listBytes(K: i32): i32 {
  return 2 * K + 8;
}

/** Writes the table for `multiplySparse`. */
export function prepareLists(lists: usize): void {
  for (let set = 0; set < 16; set++) {
    let at = lists + (<usize> set << 3);
    for (let i = 0; i < 4; i++) {
      if ((set >> i & 1) == 0) continue;
      store<u16>(at, <u16> (4 * i));
      at += 2;
    }
  }
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
 * `lists`: `sparseBytes` bytes, prepared.
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
  const bytes = listBytes(K), first = lists + TABLE_BYTES, ends = first + <usize> (BLOCK * bytes);
  for (let i = 0; i < M; i += BLOCK) {
    const rows = min(BLOCK, M - i);
    for (let r = 0; r < rows; r++) {
      const end = listRow(rowOf(a, i + r, K), lists, first + <usize> (r * bytes), K);
      store<u32>(ends + (<usize> r << 2), <u32> end);
    }
    let panel = packed;
    for (let j = 0; j < N; j += PANEL) {
      const columns = <usize> j << 2, isWhole = N - j >= PANEL;
      for (let r = 0; r < rows; r++) {
        const list = first + <usize> (r * bytes), end = <usize> load<u32>(ends + (<usize> r << 2));
        const row = rowOf(a, i + r, K), out = rowOf(c, i + r, N) + columns;
        const from = initial ? initial + columns : out;
        if (isWhole) addRows(row, list, end, panel, from, out);
        else addHalfRows(row, list, end, panel, from, out);
      }
      panel += <usize> (K * PANEL) << 2;
    }
  }
}

/**
 * Lists the offsets in bytes of the numbers of a row that are not 0.
 * @returns the end of the list
 */
function listRow(row: usize, table: usize, list: usize, K: i32): usize {
  const zero = f32x4.splat(0);
  let base: u64 = 0;
  for (let k = 0; k < K; k += 4) {
    const set = i32x4.bitmask(f32x4.ne(v128.load(row), zero));
    store<u64>(list, load<u64>(table + (<usize> set << 3)) + base);
    list += <usize> popcnt(set) << 1;
    base += 0x0010001000100010;
    row += 16;
  }
  return list;
}

/** Adds the listed rows of a panel of 48 columns. */
function addRows(
  row: usize,
  list: usize,
  end: usize,
  panel: usize,
  initial: usize,
  out: usize,
): void {
  let c0 = v128.load(initial), c1 = v128.load(initial, 16), c2 = v128.load(initial, 32);
  let c3 = v128.load(initial, 48), c4 = v128.load(initial, 64), c5 = v128.load(initial, 80);
  let c6 = v128.load(initial, 96), c7 = v128.load(initial, 112), c8 = v128.load(initial, 128);
  let c9 = v128.load(initial, 144), c10 = v128.load(initial, 160), c11 = v128.load(initial, 176);
  while (list < end) {
    const offset = <usize> load<u16>(list), t = v128.load32_splat(row + offset);
    const b = panel + offset * PANEL;
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
    list += 2;
  }
  storeTwo(out, c0, c1);
  storeTwo(out + 32, c2, c3);
  storeTwo(out + 64, c4, c5);
  storeTwo(out + 96, c6, c7);
  storeTwo(out + 128, c8, c9);
  storeTwo(out + 160, c10, c11);
}

/** Adds the listed rows of a panel of 24 columns. */
function addHalfRows(
  row: usize,
  list: usize,
  end: usize,
  panel: usize,
  initial: usize,
  out: usize,
): void {
  let c0 = v128.load(initial), c1 = v128.load(initial, 16), c2 = v128.load(initial, 32);
  let c3 = v128.load(initial, 48), c4 = v128.load(initial, 64), c5 = v128.load(initial, 80);
  while (list < end) {
    const offset = <usize> load<u16>(list), t = v128.load32_splat(row + offset);
    const b = panel + offset * HALF_PANEL;
    c0 = madd(t, v128.load(b), c0);
    c1 = madd(t, v128.load(b, 16), c1);
    c2 = madd(t, v128.load(b, 32), c2);
    c3 = madd(t, v128.load(b, 48), c3);
    c4 = madd(t, v128.load(b, 64), c4);
    c5 = madd(t, v128.load(b, 80), c5);
    list += 2;
  }
  storeTwo(out, c0, c1);
  storeTwo(out + 32, c2, c3);
  storeTwo(out + 64, c4, c5);
}
