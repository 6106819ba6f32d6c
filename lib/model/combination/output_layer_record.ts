import type { Backend } from "../../backend/backend.ts";
import { floatsAt } from "../../wasm/multiply.ts";

/** The fields of `Slice` in kernels/output_layer.ts, in its order; four bytes each. */
const words = [
  ...["hidden", "weights", "bias", "weightsFirst", "weightsSecond", "biasFirst", "biasSecond"],
  ...["labels", "hiddenRows", "hiddenColumns", "scores", "peaks", "sums", "labelScores", "totals"],
  ...["weightsGradient", "biasGradient", "hiddenGradients", "hiddenGradient"],
  ...["workspaces", "workspaceBytes", "rows", "paddedRows", "inputs", "paddedInputs", "blockRows"],
  ...["classes", "chunkColumns", "chunks", "segments", "next", "firstSlice", "lastSlice"],
];
const floats = ["share", "one"];
const fields = [...words, ...floats, "adam"];

/** How many words of four bytes the record takes. */
export const sliceWords: number = fields.length;

/** Writes what the kernels must know of a slice; every field must be given. */
export function writeSlice(
  backend: Backend,
  address: number,
  values: Readonly<Record<string, number>>,
): void {
  const asWords = new Int32Array(backend.memory.buffer, address, sliceWords);
  const asFloats = floatsAt(backend, address, sliceWords);
  fields.forEach((field, index) => {
    const value = values[field];
    if (value === undefined) throw new Error(`The output layer's record lacks ${field}`);
    (floats.includes(field) ? asFloats : asWords)[index] = value;
  });
}

/** Lets the threads take the slice's chunks or segments from the first one on again. */
export function restartSlice(backend: Backend, address: number): void {
  new Int32Array(backend.memory.buffer, address, sliceWords)[fields.indexOf("next")] = 0;
}
