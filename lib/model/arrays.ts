import type { NamedArray } from "../train/trainer.ts";

/** Name, shape and type of one array in a binary file, as in tfjs's weight manifests. */
export interface ArraySpec {
  /** Unique within its file. */
  readonly name: string;
  /** The tensor's shape. */
  readonly shape: readonly number[];
  /** Always `float32`. */
  readonly dtype: "float32";
  /** Quantization, if the numbers are stored in half precision, as in tfjs. */
  readonly quantization?: { readonly dtype: "float16"; readonly original_dtype: "float32" };
}

/**
 * Packs arrays: their specs, and their bytes (little-endian) one after the other.
 * @param half whether to round to 16 bits, three significant digits, for half the size
 */
export function packArrays(
  arrays: readonly NamedArray[],
  half = false,
): { specs: ArraySpec[]; parts: Uint8Array[] } {
  const quantization = half
    ? { quantization: { dtype: "float16", original_dtype: "float32" } as const }
    : {};
  return {
    specs: arrays.map(({ name, shape }) => ({ name, shape, dtype: "float32", ...quantization })),
    parts: arrays.map(({ values }) => {
      const stored = half ? new Float16Array(values) : values;
      return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
    }),
  };
}

/**
 * Unpacks the arrays of {@linkcode packArrays}; 32-bit arrays are views of `bytes`.
 * @throws {Error} if the specs describe more or fewer bytes than there are
 */
export function unpackArrays(specs: readonly ArraySpec[], bytes: Uint8Array): NamedArray[] {
  const sizes = specs.map(({ shape }) => shape.reduce((product, side) => product * side, 1));
  const bytesOf = (index: number) => sizes[index]! * (specs[index]!.quantization ? 2 : 4);
  const needed = sizes.reduce((sum, _, index) => sum + bytesOf(index), 0);
  if (needed !== bytes.length) {
    throw new Error(`its shapes ask for ${needed} bytes of numbers, there are ${bytes.length}`);
  }
  let at = bytes.byteOffset;
  return specs.map(({ name, shape, quantization }, index) => {
    const values = quantization
      ? Float32Array.from(new Float16Array(bytes.buffer, at, sizes[index]!))
      : new Float32Array(bytes.buffer, at, sizes[index]!);
    at += bytesOf(index);
    return { name, shape, values };
  });
}
