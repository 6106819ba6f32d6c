import { mean, sum } from "../numbers.ts";
import type { BarPlan } from "./plan.ts";

/** Absolute log ratio of two densities, 0 or more; 0 where either is unspecified. */
export function timesFuller(a: number | undefined, b: number | undefined, floor: number): number {
  return a === undefined || b === undefined ? 0 : Math.abs(Math.log((a + floor) / (b + floor)));
}

/** Cosine similarity of two bars' rhythms, 0 to 1; null where either bar has no onsets. */
export function rhythmCosine(a: readonly number[], b: readonly number[]): number | null {
  let both = 0, one = 0, other = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    both += (a[i] ?? 0) * (b[i] ?? 0);
    one += (a[i] ?? 0) ** 2;
    other += (b[i] ?? 0) ** 2;
  }
  return one === 0 || other === 0 ? null : both / Math.sqrt(one * other);
}

/** Weighted Jaccard distance of two bars' onset counts, 0 to 1. */
export function onsetsApart(a: readonly number[], b: readonly number[]): number {
  const apart = sum(b.map((count, i) => Math.abs(count - (a[i] ?? 0))));
  return apart / Math.max(1, sum(b.map((count, i) => Math.max(count, a[i] ?? 0))));
}

/** Mean number of onsets per step in a bar, if specified. */
export function onsetsPerStep({ onsets, frames }: BarPlan): number | undefined {
  return onsets && sum(onsets) / frames;
}

/** Mean absolute difference of two pitch envelopes in octaves, over the beats specified in both. */
export function octavesApart(a: BarPlan["top"] = [], b: BarPlan["top"] = []): number {
  const both = a.flatMap((pitch, beat) =>
    pitch === null || b[beat] == null ? [] : [Math.abs(pitch - b[beat]) / 12]
  );
  return mean(both, 0);
}

/** Semitones from the last pitch of an envelope to the first of the next; 0 where there are none. */
export function envelopeLeap(before: BarPlan["top"], after: BarPlan["top"]): number {
  const a = before?.findLast((pitch) => pitch !== null), b = after?.find((pitch) => pitch !== null);
  return a == null || b == null ? 0 : Math.abs(a - b);
}
