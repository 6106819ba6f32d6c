import { sum } from "../../numbers.ts";
import { keyFits } from "../../tokens/key.ts";

/** A key with its confidence. */
interface ClearKey {
  /** Index in {@linkcode KEYS}: 0 (C) to 11 (B) are major, 12 (c) to 23 (b) minor. */
  readonly key: number;
  /** Correlation with that key's profile, −1 to 1. */
  readonly clarity: number;
}

/**
 * Best key by correlation of the pitch classes with key profiles (Krumhansl 1990); null if nothing
 * sounds or all 12 classes are equal.
 * @param classes weight of each of the 12 pitch classes
 */
export function clearestKey(classes: readonly number[]): ClearKey | null {
  const clarities = claritiesOf(classes);
  if (clarities === null) return null;
  const clarity = Math.max(...clarities);
  return { key: clarities.findIndex((each) => each > clarity - 1e-9), clarity };
}

/** Minimum gain in clarity for a change of key: passing chords are no modulation. */
const CLEARER = 0.3;

/** Number of key changes between consecutive segments; silent ones keep the key. */
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

/** Correlations with all key profiles, or null if the pitch classes have no variance. */
function claritiesOf(classes: readonly number[]): number[] | null {
  const clarities = keyFits(classes);
  return clarities.every((clarity) => clarity === 0) ? null : clarities;
}

const TRIADS = [[0, 4, 7], [0, 3, 7], [0, 3, 6]] as const;

/** A triad and its share of the sounding pitch classes. */
export interface Triad {
  /** Pitch class of its root, 0 (C) to 11 (B). */
  readonly root: number;
  /** Share of the total weight, 0 to 1. */
  readonly share: number;
}

/**
 * Major, minor or diminished triad with the greatest share of the pitch classes; null if nothing
 * sounds. The fifth counts slightly less than root and third, so that a bare fifth has a root.
 * @param classes weight of each of the 12 pitch classes
 */
export function triadOf(classes: readonly number[]): Triad | null {
  const all = sum(classes);
  if (all === 0) return null;
  let best = { root: 0, share: 0, score: -1 };
  for (const [index, [, third, fifth]] of TRIADS.entries()) {
    for (let root = 0; root < 12; root++) {
      const last = classes[(root + fifth) % 12]!;
      const share = (classes[root]! + classes[(root + third) % 12]! + last) / all;
      const score = share - 0.05 * last / all - 0.01 * index;
      if (score > best.score + 1e-9) best = { root, share, score };
    }
  }
  return { root: best.root, share: best.share };
}
