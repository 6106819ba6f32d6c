import { edgeTile, tile, tileColumns, tileRows } from "./tile";

/**
 * Panels of A per block before the next panel of B: about 256 rows, which fit the second-level
 * cache.
 */
const rowBlock: i32 = 52;

/**
 * Matrix product of packed factors, C = A·B or C += A·B, for B's panels `first` to `last`
 * (excluded) and A's panels `top` to `bottom` (excluded).
 * @param a [rows/5][depth][5], see packRows
 * @param b [columns/8][depth][8], see packColumns
 * @param c [rows][columns], `stride` bytes from one row to the next
 * @param add whether to add to C
 * @param scratch 160 bytes private to this thread
 */
export function multiplyPanels(
  a: usize,
  b: usize,
  c: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  stride: usize,
  add: bool,
  top: i32,
  bottom: i32,
  first: i32,
  last: i32,
  scratch: usize,
): void {
  for (; top < bottom; top += rowBlock) {
    const blockEnd = min(bottom, top + rowBlock);
    for (let panel = first; panel < last; panel++) {
      const column = panel * tileColumns;
      const width = min(tileColumns, columns - column);
      const bPanel = b + (<usize> panel * depth << 5);
      for (let block = top; block < blockEnd; block++) {
        const row = block * tileRows;
        const height = min(tileRows, rows - row);
        const aPanel = a + <usize> row * (<usize> depth << 2);
        const to = c + <usize> row * stride + (<usize> column << 2);
        if (width == tileColumns && height == tileRows) {
          tile(aPanel, bPanel, to, stride, depth, add);
        } else edgeTile(aPanel, bPanel, to, stride, depth, add, height, width, scratch);
      }
    }
  }
}
