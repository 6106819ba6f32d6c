import type { Bar } from "./bars.ts";
import { begins, type Frame, pitchOf } from "./frame.ts";
import { LEAST_SIMILARITY, type Similarity } from "./plan.ts";

/** Number of earlier bars that a bar is compared with; bounds the time for long pieces. */
export const BARS_BACK = 128;

/** Margin by which similarity in another key must exceed that in the same key. */
const KEY_BONUS = 0.15;

/**
 * Onsets of a bar: codes of step · 128 + pitch, ascending, and the number of onsets in each step.
 */
export interface Onsets {
  readonly codes: Int32Array;
  readonly counts: Int32Array;
}

/** Finds the onsets in a bar of `frames`. */
export function onsetsOf(
  frames: readonly Frame[],
  { start, frames: length, phase }: Bar,
  attacks: boolean,
): Onsets {
  const codes: number[] = [], counts = new Int32Array(length), first = Math.round(phase);
  for (let step = 0; step < length; step++) {
    for (const code of frames[start + step]!) {
      if (!begins(code, frames[start + step - 1], attacks)) continue;
      counts[step]!++;
      codes.push((first + step) * 128 + pitchOf(code));
    }
  }
  return { codes: Int32Array.from(codes), counts };
}

const SEMITONES = 12;

/** The latest of the earlier bars most similar to bar `index`, by shared notes in any key. */
export function mostAlike(bars: readonly Onsets[], index: number): Similarity | null {
  const { codes } = bars[index]!;
  let best: Similarity | null = null, bestScore = LEAST_SIMILARITY;
  const common = new Int32Array(2 * SEMITONES + 1);
  for (let other = index - 1; other >= Math.max(0, index - BARS_BACK); other--) {
    const earlier = bars[other]!.codes;
    if (codes.length === 0 || earlier.length === 0) continue;
    common.fill(0);
    for (let i = 0, from = 0; i < codes.length; i++) {
      const step = codes[i]! >> 7;
      while (from < earlier.length && earlier[from]! >> 7 < step) from++;
      for (let j = from; j < earlier.length && earlier[j]! >> 7 === step; j++) {
        const semitones = codes[i]! - earlier[j]!;
        if (Math.abs(semitones) <= SEMITONES) common[semitones + SEMITONES]!++;
      }
    }
    for (let at = 0; at < common.length; at++) {
      const both = common[at]!, degree = both / (codes.length + earlier.length - both);
      const score = at === SEMITONES ? degree : degree - KEY_BONUS;
      if (score > bestScore) {
        bestScore = score;
        best = { bar: other, degree, transpose: at - SEMITONES };
      }
    }
  }
  return best;
}
