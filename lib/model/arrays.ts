import type { NamedArray } from "../train/trainer.ts";

/** Name, shape and type of one array in a binary file, as tfjs's weight manifests have them. */
export interface ArraySpec {
  /** Unique within its file. */
  readonly name: string;
  /** The tensor's shape. */
  readonly shape: readonly number[];
  /** Always `float32`. */
  readonly dtype: "float32";
  /** Where the numbers are stored in half the bytes, as tfjs says it. */
  readonly quantization?: { readonly dtype: "float16"; readonly original_dtype: "float32" };
}

/**
 * The specs of `arrays` and their bytes (little-endian), one after the other.
 * @param half whether they are rounded to 16 bits, three significant digits, for half the bytes
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
 * The arrays that {@linkcode packArrays} packed; views of `bytes` where those have 32 bits a number.
 * @throws {Error} if the specs ask for more or fewer bytes than there are
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
