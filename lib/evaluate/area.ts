import { quantile } from "../numbers.ts";
import type { Random } from "../random.ts";

/** A score and the class that it belongs to: 0 or 1. */
interface Scored {
  readonly score: number;
  readonly kind: number;
}

/** A score of an excerpt; `piece` is the piece's number within its kind. */
interface ScoredExcerpt extends Scored {
  readonly piece: number;
}

/**
 * Area under the receiver operating characteristic curve: the probability that an item of class 1
 * scores higher than one of class 0, from 0 to 1; 0.5 is chance. Ties count one half. Null if
 * either class is missing.
 */
export function areaUnderCurve(scored: readonly Scored[]): number | null {
  return areaOf([inOrder(scored)], () => 1);
}

function inOrder<T extends Scored>(scored: readonly T[]): T[] {
  return scored.toSorted((a, b) => a.score - b.score);
}

/** Area under the curve over groups in order; scores of different groups are never compared. */
function areaOf<T extends Scored>(
  groups: readonly (readonly T[])[],
  weightOf: (scored: T) => number,
): number | null {
  let all = 0, right = 0;
  for (const group of groups) {
    let first = 0, second = 0;
    for (let from = 0; from < group.length;) {
      let end = from, firstHere = 0, secondHere = 0;
      for (; end < group.length && group[end]!.score === group[from]!.score; end++) {
        if (group[end]!.kind === 0) firstHere += weightOf(group[end]!);
        else secondHere += weightOf(group[end]!);
      }
      right += secondHere * (first + firstHere / 2);
      first += firstHere;
      second += secondHere;
      from = end;
    }
    all += first * second;
  }
  return all > 0 ? right / all : null;
}

const RESAMPLES = 200;

/**
 * Area under the curve with a 95 % confidence interval: the middle 95 % of the areas of 200
 * bootstrap samples of the pieces, drawn with replacement (Efron 1979). Excerpts of one piece
 * resemble each other, so pieces are resampled, not excerpts.
 * @param groups scores of different groups are never compared with each other
 * @returns the area and the bounds of the interval
 */
export function areaWithUncertainty(
  groups: readonly (readonly ScoredExcerpt[])[],
  random: Random,
): { area: number; from: number; to: number } | null {
  const ordered = groups.map(inOrder);
  const area = areaOf(ordered, () => 1);
  if (area === null) return null;
  const sizes = [0, 1].map((kind) =>
    1 + Math.max(...ordered.flat().map((each) => each.kind === kind ? each.piece : 0))
  );
  const areas: number[] = [];
  for (let sample = 0; sample < RESAMPLES; sample++) {
    const counts = sizes.map((size) => {
      const counts = new Int32Array(size);
      for (let i = 0; i < size; i++) counts[random.below(size)]!++;
      return counts;
    });
    const found = areaOf(ordered, ({ piece, kind }) => counts[kind]![piece]!);
    if (found !== null) areas.push(found);
  }
  const at = (share: number) => quantile(areas, share) ?? area;
  return { area, from: at(0.025), to: at(0.975) };
}
