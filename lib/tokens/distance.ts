import { mean, sum } from "../numbers.ts";
import type { BarPlan } from "./plan.ts";

/** The logarithm of how many times fuller one is than the other, above 0; 0 where one is not said. */
export function timesFuller(a: number | undefined, b: number | undefined, floor: number): number {
  return a === undefined || b === undefined ? 0 : Math.abs(Math.log((a + floor) / (b + floor)));
}

/** Cosine similarity of two bars' rhythms, 0 to 1; null where nothing begins in one of them. */
export function rhythmCosine(a: readonly number[], b: readonly number[]): number | null {
  let both = 0, one = 0, other = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    both += (a[i] ?? 0) * (b[i] ?? 0);
    one += (a[i] ?? 0) ** 2;
    other += (b[i] ?? 0) ** 2;
  }
  return one === 0 || other === 0 ? null : both / Math.sqrt(one * other);
}

/** Share of the onsets of two bars that only one of them has, 0 to 1. */
export function onsetsApart(a: readonly number[], b: readonly number[]): number {
  const apart = sum(b.map((count, i) => Math.abs(count - (a[i] ?? 0))));
  return apart / Math.max(1, sum(b.map((count, i) => Math.max(count, a[i] ?? 0))));
}

/** Notes that begin in a bar's average step, if it says so. */
export function onsetsPerStep({ onsets, frames }: BarPlan): number | undefined {
  return onsets && sum(onsets) / frames;
}

/** Mean distance of two outlines in the beats in which both say something, in octaves. */
export function octavesApart(a: BarPlan["top"] = [], b: BarPlan["top"] = []): number {
  const both = a.flatMap((pitch, beat) =>
    pitch === null || b[beat] == null ? [] : [Math.abs(pitch - b[beat]) / 12]
  );
  return mean(both, 0);
}
