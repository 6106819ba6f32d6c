/** A key, and how sure it is. */
export interface Key {
  /** 0 (C) to 11 (B) are major, 12 (c) to 23 (b) minor. */
  readonly key: number;
  /** Correlation with that key's profile, −1 to 1. */
  readonly clarity: number;
}

/** Probe-tone ratings of Krumhansl and Kessler (1982), from the tonic upwards. */
const PROFILES = [
  [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
].map(standardised);

/**
 * The key whose profile pitch classes correlate with best (Krumhansl 1990); null if none is heard
 * or all 12 are heard alike.
 * @param classes how much each of the 12 is heard
 */
export function keyOf(classes: readonly number[]): Key | null {
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
  const heard = standardised(classes);
  if (heard.every((value) => value === 0)) return null;
  return PROFILES.flatMap((profile) =>
    Array.from(
      { length: 12 },
      (_, tonic) => profile.reduce((sum, value, at) => sum + value * heard[(tonic + at) % 12]!, 0),
    )
  );
}

/** The values less their mean, of length 1; all 0 if they are equal. */
function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const length = Math.hypot(...centred);
  return centred.map((value) => length > 1e-9 ? value / length : 0);
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
  const all = classes.reduce((sum, value) => sum + value, 0);
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
