import { jaccardOfSorted } from "../numbers.ts";
import type { GridNote } from "../tokens/grid.ts";
import { scaleShare } from "../tokens/key.ts";
import type { Grid } from "../tokens/piece.ts";
import { addClasses, type ExcerptBar } from "./features/excerpt.ts";
import { keyChanges, triadOf } from "./features/key.ts";

const STRETCH_BEATS = 16;

/**
 * Scale consistency: for each segment of 16 beats (seconds) with notes, the greatest share of them
 * within one of the 12 major and 12 harmonic minor scales (natural minor equals major), 0 to 1.
 * After Mogren (2016, "C-RNN-GAN").
 * @param notes by start
 */
export function scaleConsistencies(notes: readonly GridNote[], grid: Grid): number[] {
  const steps = STRETCH_BEATS * grid.steps;
  const stretches = new Map<number, number[]>();
  for (const { start, pitch } of notes) {
    const stretch = Math.floor(start / steps);
    if (!stretches.has(stretch)) stretches.set(stretch, new Array<number>(12).fill(0));
    stretches.get(stretch)![pitch % 12]!++;
  }
  return [...stretches.values()].map(scaleShare);
}

/**
 * Self-similarity: for each bar with notes except the first, the greatest similarity to an earlier
 * bar of the piece. The similarity of two bars is the Jaccard index of their onsets (position in
 * the bar and pitch).
 */
export function barSimilarities(bars: readonly ExcerptBar[]): number[] {
  const filled = bars.map(({ onsets }) => onsets).filter((onsets) => onsets.length > 0);
  return filled.slice(1).map((onsets, index) => {
    let most = 0;
    for (let earlier = index; earlier >= 0 && most < 1; earlier--) {
      most = Math.max(most, jaccardOfSorted(onsets, filled[earlier]!));
    }
    return most;
  });
}

/** Rhythmic similarity of each bar except the first to the bar before, where both have notes. */
export function grooves(bars: readonly ExcerptBar[]): number[] {
  return bars.slice(1).flatMap(({ rhythm }, index) => {
    const before = bars[index]!.rhythm;
    return rhythm.length > 0 && before.length > 0 ? [jaccardOfSorted(rhythm, before)] : [];
  });
}

const BARS_OF_KEYS = 16, BARS_OF_A_KEY = 2;

/**
 * Number of key changes per whole segment of 16 bars, sampled every two bars
 * ({@linkcode keyChanges}).
 */
export function keyChangesPer16Bars(bars: readonly ExcerptBar[]): number[] {
  const keys = Array.from(
    { length: Math.floor(bars.length / BARS_OF_A_KEY) },
    (_, index) =>
      bars.slice(index * BARS_OF_A_KEY, (index + 1) * BARS_OF_A_KEY).flatMap(({ halves }) => halves)
        .reduce(addClasses),
  );
  const each = BARS_OF_KEYS / BARS_OF_A_KEY;
  return Array.from(
    { length: Math.floor(keys.length / each) },
    (_, index) => keyChanges(keys.slice(index * each, (index + 1) * each)),
  );
}

/** Harmonic rhythm: number of half bars before the root moves; silence is skipped. */
export function rootLengths(bars: readonly ExcerptBar[]): number[] {
  const roots = bars.flatMap(({ halves }) => halves).flatMap((classes) =>
    triadOf(classes)?.root ?? []
  );
  const lengths: number[] = [];
  roots.forEach((root, index) => {
    if (root === roots[index - 1]) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  });
  return lengths;
}
