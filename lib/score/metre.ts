import { beatsOf as quartersOf, isCompound as hasThirds } from "../midi/metre.ts";
import { type ScoreBar, UNITS } from "./notes.ts";

/** A time signature. */
type Signature = Pick<ScoreBar, "numerator" | "denominator">;

/** Whether a metre is compound: its beats are three of its units long, as in 6/8. */
export function isCompound({ numerator, denominator }: Signature): boolean {
  return hasThirds([numerator, denominator]);
}

/** Length of a metre's unit, the note value of its denominator. */
export function unitOf({ denominator }: Signature): number {
  return 4 * UNITS / denominator;
}

/** Length of a whole bar. */
export function barLength(metre: Signature): number {
  return metre.numerator * unitOf(metre);
}

/** Lengths of the beats of a bar. */
export function beatsOf(bar: Signature & Pick<ScoreBar, "accents">): number[] {
  return quartersOf([bar.numerator, bar.denominator], bar.accents).map((beat) => beat * UNITS);
}
