import type { Backend } from "./backend.ts";
import { doublesAt, floatsAt } from "../../wasm/blocks.ts";
import { share } from "../../wasm/multiply.ts";
import { DRAW_BLOCK } from "./kernels/sizes.ts";

/** Workspace size in bytes of {@linkcode drawFromScores}, from the scores' address on. */
export function drawingBytes(rows: number, classes: number): number {
  const blocks = Math.ceil(classes / DRAW_BLOCK);
  return 8 * (Math.ceil(rows * classes / 2) + rows * blocks * 2 + rows);
}

/** Parameters for sampling a class for each of some rows. */
export interface Draws {
  readonly temperature: number;
  /** A random number from 0 to 1 (excluded) for each row. */
  readonly uniforms: ArrayLike<number>;
  /** For each row, a class that must not be sampled, if any. */
  readonly excluded?: readonly (number | undefined)[];
}

/**
 * Samples a class for each row with probability softmax(score / temperature); the result does not
 * depend on the number of threads.
 * @param address of the scores, [rows, classes], which are overwritten; behind them there must be
 *   workspace, see {@linkcode drawingBytes}
 * @returns the classes; -1 where every class has probability zero
 */
export function drawFromScores(
  backend: Backend,
  address: number,
  classes: number,
  { temperature, uniforms, excluded }: Draws,
): Int32Array {
  const rows = uniforms.length, blocks = Math.ceil(classes / DRAW_BLOCK);
  const sumsAt = address + 8 * Math.ceil(rows * classes / 2);
  const peaksAt = sumsAt + 8 * rows * blocks, topsAt = peaksAt + 4 * rows * blocks;
  const scores = floatsAt(backend, address, rows * classes);
  excluded?.forEach((id, row) => {
    if (id !== undefined) scores[row * classes + id] = -Infinity;
  });
  backend.parallel("scorePeaks", (thread, threads) => [
    ...[address, peaksAt, rows, classes, ...share(blocks, thread, threads), 1],
  ]);
  const peaks = floatsAt(backend, peaksAt, rows * blocks), tops = floatsAt(backend, topsAt, rows);
  for (let row = 0; row < rows; row++) {
    tops[row] = peaks.subarray(row * blocks, (row + 1) * blocks).reduce((a, b) => Math.max(a, b));
  }
  backend.parallel("drawingWeights", (thread, threads) => [
    ...[address, topsAt, sumsAt, rows, classes, ...share(blocks, thread, threads)],
    1 / temperature,
  ]);
  const sums = doublesAt(backend, sumsAt, rows * blocks);
  return Int32Array.from({ length: rows }, (_, row) => {
    const own = sums.subarray(row * blocks, (row + 1) * blocks);
    const total = own.reduce((a, b) => a + b, 0);
    if (!Number.isFinite(total)) return -1;
    let left = uniforms[row]! * total, part = 0;
    while (part < blocks - 1 && left >= own[part]!) left -= own[part++]!;
    const last = Math.min(classes, (part + 1) * DRAW_BLOCK);
    let drawn = -1;
    for (let k = part * DRAW_BLOCK; k < last; k++) {
      const weight = scores[row * classes + k]!;
      if (weight === 0) continue;
      drawn = k;
      left -= weight;
      if (left < 0) break;
    }
    return drawn;
  });
}
