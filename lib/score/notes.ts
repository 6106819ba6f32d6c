import type { KeySignature } from "../midi/music.ts";
import type { Hand } from "./hands.ts";

/**
 * Units in a quarter note, in which written music is counted: a 128th has 315, a triplet eighth 3,360,
 * a quintuplet sixteenth 2,016, a septuplet sixteenth 1,440.
 */
export const UNITS = 10_080;

/** A note that is to be written. */
export interface ScoreNote {
  /** MIDI pitch, 0 to 127. */
  readonly pitch: number;
  /** Units from the beginning. */
  readonly start: number;
  /** Units from the beginning, above `start`. */
  readonly end: number;
  /** Which of the file's parts it is from. */
  readonly part: number;
  /** Which hand plays it. */
  readonly hand: Hand;
  /** Divisions of the beat that its start is one of: 3 in a triplet, 1 on the beat. */
  readonly division: number;
  /** First unit, and first one after it, of the beat, or the half or third of it, that is divided so. */
  readonly divided: readonly [from: number, to: number];
  /** Pitches of the grace notes before it, in order. */
  readonly graces: readonly number[];
  /** Whether it sounds for half of what is written. */
  readonly isStaccato?: boolean;
}

/** A bar that is to be written. */
export interface ScoreBar {
  /** Its first unit. */
  readonly start: number;
  /** Its units; fewer than the metre has in an upbeat and where the metre changes in mid-bar. */
  readonly length: number;
  readonly numerator: number;
  /** 1, 2, 4, 8, 16, 32 or 64. */
  readonly denominator: number;
  /** Units that its metre has before its first unit: above 0 only in an upbeat. */
  readonly missing: number;
  /** In 5/8, 7/8 and their like, how much begins on each of a bar's units: this tells the beats. */
  readonly accents?: readonly number[];
}

/** Music on a grid of note values. */
export interface ScoreMusic {
  /** By `start`, then `pitch`; notes of a pitch do not overlap. */
  readonly notes: readonly ScoreNote[];
  /** From the first bar that has notes to the one in which the last note ends. */
  readonly bars: readonly ScoreBar[];
  /** Tempos that last, in quarter notes per minute, with the bar from which they hold. */
  readonly tempos: readonly { readonly bar: number; readonly beatsPerMinute: number }[];
  /** The file's key signatures, with the unit from which they hold. */
  readonly signatures: readonly (Pick<KeySignature, "fifths" | "mode"> & {
    readonly start: number;
  })[];
  /** The unit of a tick of the file, within the bars. */
  readonly unitAt: (ticks: number) => number;
  /** Share of the notes that begin more than a sixteenth of a beat away from where they are written. */
  readonly offGrid: number;
  /** Whether the notes follow the file's beats, or were played without any. */
  readonly followsBeats: boolean;
}
