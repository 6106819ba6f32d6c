import { floatsAt } from "./blocks.ts";
import { TILE_BYTES, TILE_COLUMNS, TILE_ROWS } from "./kernels/sizes.ts";
import type { Heap } from "./heap.ts";

/** Matrix product of 32-bit floats in the heap, by address. */
export interface Product {
  /** Address of A: [rows, depth], or [depth, rows] when `transposeA`. */
  readonly a: number;
  /** Address of B: [depth, columns], or [columns, depth] when `transposeB`. */
  readonly b: number;
  /** Address of C: [rows, columns]. */
  readonly c: number;
  /** Rows of C, and of A after transposition. */
  readonly rows: number;
  /** Columns of C, and of B after transposition. */
  readonly columns: number;
  /** Inner dimension: number of terms in each value of C. */
  readonly depth: number;
  /** Whether A is stored transposed; default no. */
  readonly transposeA?: boolean;
  /** Whether B is stored transposed; default no. */
  readonly transposeB?: boolean;
  /** Whether to add to C instead of replacing it. */
  readonly add?: boolean;
}

/** Size of one tile in bytes, rounded up to cache lines. */
const scratchBytes = Math.ceil(TILE_BYTES / 64) * 64;

/** Block sizes of depth and columns, chosen for the caches. */
const depthBlock = 256, columnBlock = 4096;

/** Minimum number of multiplications at which waking other threads pays off. */
const parallelFrom = 100_000;

/**
 * Matrix product C = A·B, or C += A·B, on all threads. The result does not depend on their number.
 */
export function multiply(heap: Heap, product: Product): void {
  const { rows, columns, depth, transposeA, transposeB } = product;
  if (rows === 0 || columns === 0) return;
  if (depth === 0) {
    if (!product.add) floatsAt(heap, product.c, rows * columns).fill(0);
    return;
  }
  const threads = rows * columns * depth < parallelFrom ? 1 : heap.threads;
  const rowPanels = Math.ceil(rows / TILE_ROWS);
  const blockColumns = Math.min(columns, columnBlock), blockDepth = Math.min(depth, depthBlock);
  const columnPanels = Math.ceil(blockColumns / TILE_COLUMNS);
  const aBytes = rowPanels * TILE_ROWS * blockDepth * 4;
  const bBytes = columnPanels * TILE_COLUMNS * blockDepth * 4;
  const scratch = workspace(heap, scratchBytes * threads + aBytes + bBytes);
  const aPacked = scratch + scratchBytes * threads, bPacked = aPacked + aBytes;
  const [aRowStride, aDepthStride] = transposeA ? [4, rows * 4] : [depth * 4, 4];
  const [bColumnStride, bDepthStride] = transposeB ? [depth * 4, 4] : [4, columns * 4];
  const dispatch = threads === 1
    ? (kernel: string, args: (thread: number, threads: number) => readonly number[]) => {
      heap.run(kernel, ...args(0, 1));
    }
    : heap.parallel;

  for (let column = 0; column < columns; column += blockColumns) {
    const width = Math.min(blockColumns, columns - column);
    const panels = Math.ceil(width / TILE_COLUMNS);
    for (let start = 0; start < depth; start += blockDepth) {
      const deep = Math.min(blockDepth, depth - start);
      const aFrom = product.a + start * aDepthStride;
      const bFrom = product.b + start * bDepthStride + column * bColumnStride;
      dispatch("packBoth", (thread, threads) => [
        ...[aPacked, aFrom, rows, aRowStride, aDepthStride, ...share(rowPanels, thread, threads)],
        ...[bPacked, bFrom, width, bColumnStride, bDepthStride, ...share(panels, thread, threads)],
        deep,
      ]);
      const add = product.add || start > 0 ? 1 : 0;
      const to = product.c + column * 4;
      dispatch("multiplyPanels", (thread, threads) => [
        ...[aPacked, bPacked, to, rows, width, deep, columns * 4, add],
        // The longer side is divided among the threads; each takes the whole of the other one.
        ...(panels >= rowPanels
          ? [0, rowPanels, ...share(panels, thread, threads)]
          : [...share(rowPanels, thread, threads), 0, panels]),
        scratch + scratchBytes * thread,
      ]);
    }
  }
}

/** Range of a thread's share of `count` work items: first (included) and last (excluded). */
export function share(count: number, thread: number, threads: number): [number, number] {
  return [Math.floor(count * thread / threads), Math.floor(count * (thread + 1) / threads)];
}

const workspaces = new WeakMap<Heap, { address: number; bytes: number }>();

/**
 * Scratch memory for the duration of one call; the next caller gets the same block. It grows to the
 * largest size requested and keeps it.
 */
export function workspace(heap: Heap, bytes: number): number {
  const kept = workspaces.get(heap);
  if (kept && kept.bytes >= bytes) return kept.address;
  if (kept) heap.free(kept.address);
  workspaces.delete(heap);
  const address = heap.allocate(bytes);
  workspaces.set(heap, { address, bytes });
  return address;
}
