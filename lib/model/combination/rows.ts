import { gatherWindows } from "../../corpus/windows.ts";

/** Batch size for evaluation. */
const ROWS = 256;

/**
 * Batches of windows and labels of frames 2 … T of a piece.
 * @param ids the ids of the piece's frames
 */
export function* rowBatches(ids: Int32Array, window: number): Generator<
  { readonly windows: Float32Array; readonly labels: Int32Array; readonly first: number }
> {
  const starts = new Int32Array(ids.length);
  for (let first = 1; first < ids.length; first += ROWS) {
    const length = Math.min(ROWS, ids.length - first);
    const targets = Int32Array.from({ length }, (_, row) => first + row);
    yield {
      windows: gatherWindows(ids, starts, targets, window),
      labels: ids.slice(first, first + length),
      first,
    };
  }
}
