import { mean, sum } from "../../numbers.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Grid, Metre } from "../../tokens/piece.ts";
import type { BarPlan, Plan } from "../../tokens/plan.ts";
import { planOf } from "../../tokens/plan_of.ts";

/** How far music is from its plan: 0 where it is just as planned. */
export function distanceFromPlan(
  frames: readonly Frame[],
  metres: readonly Metre[],
  plan: Plan,
  grid: Grid,
): number {
  const made = planOf({ frames, metres }, grid).bars.slice(0, plan.bars.length);
  return mean(made.map((bar, index) => distanceOfBars(bar, plan.bars[index]!)), 0);
}

/** What says how full a bar is, and how much a factor of e counts in it. */
const FULLNESS = [["notes", 2], ["low", 0.5], ["high", 0.5]] as const;

/**
 * How far a bar is from what it was to be like: the sum of what is wrong with its fullness, pitch
 * classes, outlines, likeness, rhythm (each about 1 at most) and line (about 2). What was not said counts
 * nothing.
 * @param made as `planOf` gives it
 */
export function distanceOfBars(made: BarPlan, asked: BarPlan): number {
  let far = 0;
  for (const [part, weight] of FULLNESS) {
    if (asked[part] === undefined) continue;
    far += weight * timesFuller(made[part], asked[part], 0.5);
  }
  if (asked.classes !== undefined) {
    far += sum(
      asked.classes.map((half, i) => (1 - inCommon(new Set(made.classes![i]), new Set(half))) / 2),
    );
  }
  for (const line of ["top", "bottom"] as const) {
    if (asked[line] !== undefined) far += octavesApart(made[line], asked[line]);
  }
  if (asked.like !== undefined) {
    far += Math.abs((made.like?.degree ?? 0) - (asked.like?.degree ?? 0));
  }
  if (asked.onsets !== undefined) {
    const theirs = (i: number) => made.onsets![i] ?? 0;
    const apart = sum(asked.onsets.map((n, i) => Math.abs(n - theirs(i))));
    far += apart / Math.max(1, sum(asked.onsets.map((n, i) => Math.max(n, theirs(i)))));
  }
  const own = made.line, theirs = asked.line;
  if (own && theirs) {
    const parts = ["steps", "leaps", "repeats", "turns"] as const;
    far += sum(parts.map((part) => Math.abs(own[part] - theirs[part])));
  }
  return far;
}

/** What two sets have in common of what is in either (Jaccard index), 0 to 1; 1 of two empty ones. */
export function inCommon(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const all = a.union(b).size;
  return all === 0 ? 1 : a.intersection(b).size / all;
}

/** The logarithm of how many times fuller one is than the other, above 0; 0 where one is not said. */
export function timesFuller(a: number | undefined, b: number | undefined, floor: number): number {
  return a === undefined || b === undefined ? 0 : Math.abs(Math.log((a + floor) / (b + floor)));
}

/** The cosine of two bars' rhythms, 0 to 1; null where nothing begins in one of them. */
export function rhythmCosine(a: readonly number[], b: readonly number[]): number | null {
  let both = 0, one = 0, other = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    both += (a[i] ?? 0) * (b[i] ?? 0);
    one += (a[i] ?? 0) ** 2;
    other += (b[i] ?? 0) ** 2;
  }
  return one === 0 || other === 0 ? null : both / Math.sqrt(one * other);
}

/** Notes that begin in a bar's average step, if it says so. */
export function onsetsPerStep({ onsets, frames }: BarPlan): number | undefined {
  return onsets && sum(onsets) / frames;
}

/** Mean distance of two outlines where both say something, in octaves. */
export function octavesApart(a: BarPlan["top"] = [], b: BarPlan["top"] = []): number {
  const both = a.flatMap((pitch, beat) =>
    pitch === null || b[beat] == null ? [] : [Math.abs(pitch - b[beat]) / 12]
  );
  return mean(both, 0);
}
