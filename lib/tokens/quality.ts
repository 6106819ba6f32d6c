import { octavesApart, timesFuller } from "./distance.ts";
import { type MeasuredBar, outline } from "./measure.ts";
import { isChord, parseChord } from "./chord.ts";
import type { BarPlan, Likeness, PlannedChord } from "./plan.ts";

/** One quality of a bar: all that is to be known of it. @typeParam V its value */
export interface Quality<V> {
  /** Its name for people. */
  readonly words: string;
  /** A value in words. */
  readonly describe: (value: V) => string;
  /** Its value in a bar of music; undefined where a bar alone does not tell. */
  readonly measure: (bar: MeasuredBar) => V | undefined;
  /**
   * What is wrong with a value that a person or a file says, if anything: `has 200 notes`.
   * @param index of the bar
   */
  readonly problem: (value: V, bar: BarPlan, index: number) => string | undefined;
  /** The value as JSON, never null. */
  readonly encode: (value: V) => unknown;
  /** The inverse of `encode`; damaged JSON gives a value that has a `problem`. */
  readonly decode: (json: unknown) => V;
  /** Distance of a bar from its plan, mostly 0 to 1. */
  readonly distance: (made: V, asked: V) => number;
  /** The value in another key; undefined where it is not known then. Default: the same. */
  readonly transpose?: (value: V, semitones: number) => V | undefined;
  /** The value in another register and the same key. Default: the same. */
  readonly raise?: (value: V, semitones: number) => V | undefined;
  /** The value with so many times as many notes. Default: the same. */
  readonly scale?: (value: V, factor: number) => V;
  /** The value in the other mode on a tonic, a pitch class. Default: the same. */
  readonly inMode?: (value: V, tonic: number, mode: "major" | "minor") => V;
  /** The value for a bar of another length. Default: the same. */
  readonly fit?: (value: V, length: BarLength) => V;
  /** Rows of the network's tables that tell it, by table: one for the bar, or one for each step. */
  readonly network?: Readonly<
    Record<string, (value: V, bar: BarPlan) => number | readonly number[]>
  >;
}

/** The length of a bar in frames and beats, and the steps of a beat. */
export interface BarLength {
  readonly frames: number;
  readonly beats: number;
  readonly beat: number;
}

/** A mean number of sounding notes. */
export const density = (name: "notes" | "low" | "high", words: string, weight: number) => ({
  words,
  describe: (value: number) => value.toFixed(1),
  problem: (value: number) => isNumber(value, 0, 128) ? undefined : `has ${value} ${name}`,
  encode: thousandth,
  decode: (json: unknown) => json as number,
  distance: (made: number, asked: number) => weight * timesFuller(made, asked, 0.5),
  scale: (value: number, factor: number) => value * factor,
  network: { [`plan_${name}`]: (value: number) => Math.round(4 * Math.log2(1 + value)) },
});

/** Notes of one hand: moved by more than half an octave, the hand is another. */
export const hand = (name: "low" | "high", words: string) => ({
  ...density(name, words, 0.5),
  transpose: (value: number, semitones: number) => Math.abs(semitones) <= 6 ? value : undefined,
  raise: () => undefined,
});

/** The pitches of one side of the music, beat by beat. */
export const pitchOutline = (
  side: "top" | "bottom",
  words: string,
): Quality<readonly (number | null)[]> => ({
  words,
  describe: (pitches) => pitches.map((pitch) => pitch ?? "–").join(" "),
  measure: (bar) => outline(bar, side),
  problem: (pitches) =>
    !Array.isArray(pitches)
      ? `has ${side} that are no list`
      : pitches.every((pitch) => pitch === null || isPitch(pitch))
      ? undefined
      : "has an outline with pitches that are not 0 to 127",
  encode: (pitches) => pitches,
  decode: (json) => json as (number | null)[],
  distance: octavesApart,
  transpose: (pitches, semitones) => pitches.map((pitch) => shifted(pitch, semitones)),
  raise: (pitches, semitones) => pitches.map((pitch) => shifted(pitch, semitones)),
  fit: (pitches, { beats }) =>
    Array.from(
      { length: beats },
      (_, i) => i < pitches.length ? pitches[i]! : pitches.at(-1) ?? null,
    ),
});

/** What is wrong with the bar that a bar is to be like. */
export function likenessProblem(
  { bar, degree, transpose }: Likeness,
  index: number,
): string | undefined {
  if (!Number.isInteger(bar) || bar < 0 || bar >= index) {
    return `is like bar ${bar ?? "without number"}, which is no earlier one`;
  }
  if (!isNumber(degree, Number.MIN_VALUE, 1)) {
    return `is like another to degree ${degree}, not 0 to 1`;
  }
  return Number.isInteger(transpose) && Math.abs(transpose) <= 12
    ? undefined
    : `is transposed by ${transpose}, not by −12 to 12 semitones`;
}

/** What is wrong with the pitch classes of a bar. */
export function classesProblem(classes: unknown): string | undefined {
  if (!Array.isArray(classes)) return "has classes that are no list";
  if (!classes.every((half) => Array.isArray(half))) return "has pitch classes that are no list";
  if (classes.length !== 2) {
    return `has pitch classes for ${classes.length} halves of a bar, needed are 2`;
  }
  return classes.flat().every((one) => Number.isInteger(one) && one >= 0 && one <= 11)
    ? undefined
    : "has pitch classes that are not 0 to 11";
}

/** A pitch some semitones higher, within MIDI's range. */
export function shifted<P extends number | null>(pitch: P, semitones: number): P {
  return (pitch === null ? null : Math.min(127, Math.max(0, pitch + semitones))) as P;
}

/** Of anything else than text: no number, which a quality's `problem` refuses. */
export function digits(text: unknown, base: number): number[] {
  return [...typeof text === "string" ? text : "?"].map((digit) => parseInt(digit, base));
}

/** Rounded to a thousandth; what is above 0 stays above 0. */
export function thousandth(value: number): number {
  return value > 0 ? Math.max(0.001, Math.round(value * 1000) / 1000) : value;
}

/** Whether a value is a MIDI pitch. */
export function isPitch(value: number): boolean {
  return isNumber(value, 0, 127);
}

/** Whether a value is a number from `least` to `most`. */
export function isNumber(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

/** Planned chords from JSON; one that cannot be read has no step, which is a problem. */
export function chordsFrom(json: unknown): readonly PlannedChord[] {
  if (!Array.isArray(json)) return json as [];
  return json.map((pair): PlannedChord => {
    const [step, symbol] = Array.isArray(pair) ? pair : [];
    if (symbol === "") return { step, chord: null };
    try {
      return { step, chord: parseChord(`${symbol}`) };
    } catch {
      return { step: NaN, chord: null };
    }
  });
}

/** What is wrong with the chords of a bar, if anything. */
export function chordsProblem(
  chords: readonly PlannedChord[],
  { frames }: BarPlan,
): string | undefined {
  if (!Array.isArray(chords)) return "has chords that are no list";
  const inOrder = chords.every(({ step }, at) =>
    Number.isInteger(step) && step >= 0 && step < frames &&
    (at === 0 || step > chords[at - 1]!.step)
  );
  if (!inOrder) return "has chords that are not in order within it, or are none";
  return chords.every(({ chord }) => chord === null || typeof chord === "object" && isChord(chord))
    ? undefined
    : "has chords that are none";
}
