// Inner kernel of every matrix product: one 5 × 8 tile of C, with packed factors, so that each step
// of the inner loop reads 5 contiguous values of A and 8 of B.
//
// Why 5 × 8: V8 reserves one of the 16 vector registers; ten hold the tile, two B, one a vector of
// A, one a broadcast value of A. Four values of A are loaded together and broadcast by shuffles,
// the fifth by its own load, since V8 checks the bounds of every access (Deno has no trap handler):
// few accesses matter. Measured on Zen 4, share of the peak of madds in registers: 95 %; 4 × 8 83
// %; 6 × 8 with a load for each value of A 76 %; with a growable heap, whose size is reloaded for
// every check, 86 %. Unrolling by two is slower: V8 then moves registers.
import { TILE_COLUMNS, TILE_ROWS } from "./sizes";
import { madd, storeTwo } from "./simd";

/** Rows of a packed panel of A: A[rows/5][depth][5]. */
export const tileRows: i32 = TILE_ROWS;

/** Columns of a packed panel of B: B[columns/8][depth][8]. */
export const tileColumns: i32 = TILE_COLUMNS;

/**
 * Computes one tile: C = A·B or C += A·B.
 * @param a packed panel of A, [depth][5]
 * @param b packed panel of B, [depth][8]
 * @param c the tile's first value
 * @param stride bytes from one row of C to the next
 */
export function tile(a: usize, b: usize, c: usize, stride: usize, depth: i32, add: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  const end = a + <usize> depth * 20;
  while (a < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const rows = v128.load(a);
    let row = v128.shuffle<f32>(rows, rows, 0, 0, 0, 0);
    c00 = madd(row, b0, c00);
    c01 = madd(row, b1, c01);
    row = v128.shuffle<f32>(rows, rows, 1, 1, 1, 1);
    c10 = madd(row, b0, c10);
    c11 = madd(row, b1, c11);
    row = v128.shuffle<f32>(rows, rows, 2, 2, 2, 2);
    c20 = madd(row, b0, c20);
    c21 = madd(row, b1, c21);
    row = v128.shuffle<f32>(rows, rows, 3, 3, 3, 3);
    c30 = madd(row, b0, c30);
    c31 = madd(row, b1, c31);
    row = v128.load32_splat(a, 16);
    c40 = madd(row, b0, c40);
    c41 = madd(row, b1, c41);
    a += 20;
    b += 32;
  }
  if (add) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(c + stride));
    c11 = f32x4.add(c11, v128.load(c + stride, 16));
    c20 = f32x4.add(c20, v128.load(c + 2 * stride));
    c21 = f32x4.add(c21, v128.load(c + 2 * stride, 16));
    c30 = f32x4.add(c30, v128.load(c + 3 * stride));
    c31 = f32x4.add(c31, v128.load(c + 3 * stride, 16));
    c40 = f32x4.add(c40, v128.load(c + 4 * stride));
    c41 = f32x4.add(c41, v128.load(c + 4 * stride, 16));
  }
  storeTwo(c, c00, c01);
  storeTwo(c + stride, c10, c11);
  storeTwo(c + 2 * stride, c20, c21);
  storeTwo(c + 3 * stride, c30, c31);
  storeTwo(c + 4 * stride, c40, c41);
}

/**
 * Tile at the edge of C: computed whole in `scratch` (160 bytes), then copied as far as C reaches.
 * @param rows of C in this tile, 1 to 5
 * @param columns of C in this tile, 1 to 8
 */
export function edgeTile(
  a: usize,
  b: usize,
  c: usize,
  stride: usize,
  depth: i32,
  add: bool,
  rows: i32,
  columns: i32,
  scratch: usize,
): void {
  tile(a, b, scratch, 32, depth, false);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const to = c + row * stride + (<usize> column << 2);
      const value = load<f32>(scratch + (<usize> (row * 8 + column) << 2));
      store<f32>(to, add ? load<f32>(to) + value : value);
    }
  }
}
