// Packing: copies a matrix into the layout of the tiles, with zero-padded edges.
import { tileColumns, tileRows } from "./tile";

/**
 * Packs `width` neighbouring rows (5) or columns (8) into one panel, [depth][width].
 *
 * The value of line i at depth k is at source + i·lineStride + k·depthStride (bytes).
 */
function packPanel(
  to: usize,
  from: usize,
  lines: i32,
  depth: i32,
  lineStride: usize,
  depthStride: usize,
  width: i32,
): void {
  if (lines == width && lineStride == 4) { // contiguous lines: copy them
    for (let k = 0; k < depth; k++) {
      v128.store(to, v128.load(from));
      if (width == tileColumns) v128.store(to, v128.load(from, 16), 16);
      else store<f32>(to, load<f32>(from, 16), 16);
      to += <usize> width << 2;
      from += depthStride;
    }
    return;
  }
  let k = 0;
  if (lines == width && depthStride == 4) { // contiguous depth: transpose blocks of 4 × 4
    const toStride = <usize> width << 2;
    for (; k + 4 <= depth; k += 4) {
      turn4(to, toStride, from, lineStride);
      if (width == tileColumns) turn4(to + 16, toStride, from + 4 * lineStride, lineStride);
      else {
        const fifth = v128.load(from + 4 * lineStride);
        v128.store_lane<f32>(to, fifth, 0, 16);
        v128.store_lane<f32>(to, fifth, 1, 36);
        v128.store_lane<f32>(to, fifth, 2, 56);
        v128.store_lane<f32>(to, fifth, 3, 76);
      }
      to += toStride << 2;
      from += 16;
    }
  }
  for (; k < depth; k++) {
    for (let line = 0; line < width; line++) {
      store<f32>(to, line < lines ? load<f32>(from + line * lineStride) : 0);
      to += 4;
    }
    from += depthStride;
  }
}

/** Transposes a block of 4 × 4 values; strides in bytes. */
function turn4(to: usize, toStride: usize, from: usize, fromStride: usize): void {
  const r2 = v128.load(from + 2 * fromStride), r3 = v128.load(from + 3 * fromStride);
  storeTurned(to, toStride, v128.load(from), v128.load(from + fromStride), r2, r3);
}

/** Stores the transpose of four rows of four values; stride between columns in bytes. */
export function storeTurned(
  to: usize,
  toStride: usize,
  r0: v128,
  r1: v128,
  r2: v128,
  r3: v128,
): void {
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + toStride, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * toStride, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * toStride, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/**
 * Packs panels `first` to `last` (excluded) of A into [rows/5][depth][5].
 * @param rowStride bytes from a row of A to the next
 * @param depthStride bytes from a column of A to the next; one of the two is 4
 */
export function packRows(
  to: usize,
  from: usize,
  rows: i32,
  depth: i32,
  rowStride: usize,
  depthStride: usize,
  first: i32,
  last: i32,
): void {
  for (let panel = first; panel < last; panel++) {
    const row = panel * tileRows, lines = min(tileRows, rows - row);
    const out = to + <usize> row * (<usize> depth << 2), at = from + <usize> row * rowStride;
    packPanel(out, at, lines, depth, rowStride, depthStride, tileRows);
  }
}

/**
 * Packs panels `first` to `last` (excluded) of B into [columns/8][depth][8].
 * @param columnStride bytes from a column of B to the next
 * @param depthStride bytes from a row of B to the next; one of the two is 4
 */
export function packColumns(
  to: usize,
  from: usize,
  columns: i32,
  depth: i32,
  columnStride: usize,
  depthStride: usize,
  first: i32,
  last: i32,
): void {
  if (columnStride == 4) {
    const whole = min(last, columns / tileColumns);
    copyColumns(to, from, depth, depthStride, first, whole);
    first = max(first, whole);
  }
  for (let panel = first; panel < last; panel++) {
    const column = panel * tileColumns, lines = min(tileColumns, columns - column);
    const out = to + (<usize> panel * depth << 5), at = from + <usize> column * columnStride;
    packPanel(out, at, lines, depth, columnStride, depthStride, tileColumns);
  }
}

/**
 * Copies whole panels with contiguous columns, eight rows at a time along all panels, so that
 * memory is read in long runs and not in 32 bytes of each row, each in another page.
 */
function copyColumns(
  to: usize,
  from: usize,
  depth: i32,
  depthStride: usize,
  first: i32,
  last: i32,
): void {
  const panelBytes = <usize> depth << 5;
  let k = 0;
  for (; k + 8 <= depth; k += 8) {
    let at = from + <usize> k * depthStride + (<usize> first << 5);
    let out = to + (<usize> k << 5) + <usize> first * panelBytes;
    for (let panel = first; panel < last; panel++) {
      let row = at;
      const end = out + 256;
      for (let o = out; o < end; o += 64) {
        v128.store(o, v128.load(row));
        v128.store(o, v128.load(row, 16), 16);
        row += depthStride;
        v128.store(o, v128.load(row), 32);
        v128.store(o, v128.load(row, 16), 48);
        row += depthStride;
      }
      at += 32;
      out += panelBytes;
    }
  }
  for (; k < depth; k++) {
    let at = from + <usize> k * depthStride + (<usize> first << 5);
    let out = to + (<usize> k << 5) + <usize> first * panelBytes;
    for (let panel = first; panel < last; panel++) {
      v128.store(out, v128.load(at));
      v128.store(out, v128.load(at, 16), 16);
      at += 32;
      out += panelBytes;
    }
  }
}

/**
 * Packs one thread's part of both factors of a product: panels `top` to `bottom` of A and `first`
 * to `last` of B. See packRows and packColumns.
 */
export function packBoth(
  aTo: usize,
  aFrom: usize,
  rows: i32,
  aRowStride: usize,
  aDepthStride: usize,
  top: i32,
  bottom: i32,
  bTo: usize,
  bFrom: usize,
  columns: i32,
  bColumnStride: usize,
  bDepthStride: usize,
  first: i32,
  last: i32,
  depth: i32,
): void {
  packRows(aTo, aFrom, rows, depth, aRowStride, aDepthStride, top, bottom);
  packColumns(bTo, bFrom, columns, depth, bColumnStride, bDepthStride, first, last);
}
