import type { Heap } from "../../wasm/heap.ts";
import { floatsAt } from "../../wasm/multiply.ts";
import * as words from "./kernels/slice_words.ts";

/** What the output layer's kernels must know of a slice: a number for each field of `Slice`. */
export type SliceWords = Readonly<Record<keyof typeof words, number>>;

const indices: readonly (readonly [string, number])[] = Object.entries(words);

/** How many words of four bytes the record takes. */
export const sliceWords: number = indices.length;

/** Writes a slice's record; what is not given is 0. */
export function writeSlice(heap: Heap, address: number, values: Partial<SliceWords>): void {
  const integers = new Int32Array(heap.memory.buffer, address, sliceWords);
  for (const [name, index] of indices) integers[index] = values[name as keyof SliceWords] ?? 0;
  const floats = floatsAt(heap, address, sliceWords);
  floats[words.share] = values.share ?? 0;
  floats[words.one] = values.one ?? 0;
}

/** Lets the threads take the slice's chunks or segments from the first one on again. */
export function restartSlice(heap: Heap, address: number): void {
  new Int32Array(heap.memory.buffer, address, sliceWords)[words.next] = 0;
}
