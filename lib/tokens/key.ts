import { mean, sum } from "../numbers.ts";
import type { BarPlan } from "./plan.ts";

/** A key: a tonic and a mode. */
export interface Key {
  /** Pitch class of the tonic, 0 (C) to 11 (B). */
  readonly tonic: number;
  /** Which third it has. */
  readonly mode: "major" | "minor";
}

/** The usual names of the pitch classes from C on. */
export const PITCH_CLASS_NAMES = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const ACCIDENTALS: Readonly<Record<string, number>> = { "": 0, "#": 1, "♯": 1, b: -1, "♭": -1 };

/** How well each degree fits a key: probe-tone ratings of Krumhansl and Kessler (1982). */
const PROFILES = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
} as const;

/** Degrees of scales; natural minor has those of a major key. */
const SCALES: Readonly<Record<Key["mode"], readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 11], // harmonic
};

/** All 24 keys. */
export const KEYS: readonly Key[] = (["major", "minor"] as const).flatMap((mode) =>
  PITCH_CLASS_NAMES.map((_, tonic) => ({ tonic, mode }))
);

/** How high the note lies that a letter and `#`, `b` or nothing name, −1 (Cb) to 12 (B#). */
export function semitonesAboveC(letter: string, accidental: string): number {
  return LETTERS[letter.toUpperCase()]! + ACCIDENTALS[accidental]!;
}

/**
 * The key that a person's text names: `A minor`, `Am`, `Eb major`, `F#`.
 * @throws {Error} if it names none
 */
export function parseKey(text: string): Key {
  const [, letter, accidental, mode] =
    /^([A-Ga-g])([#b♯♭]?)\s*-?\s*(|m|min|minor|maj|major|moll|dur)$/.exec(text.trim()) ?? [];
  if (letter === undefined) {
    throw new Error(`Cannot use key "${text}": needed one such as "A minor", "Eb major" or "F#"`);
  }
  const tonic = (semitonesAboveC(letter, accidental!) + 12) % 12;
  return { tonic, mode: /^(m|min|minor|moll)$/.test(mode!) ? "minor" : "major" };
}

/** A key in words: `A minor`. */
export function keyName({ tonic, mode }: Key): string {
  return `${PITCH_CLASS_NAMES[tonic]} ${mode}`;
}

/** In how many half bars each pitch class is found. */
export function classCounts(bars: readonly BarPlan[]): number[] {
  const counts = new Array<number>(12).fill(0);
  for (const { classes = [] } of bars) {
    for (const half of classes) for (const one of half) counts[one]!++;
  }
  return counts;
}

/**
 * How well music fits a key: the correlation of its pitch classes with the key's profile, −1 to 1
 * (the key-finding algorithm of Krumhansl and Schmuckler); 0 where there is nothing to tell by.
 * @param counts per pitch class, how much there is of it
 * @param transpose semitones that the music is transposed by before
 */
export function keyFit(counts: readonly number[], { tonic, mode }: Key, transpose = 0): number {
  const profile = PROFILES[mode];
  const middle = mean(counts), usual = mean(profile);
  let both = 0, own = 0, theirs = 0;
  for (let one = 0; one < 12; one++) {
    const a = counts[one]! - middle;
    const b = profile[(one + transpose - tonic + 36) % 12]! - usual;
    both += a * b;
    own += a * a;
    theirs += b * b;
  }
  return own < 1e-18 ? 0 : both / Math.sqrt(own * theirs); // alike but for rounding
}

/** The key that music fits best. */
export function keyOf(bars: readonly BarPlan[]): Key {
  const counts = classCounts(bars);
  const fits = KEYS.map((key) => keyFit(counts, key));
  return KEYS[fits.indexOf(Math.max(...fits))]!;
}

/** The smallest move that takes one pitch class to another, −5 to 6 semitones. */
export function nearestMove(from: number, to: number): number {
  const up = ((to - from) % 12 + 12) % 12;
  return up > 6 ? up - 12 : up;
}

/** The smallest move that takes music from a key to another one or, in the other mode, to its notes. */
export function moveBetween(from: Key, to: Key): number {
  if (from.mode === to.mode) return nearestMove(from.tonic, to.tonic);
  return nearestMove(majorTonic(from), majorTonic(to));
}

/** The tonic of the major key with the same notes. */
function majorTonic({ tonic, mode }: Key): number {
  return mode === "major" ? tonic : (tonic + 3) % 12;
}

/** The pitch classes next above and below one in the scale of a key. */
export function neighbours(pitchClass: number, { tonic, mode }: Key): number[] {
  const scale = SCALES[mode].map((degree) => (tonic + degree) % 12);
  const next = (by: 1 | 11) => {
    for (let step = 1, one = pitchClass; step < 12; step++) {
      one = (one + by) % 12;
      if (scale.includes(one)) return one;
    }
    return pitchClass;
  };
  return [next(11), next(1)];
}

/** The greatest share of the counted pitch classes that lies in one scale, 0 to 1; 1 if there are none. */
export function scaleShare(counts: readonly number[]): number {
  const all = sum(counts);
  if (all === 0) return 1;
  return Math.max(
    ...KEYS.map(({ tonic, mode }) =>
      sum(SCALES[mode].map((degree) => counts[(tonic + degree) % 12]!)) / all
    ),
  );
}
