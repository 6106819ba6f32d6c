import { isCompound, type Signature, usualSignature } from "../../midi/metre.ts";
import { stepsPerBeat } from "../../tokens/bars.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { BarPlan } from "../../tokens/plan.ts";

/** The metre of a bar in a plan: its length, and its time signature where that is known. */
export type BarMetre = Pick<BarPlan, "steps" | "signature">;

/** The most common metre of a plan's bars. */
export function mainMetre({ bars }: { readonly bars: readonly BarMetre[] }): BarMetre {
  const counts = new Map<string, { metre: BarMetre; count: number }>();
  for (const { steps, signature } of bars) {
    const metre = { steps, ...(signature ? { signature } : {}) }, key = JSON.stringify(metre);
    counts.set(key, { metre, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]!.metre;
}

/** The time signature of a metre, the usual one of its length where it is not known. */
export function signatureOf({ steps, signature }: BarMetre, grid: Grid): Signature {
  return signature ?? usualSignature(steps / stepsPerBeat(grid));
}

/** Whether bars of two metres are interchangeable: equally long, with beats divided alike. */
export function isAlike(a: BarMetre, b: BarMetre, grid: Grid): boolean {
  return a.steps === b.steps &&
    isCompound(signatureOf(a, grid)) === isCompound(signatureOf(b, grid));
}

/** A metre in words: `6/8`. */
export function metreText(metre: BarMetre, grid: Grid): string {
  return signatureOf(metre, grid).join("/");
}
