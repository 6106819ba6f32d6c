/** Ticks per quarter note, enough for 64th notes, dots and triplets. */
export const ticksPerBeat = 480;

const ticksPerWhole = 4 * ticksPerBeat;

/** Time signature. */
export interface Metre {
  /** Note values in a bar, at least 1. */
  readonly numerator: number;
  /** The note value: 1, 2, 4, 8, 16 or 32. */
  readonly denominator: number;
}

/** Hand and layer of a line of the score. */
export type Voice = "R" | "R2" | "R3" | "L" | "L2" | "L3";

/** The voices in the order in which a score lists them; R is the right hand, L the left. */
export const voices: readonly Voice[] = ["R", "R2", "R3", "L", "L2", "L3"];

/** One pitch of a chord. */
export interface ScorePitch {
  /** MIDI pitch, 21 (A0) to 108 (C8). */
  readonly pitch: number;
  /** Whether the note is tied to the next note of this voice. */
  readonly tied: boolean;
}

/** A note, chord or rest (no pitches) of one voice. */
export interface ScoreEvent {
  /** Each pitch once, in the order written; empty for a rest. */
  readonly pitches: readonly ScorePitch[];
  /** Ticks, above 0. */
  readonly ticks: number;
}

/** A bar as written. */
export interface ScoreBar {
  /** Bar number in the score. */
  readonly number: number;
  /** Line of its first voice in the file, from 1. */
  readonly line: number;
  /** Metre, which determines the length of a full bar. */
  readonly metre: Metre;
  /** Length in ticks; an upbeat is shorter than its metre. */
  readonly ticks: number;
  /** Voices, each filling the bar; an absent voice is silent. */
  readonly voices: Readonly<Partial<Record<Voice, readonly ScoreEvent[]>>>;
}

/** A part of a piece that can be repeated as a whole. */
export interface ScoreSection {
  /** Name in the score's order of sections. */
  readonly name: string;
  /** Bars in the order written. */
  readonly bars: readonly ScoreBar[];
}

/** A piece in the project's own notation, as {@linkcode parseScore} reads it. */
export interface Score {
  /** File name, for messages. */
  readonly file: string;
  /** Composer's name and years. */
  readonly composer: string;
  /** Title. */
  readonly title: string;
  /** Work number or catalogue entry, and notes on the arrangement. */
  readonly work: string;
  /** Key in words, such as "A minor"; the notes carry all their accidentals. */
  readonly key: string;
  /** Source of the notes. */
  readonly source: string;
  /** Quarter notes per minute. */
  readonly beatsPerMinute: number;
  /** MIDI velocity of each voice, 1 to 127. */
  readonly velocities: Readonly<Record<Voice, number>>;
  /** Sections as written. */
  readonly sections: readonly ScoreSection[];
  /** Names of the sections in playing order. */
  readonly order: readonly string[];
}

/** The length of a full bar of `metre` in ticks. */
export function barTicks(metre: Metre): number {
  return (metre.numerator * ticksPerWhole) / metre.denominator;
}

/** A duration of `ticks` as a fraction of a whole note, in lowest terms, e.g. `5/8`. */
export function fraction(ticks: number): string {
  const divisor = greatestCommonDivisor(ticks, ticksPerWhole);
  return `${ticks / divisor}/${ticksPerWhole / divisor}`;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
