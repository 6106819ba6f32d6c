import { mean, sum } from "../numbers.ts";

/** A key: a tonic and a mode. */
export interface Key {
  /** Pitch class of the tonic, 0 (C) to 11 (B). */
  readonly tonic: number;
  /** Mode, by its third. */
  readonly mode: "major" | "minor";
}

/** A key with its signature. */
export interface WrittenKey extends Key {
  /** Sharps of the signature, or flats as negative numbers: −7 to 7. */
  readonly fifths: number;
}

/** Names of the twelve pitch classes, from C. */
export const PITCH_CLASSES: readonly string[] = "C C♯ D E♭ E F F♯ G A♭ A B♭ B".split(" ");

/** Letters along the line of fifths, from F, and their pitch classes. */
const LINE_OF_FIFTHS = [..."FCGDAEB"];
const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const ACCIDENTALS: Readonly<Record<string, number>> = { "": 0, "#": 1, "♯": 1, b: -1, "♭": -1 };

/** Key profile: a weight for each degree, in semitones from the tonic up, per mode. */
export type KeyProfile = Readonly<Record<Key["mode"], readonly number[]>>;

/** Key profile of Krumhansl and Kessler (1982), from probe-tone ratings. */
const PROBE_TONES: KeyProfile = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
};

/** Scale degrees in semitones. */
const SCALES: Readonly<Record<Key["mode"], readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 11], // harmonic
};

/** All 24 keys: major from C to B, then minor. */
export const KEYS: readonly Key[] = (["major", "minor"] as const).flatMap((mode) =>
  PITCH_CLASSES.map((_, tonic) => ({ tonic, mode }))
);

/** Pitch class of a note name, not wrapped into an octave: −1 (Cb) to 12 (B#). */
export function semitonesAboveC(letter: string, accidental: string): number {
  return LETTERS[letter.toUpperCase()]! + ACCIDENTALS[accidental]!;
}

/** Pitch class of a position on the line of fifths, on which C is 0 and G is 1. */
export function classAt(place: number): number {
  return (place * 7 % 12 + 12) % 12;
}

/** Letter of a position on the line of fifths, and its alteration in semitones. */
export function letterAt(place: number): { readonly letter: string; readonly alter: number } {
  const letter = LINE_OF_FIFTHS[((place + 1) % 7 + 7) % 7]!;
  return { letter, alter: Math.floor((place + 1) / 7) };
}

/**
 * Position of a pitch class on the line of fifths, at most six fifths from another position (the
 * flat side of two).
 */
export function placeNear(pitchClass: number, place: number): number {
  return place + ((pitchClass * 7 - place + 6) % 12 + 12) % 12 - 6;
}

/**
 * Key signature of a key: −6 (G♭ major, E♭ minor) to 6 (F♯ major), or the enharmonic one nearest to
 * another signature.
 * @param near sharps of that signature, flats below 0
 */
export function written({ tonic, mode }: Key, near?: number): WrittenKey {
  const major = mode === "major" ? tonic : (tonic + 3) % 12;
  const usual = placeNear(major, 0);
  const fifths = near !== undefined
    ? placeNear(major, near)
    : usual === -6 && mode === "major"
    ? 6
    : usual;
  return { tonic, mode, fifths };
}

/**
 * Parses a key name: `A minor`, `Am`, `Eb major`, `F#`.
 * @throws {Error} if it is not a key
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

/** Name of a key, spelled as in its signature where it has one: `A minor`, `E♭ major`. */
export function keyName(key: Key | WrittenKey): string {
  const { tonic, mode, fifths } = "fifths" in key ? key : written(key);
  const { letter, alter } = letterAt(placeNear(tonic, fifths + (mode === "minor" ? 3 : 0)));
  return `${letter}${["♭", "", "♯"][alter + 1] ?? (alter < 0 ? "♭♭" : "𝄪")} ${mode}`;
}

/** Number of half bars in which each pitch class occurs. */
export function classCounts(
  bars: readonly { readonly classes?: readonly (readonly number[])[] }[],
): number[] {
  const counts = new Array<number>(12).fill(0);
  for (const { classes = [] } of bars) {
    for (const half of classes) for (const one of half) counts[one]!++;
  }
  return counts;
}

