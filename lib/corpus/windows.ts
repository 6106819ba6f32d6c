import type { Corpus } from "./corpus.ts";

/**
 * Target positions in a corpus's ids: every frame of the selected pieces except each piece's first.
 */
export function targetsOf(corpus: Pick<Corpus, "pieces">, pieces: readonly number[]): Int32Array {
  const ranges = pieces.map((index) => corpus.pieces[index]!);
  const targets = new Int32Array(
    ranges.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0),
  );
  let at = 0;
  for (const { offset, length } of ranges) {
    for (let frame = 1; frame < length; frame++) targets[at++] = offset + frame;
  }
  return targets;
}

/**
 * Copies the window of past ids of each target into one array, so that windows never exist for more
 * than a batch. Before a piece's start the window is filled with rests (id 0).
 * @param targets positions in `ids`
 * @param starts start of the piece at every position in `ids`
 * @returns `targets.length × window` ids, oldest first
 */
export function gatherWindows(
  ids: Int32Array,
  starts: Int32Array,
  targets: Int32Array,
  window: number,
): Float32Array {
  const windows = new Float32Array(targets.length * window);
  for (const [row, target] of targets.entries()) {
    const first = Math.max(starts[target]!, target - window);
    windows.set(ids.subarray(first, target), (row + 1) * window - (target - first));
  }
  return windows;
}

/** Start position of the piece at every position in the corpus's ids. */
export function pieceStarts(corpus: Pick<Corpus, "ids" | "pieces">): Int32Array {
  const starts = new Int32Array(corpus.ids.length);
  for (const { offset, length } of corpus.pieces) starts.fill(offset, offset, offset + length);
  return starts;
}
