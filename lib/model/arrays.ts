import type { NamedArray } from "../train/trainer.ts";

/** Name, shape and type of one array in a binary file, as tfjs's weight manifests have them. */
export interface ArraySpec {
  /** Unique within its file. */
  readonly name: string;
  /** The tensor's shape. */
  readonly shape: readonly number[];
  /** Always `float32`. */
  readonly dtype: "float32";
}

/** The specs of `arrays` and their bytes (float32, little-endian), one after the other. */
export function packArrays(
  arrays: readonly NamedArray[],
): { specs: ArraySpec[]; parts: Uint8Array[] } {
  return {
    specs: arrays.map(({ name, shape }) => ({ name, shape, dtype: "float32" })),
    parts: arrays.map(({ values }) =>
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    ),
  };
}

/**
 * The arrays that {@linkcode packArrays} packed; views of `bytes`.
 * @throws {Error} if the specs ask for more or fewer bytes than there are
 */
export function unpackArrays(specs: readonly ArraySpec[], bytes: Uint8Array): NamedArray[] {
  const sizes = specs.map(({ shape }) => shape.reduce((product, side) => product * side, 1));
  const needed = 4 * sizes.reduce((sum, size) => sum + size, 0);
  if (needed !== bytes.length) {
    throw new Error(`its shapes ask for ${needed} bytes of numbers, there are ${bytes.length}`);
  }
  let at = bytes.byteOffset;
  return specs.map(({ name, shape }, index) => {
    const values = new Float32Array(bytes.buffer, at, sizes[index]!);
    at += values.byteLength;
    return { name, shape, values };
  });
}
