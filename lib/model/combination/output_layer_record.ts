import type { Heap } from "../../wasm/heap.ts";
import { type Blocks, floatsAt, integersAt } from "../../wasm/blocks.ts";
import { TILE_ROWS } from "../../wasm/kernels/sizes.ts";
import * as words from "./kernels/slice_words.ts";

/** Field values of `Slice`, the record that the output layer's kernels read. */
export type SliceWords = Readonly<Record<keyof typeof words, number>>;

const indices: readonly (readonly [string, number])[] = Object.entries(words);

/** Size of the record in words of four bytes. */
const sliceWords = indices.length;

/** Writes a slice's record; missing fields are 0. */
export function writeSlice(heap: Heap, address: number, values: Partial<SliceWords>): void {
  const integers = integersAt(heap, address, sliceWords);
  for (const [name, index] of indices) integers[index] = values[name as keyof SliceWords] ?? 0;
  const floats = floatsAt(heap, address, sliceWords);
  for (const name of ["share", "one", "rate", "correction"] as const) {
    floats[words[name]] = values[name] ?? 0;
  }
}

/** Resets the slice's work counter, so that threads start again from the first chunk or segment. */
export function restartSlice(heap: Heap, address: number): void {
  integersAt(heap, address, sliceWords)[words.next] = 0;
}

/**
 * Number of partial gradients of the layer's input, which limits the threads of the second pass; it
 * must not depend on their number, since the parts are added in order.
 */
const maximumSegments = 16;

/** Block sizes of the layer, for its record. */
export type OutputSizes = ReturnType<typeof outputSizes>;

/**
 * Computes the block sizes.
 * @throws RangeError when blocks or chunks are not whole multiples of tiles and panels
 */
export function outputSizes(inputs: number, classes: number, blockRows = 240, chunkColumns = 128) {
  if (blockRows % 40 !== 0 || blockRows <= 0) { // tiles have 5 rows, panels 8
    throw new RangeError(`Blocks of ${blockRows} rows: needed a multiple of 40`);
  }
  if (chunkColumns % 8 !== 0 || chunkColumns <= 0) {
    throw new RangeError(`Chunks of ${chunkColumns} classes: needed a multiple of 8`);
  }
  const columns = Math.min(chunkColumns, ceil(classes, 8)), chunks = Math.ceil(classes / columns);
  return {
    inputs,
    paddedInputs: ceil(inputs, TILE_ROWS),
    blockRows,
    classes,
    chunkColumns: columns,
    chunks,
    segments: Math.min(maximumSegments, chunks),
  };
}

/** Heap buffers of the layer. */
export type OutputBuffers = ReturnType<typeof reserveBuffers>;

/**
 * Reserves the layer's buffers.
 * @param needs rows of a slice at most, whether there is room for the second pass, and whether
 *   gradients can be added up over several slices
 */
export function reserveBuffers(
  blocks: Blocks,
  { inputs, paddedInputs, blockRows, classes, chunkColumns, chunks, segments }: OutputSizes,
  threads: number,
  { rows, train, several }: {
    readonly rows: number;
    readonly train: boolean;
    readonly several: boolean;
  },
) {
  const paddedRows = ceil(rows, 8), paddedClasses = ceil(classes, 8);
  // Private to each thread, in the two passes; the kernels describe the contents.
  const block = chunkColumns * blockRows, weights = chunkColumns * paddedInputs;
  const forward = weights + 4 * blockRows + block;
  const backward = weights + 2 * block + (several ? 0 : weights);
  const workspaceFloats = ceil(Math.max(forward, train ? backward : 0), 16);
  const addresses = blocks.floats({
    record: sliceWords,
    labels: paddedRows,
    hiddenRows: ceil(paddedRows, TILE_ROWS) * inputs,
    hiddenColumns: train ? paddedInputs * paddedRows : 0,
    scores: train ? paddedClasses * paddedRows : 0,
    peaks: chunks * paddedRows,
    sums: chunks * paddedRows,
    labelScores: paddedRows,
    totals: 2 * paddedRows,
    weightsGradient: train && several ? paddedClasses * paddedInputs : 0,
    biasGradient: train ? paddedClasses : 0,
    hiddenGradients: train ? segments * paddedInputs * paddedRows : 0,
    workspaces: workspaceFloats * threads,
  });
  return { addresses, workspaceBytes: workspaceFloats * 4, rows: paddedRows, train, several };
}

function ceil(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}