/** Deviations of each profile from its mean, from each of the twelve degrees on, with their squares' sum. */
const PROFILES = mapModes((mode) => {
  const usual = mean(PROBE_TONES[mode]), apart = PROBE_TONES[mode].map((value) => value - usual);
  return apart.map((_, from) => {
    const deviations = apart.map((_, at) => apart[(at + from) % 12]!);
    return { deviations, squares: sum(deviations.map((value) => value * value)) };
  });
});

function mapModes<T>(of: (mode: Key["mode"]) => T): Readonly<Record<Key["mode"], T>> {
  return { major: of("major"), minor: of("minor") };
}

/**
 * Correlation of pitch-class weights with the profile of a key, −1 to 1 (Krumhansl 1990): the
 * clarity of the key; 0 where there is no evidence.
 * @param counts weight of each pitch class
 * @param transpose semitones by which the music is transposed first
 */
export function keyFit(counts: readonly number[], key: Key, transpose = 0): number {
  return fitOf(spreadOf(counts), key, transpose);
}

/** {@linkcode keyFit} of the same weights in several transpositions. */
export function transposedFits(
  counts: readonly number[],
  key: Key,
): (transpose: number) => number {
  const spread = spreadOf(counts);
  return (transpose) => fitOf(spread, key, transpose);
}

/** Correlations with all of {@linkcode KEYS}, as {@linkcode keyFit} computes them. */
export function keyFits(counts: readonly number[]): number[] {
  const spread = spreadOf(counts);
  return KEYS.map((key) => fitOf(spread, key, 0));
}

/** Deviations from the mean, and the sum of their squares. */
interface Spread {
  readonly deviations: readonly number[];
  readonly squares: number;
}

function spreadOf(counts: readonly number[]): Spread {
  const middle = mean(counts), deviations = counts.map((count) => count - middle);
  let squares = 0;
  for (const value of deviations) squares += value * value;
  return { deviations, squares };
}

function fitOf({ deviations, squares }: Spread, { tonic, mode }: Key, transpose: number): number {
  if (squares < 1e-18) return 0; // constant but for rounding
  const profile = PROFILES[mode][(transpose - tonic + 36) % 12]!;
  let both = 0;
  for (let one = 0; one < 12; one++) both += deviations[one]! * profile.deviations[one]!;
  return both / Math.sqrt(squares * profile.squares);
}

/** Smallest interval from one pitch class to another, −5 to 6 semitones. */
export function nearestMove(from: number, to: number): number {
  const up = ((to - from) % 12 + 12) % 12;
  return up > 6 ? up - 12 : up;
}

/** Smallest transposition from a key to another or, where the mode differs, to its relative. */
export function moveBetween(from: Key, to: Key): number {
  if (from.mode === to.mode) return nearestMove(from.tonic, to.tonic);
  return nearestMove(majorTonic(from), majorTonic(to));
}

/** Tonic of the relative major key. */
function majorTonic({ tonic, mode }: Key): number {
  return mode === "major" ? tonic : (tonic + 3) % 12;
}

/** Scale neighbours of a pitch class in a key, above and below. */
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

/**
 * Degrees that differ by a semitone in the parallel key; the leading note of minor stays, as in
 * harmonic minor.
 */
const MOVED_DEGREES = { minor: { degrees: [4, 9], by: 11 }, major: { degrees: [3, 8, 10], by: 1 } };

/** Pitch class converted from the parallel key to the given mode. */
export function inOtherMode(pitchClass: number, tonic: number, mode: Key["mode"]): number {
  const { degrees, by } = MOVED_DEGREES[mode];
  return degrees.includes((pitchClass - tonic + 12) % 12) ? (pitchClass + by) % 12 : pitchClass;
}

/** Largest share of the counted pitch classes within one scale, 0 to 1; 1 if there are none. */
export function scaleShare(counts: readonly number[]): number {
  const all = sum(counts);
  if (all === 0) return 1;
  let most = 0;
  for (const { tonic, mode } of KEYS) {
    let inside = 0;
    for (const degree of SCALES[mode]) inside += counts[(tonic + degree) % 12]!;
    most = Math.max(most, inside / all);
  }
  return most;
}
