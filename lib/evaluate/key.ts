import { sum } from "../numbers.ts";
import { keyFit, KEYS } from "../tokens/key.ts";

/** A key, and how sure it is. */
export interface ClearKey {
  /** Its place among {@linkcode KEYS}: 0 (C) to 11 (B) are major, 12 (c) to 23 (b) minor. */
  readonly key: number;
  /** Correlation with that key's profile, −1 to 1. */
  readonly clarity: number;
}

/**
 * The key whose profile pitch classes correlate with best (Krumhansl 1990); null if none is heard
 * or all 12 are heard alike.
 * @param classes how much each of the 12 is heard
 */
export function clearestKey(classes: readonly number[]): ClearKey | null {
  const clarities = claritiesOf(classes);
  if (clarities === null) return null;
  const clarity = Math.max(...clarities);
  return { key: clarities.findIndex((each) => each > clarity - 1e-9), clarity };
}

/** A key gives way only to one that is clearer by so much: passing chords change no key. */
const CLEARER = 0.3;

/** How often the key changes from stretch to stretch; silent ones keep it. */
export function keyChanges(stretches: readonly (readonly number[])[]): number {
  let key: number | undefined, changes = 0;
  for (const clarities of stretches.map(claritiesOf)) {
    if (clarities === null) continue;
    const clearest = Math.max(...clarities);
    if (key !== undefined && clarities[key]! >= clearest - CLEARER) continue;
    if (key !== undefined) changes++;
    key = clarities.indexOf(clearest);
  }
  return changes;
}

/** The correlation with each key's profile, or null where there is nothing to correlate. */
function claritiesOf(classes: readonly number[]): number[] | null {
  const clarities = KEYS.map((key) => keyFit(classes, key));
  return clarities.every((clarity) => clarity === 0) ? null : clarities;
}

const TRIADS = [[0, 4, 7], [0, 3, 7], [0, 3, 6]];

/** A triad, and how much of what is heard belongs to it. */
export interface Triad {
  /** Pitch class of its root, 0 (C) to 11 (B). */
  readonly root: number;
  /** Share of what is heard, 0 to 1. */
  readonly share: number;
}

/**
 * The major, minor or diminished triad that most of what is heard belongs to, the fifth counted a
 * little less than root and third so that a fifth alone has a root; null if nothing is heard.
 * @param classes how much each of the 12 is heard
 */
export function triadOf(classes: readonly number[]): Triad | null {
  const all = sum(classes);
  if (all === 0) return null;
  let best = { root: 0, share: 0, score: -1 };
  for (const [index, triad] of TRIADS.entries()) {
    for (let root = 0; root < 12; root++) {
      const [first, third, fifth] = triad.map((degree) => classes[(root + degree) % 12]!);
      const share = (first! + third! + fifth!) / all;
      const score = share - 0.05 * fifth! / all - 0.01 * index;
      if (score > best.score + 1e-9) best = { root, share, score };
    }
  }
  return { root: best.root, share: best.share };
}
