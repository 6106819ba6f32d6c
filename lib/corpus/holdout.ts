import type { Random } from "../random.ts";

/**
 * Splits off held-out pieces: about `share` of all frames, at least one piece, and never all.
 * @param lengths frames of each piece
 * @param share 0 (none) to below 1
 * @returns the indexes of the training pieces and of those held out, both ascending
 * @throws {RangeError} if the share is out of range or there is only one piece
 */
export function holdOut(
  lengths: readonly number[],
  share: number,
  random: Random,
): { training: number[]; heldOut: number[] } {
  const all = lengths.map((_, index) => index);
  if (!(share >= 0 && share < 1)) {
    throw new RangeError(`Cannot hold out ${share} of the pieces: give a share from 0 to below 1`);
  }
  if (share === 0) return { training: all, heldOut: [] };
  if (lengths.length < 2) {
    throw new RangeError(`Cannot hold out pieces: the corpus has only ${lengths.length}`);
  }
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const heldOut: number[] = [];
  let frames = 0;
  for (const index of random.shuffle([...all])) {
    if (frames >= share * total || heldOut.length === lengths.length - 1) break;
    heldOut.push(index);
    frames += lengths[index]!;
  }
  const kept = new Set(heldOut);
  return {
    training: all.filter((index) => !kept.has(index)),
    heldOut: heldOut.sort((a, b) => a - b),
  };
}
