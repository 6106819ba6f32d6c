/** A pulse grid fine enough for 64th notes, dots and triplets; a beat is a quarter note. */
export const ticksPerBeat = 480;

const ticksPerWhole = 4 * ticksPerBeat;

/** How many of which note value make up a bar. */
export interface Metre {
  /** Note values in a bar, at least 1. */
  readonly numerator: number;
  /** The note value: 1, 2, 4, 8, 16 or 32. */
  readonly denominator: number;
}

/** The hand and layer that a line of the score belongs to. */
export type Voice = "R" | "R2" | "R3" | "L" | "L2" | "L3";

/** The voices in the order in which a score lists them; R is the right hand, L the left. */
export const voices: readonly Voice[] = ["R", "R2", "R3", "L", "L2", "L3"];

/** One pitch of a chord. */
export interface ScorePitch {
  /** MIDI pitch, 21 (A0) to 108 (C8). */
  readonly pitch: number;
  /** Whether the note goes on into the next note of this voice. */
  readonly tied: boolean;
}

/** A note, chord or rest (no pitches) of one voice. */
export interface ScoreEvent {
  /** Each pitch once, in the order written; empty for a rest. */
  readonly pitches: readonly ScorePitch[];
  /** Ticks, above 0. */
  readonly ticks: number;
}

/** A bar as it is written. */
export interface ScoreBar {
  /** The number that the score counts it by. */
  readonly number: number;
  /** The line of the file that its first voice stands in, from 1. */
  readonly line: number;
  /** What a full bar would hold here. */
  readonly metre: Metre;
  /** Its own length; a pickup is shorter than its metre. */
  readonly ticks: number;
  /** Every voice fills the bar. A voice that is not there is silent. */
  readonly voices: Readonly<Partial<Record<Voice, readonly ScoreEvent[]>>>;
}

/** A part of a piece that can be repeated as a whole. */
export interface ScoreSection {
  /** What the score's order calls it by. */
  readonly name: string;
  /** In the order written. */
  readonly bars: readonly ScoreBar[];
}

/** A piece in the project's own notation, as {@linkcode parseScore} reads it. */
export interface Score {
  /** The file it was read from, for messages. */
  readonly file: string;
  /** Name and years. */
  readonly composer: string;
  /** The name that the piece goes by. */
  readonly title: string;
  /** Which work it is, and what was done to it. */
  readonly work: string;
  /** In words, e.g. "A minor"; the notes have all their accidentals. */
  readonly key: string;
  /** How the notes came to be known. */
  readonly source: string;
  /** Quarter notes per minute. */
  readonly beatsPerMinute: number;
  /** MIDI velocity of each voice, 1 to 127. */
  readonly velocities: Readonly<Record<Voice, number>>;
  /** The sections as written. */
  readonly sections: readonly ScoreSection[];
  /** The names of the sections as played. */
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
