import { isCompound, unitOf } from "./metre.ts";
import type { ScoreBar, ScoreNote } from "./notes.ts";

/** Longest accent in units of a metre: a longer note does not accent its beginning more. */
const LONGEST_ACCENT = 4;

/** Bars of asymmetric metres with the accents of the music, which are constant within a metre. */
export function withAccents(bars: readonly ScoreBar[], notes: readonly ScoreNote[]): ScoreBar[] {
  const name = ({ numerator, denominator }: ScoreBar) => `${numerator}/${denominator}`;
  const isAsymmetric = (bar: ScoreBar) =>
    bar.denominator >= 8 && bar.numerator > 3 && !isCompound(bar);
  const accents = new Map<string, number[]>();
  let next = 0;
  for (const bar of bars) {
    if (isAsymmetric(bar) && !accents.has(name(bar))) {
      accents.set(name(bar), new Array<number>(bar.numerator).fill(0));
    }
    const own = accents.get(name(bar)), unit = unitOf(bar);
    for (; next < notes.length && notes[next]!.start < bar.start + bar.length; next++) {
      const { start, end } = notes[next]!, at = (start - bar.start + bar.missing) / unit;
      if (own && Number.isInteger(at)) own[at]! += Math.min(LONGEST_ACCENT, (end - start) / unit);
    }
  }
  return bars.map((bar) => {
    const own = accents.get(name(bar));
    return own === undefined ? bar : { ...bar, accents: own };
  });
}
