import { octavesApart, timesFuller } from "./distance.ts";
import { envelope, type MeasuredBar } from "./measure.ts";
import { type Chord, isChord } from "./chord.ts";
import { parseChord } from "./chord_symbol.ts";
import type { BarPlan, PlannedChord, Similarity } from "./plan.ts";

/** A quality of a bar, with every operation on its values. @typeParam V its value */
export interface Quality<V> {
  /** Display name. */
  readonly words: string;
  /** Description of a value in words. */
  readonly describe: (value: V) => string;
  /** Measures the quality in a bar of music; undefined where a bar alone is not enough. */
  readonly measure: (bar: MeasuredBar) => V | undefined;
  /**
   * Validation error of a value from a person or a file, if any: `has 200 notes`.
   * @param index of the bar
   */
  readonly problem: (value: V, bar: BarPlan, index: number) => string | undefined;
  /** The value as JSON, never null. */
  readonly encode: (value: V) => unknown;
  /** The inverse of `encode`; damaged JSON gives a value that has a `problem`. */
  readonly decode: (json: unknown) => V;
  /** Distance of a bar from its plan, mostly 0 to 1. */
  readonly distance: (made: V, asked: V) => number;
  /**
   * Transposes the value to another key; undefined where it is then unknown. Default: unchanged.
   */
  readonly transpose?: (value: V, semitones: number) => V | undefined;
  /** Moves the value to another register in the same key. Default: unchanged. */
  readonly raise?: (value: V, semitones: number) => V | undefined;
  /** Multiplies the number of notes by a factor. Default: unchanged. */
  readonly scale?: (value: V, factor: number) => V;
  /** Converts the value to the other mode on a tonic, a pitch class. Default: unchanged. */
  readonly inMode?: (value: V, tonic: number, mode: "major" | "minor") => V;
  /** Fits the value to a bar of another length. Default: unchanged. */
  readonly fit?: (value: V, length: BarLength) => V;
  /**
   * Rows of the network's embedding tables for the value, by table: one for the bar, or one for
   * each step.
   */
  readonly network?: Readonly<
    Record<string, (value: V, bar: BarPlan) => number | readonly number[]>
  >;
}

/** Length of a bar in frames and beats, with the steps per beat. */
interface BarLength {
  readonly frames: number;
  readonly beats: number;
  readonly beat: number;
}

/** Density: mean number of sounding notes. */
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

/** Density of the low or high notes: transposed by more than half an octave, it becomes unknown. */
export const hand = (name: "low" | "high", words: string) => ({
  ...density(name, words, 0.5),
  transpose: (value: number, semitones: number) => Math.abs(semitones) <= 6 ? value : undefined,
  raise: () => undefined,
});

/** Pitch envelope of the highest or lowest notes, beat by beat. */
export const pitchEnvelope = (
  side: "top" | "bottom",
  words: string,
): Quality<readonly (number | null)[]> => ({
  words,
  describe: (pitches) => pitches.map((pitch) => pitch ?? "–").join(" "),
  measure: (bar) => envelope(bar, side),
  problem: (pitches) =>
    !Array.isArray(pitches)
      ? `has ${side} that are no list`
      : pitches.every((pitch) => pitch === null || isPitch(pitch))
      ? undefined
      : "has a pitch envelope with pitches that are not 0 to 127",
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

/** Validation error of a bar's similarity to an earlier bar, if any. */
export function similarityProblem(
  { bar, degree, transpose }: Similarity,
  index: number,
): string | undefined {
  if (!Number.isInteger(bar) || bar < 0 || bar >= index) {
    return `is like bar ${bar ?? "without number"}, which is not an earlier bar`;
  }
  if (!isNumber(degree, Number.MIN_VALUE, 1)) {
    return `is like another with similarity ${degree}, not 0 to 1`;
  }
  return Number.isInteger(transpose) && Math.abs(transpose) <= 12
    ? undefined
    : `is transposed by ${transpose}, not by −12 to 12 semitones`;
}

/** Validation error of a bar's pitch classes, if any. */
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

/** Pitch transposed by semitones, within MIDI's range. */
export function shifted<P extends number | null>(pitch: P, semitones: number): P {
  return (pitch === null ? null : Math.min(127, Math.max(0, pitch + semitones))) as P;
}

/**
 * Digits of a text in a base; anything but text gives a non-number, which a quality's `problem`
 * refuses.
 */
export function digits(text: unknown, base: number): number[] {
  if (typeof text !== "string") return [NaN];
  const values = new Array<number>(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i), value = code - (code < LETTER_A ? DIGIT_0 : LETTER_A - 10);
    values[i] = value >= 0 && value < base && (value < 10) === (code < LETTER_A) ? value : NaN;
  }
  return values;
}

const DIGIT_0 = "0".charCodeAt(0), LETTER_A = "a".charCodeAt(0);

/** Rounds to a thousandth; positive values stay positive. */
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

/** Decodes planned chords from JSON; an unreadable one has no step, which is a problem. */
export function chordsFrom(json: unknown): readonly PlannedChord[] {
  if (!Array.isArray(json)) return json as [];
  return json.map((pair): PlannedChord => {
    const [step, symbol, isSoft] = Array.isArray(pair) ? pair : [];
    const soft = isSoft === 1 ? { soft: true } as const : {};
    if (symbol === "") return { step, chord: null, ...soft };
    try {
      return { step, chord: chordNamed(`${symbol}`), ...soft };
    } catch {
      return { step: NaN, chord: null };
    }
  });
}

/** Most symbols whose chords are kept: those of a corpus are few, and each stands in many bars. */
const MOST_SYMBOLS = 10_000;

const chordsBySymbol = new Map<string, Chord>();

/** Parses a chord symbol, each only once. @throws {Error} if it is not one */
function chordNamed(symbol: string): Chord {
  const known = chordsBySymbol.get(symbol);
  if (known) return known;
  const chord = parseChord(symbol);
  if (chordsBySymbol.size < MOST_SYMBOLS) chordsBySymbol.set(symbol, chord);
  return chord;
}

/** Validation error of a bar's chords, if any. */
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
