import type { KeySignature, TimedNote } from "../midi/music.ts";
import type { Hand } from "./hands.ts";

/**
 * Units in a quarter note, the time base of written music: a 128th has 315, a triplet eighth 3,360,
 * a quintuplet sixteenth 2,016, a septuplet sixteenth 1,440.
 */
export const UNITS = 10_080;

/** A note to be written, in units from the beginning. */
export interface ScoreNote extends TimedNote {
  /** Index of the file's part. */
  readonly part: number;
  /** The hand that plays it. */
  readonly hand: Hand;
  /** Division of the beat at its start: 3 in a triplet, 1 on the beat. */
  readonly division: number;
  /** First unit, and first one after it, of the divided beat, or half or third of a beat. */
  readonly divided: readonly [from: number, to: number];
  /** Pitches of the grace notes before it, in order. */
  readonly graces: readonly number[];
  /** Whether it belongs to a rolled chord, an arpeggio. */
  readonly isRolled?: boolean;
  /** Whether it sounds for half of its written length. */
  readonly isStaccato?: boolean;
}

/** A bar to be written. */
export interface ScoreBar {
  /** First unit. */
  readonly start: number;
  /** Length in units; less than the metre's in an upbeat and where the metre changes in mid-bar. */
  readonly length: number;
  readonly numerator: number;
  /** 1, 2, 4, 8, 16, 32 or 64. */
  readonly denominator: number;
  /** Units missing before its first unit: above 0 only in an upbeat. */
  readonly missing: number;
  /**
   * In 5/8, 7/8 and similar metres, the number of onsets on each of a bar's units, which tells the
   * beats.
   */
  readonly accents?: readonly number[];
}

/** Music on a grid of note values. */
export interface ScoreMusic {
  /** Sorted by `start`, then `pitch`; notes of the same pitch do not overlap. */
  readonly notes: readonly ScoreNote[];
  /** From the first bar with notes to the one in which the last note ends. */
  readonly bars: readonly ScoreBar[];
  /** Lasting tempos in quarter notes per minute, with the bar from which they hold. */
  readonly tempos: readonly { readonly bar: number; readonly beatsPerMinute: number }[];
  /** The file's key signatures, with the unit from which they hold. */
  readonly signatures: readonly (Pick<KeySignature, "fifths" | "mode"> & {
    readonly start: number;
  })[];
  /** Unit of a tick of the file, within the bars. */
  readonly unitAt: (ticks: number) => number;
  /**
   * Share of the notes whose onset is more than a sixteenth of a beat from its written position.
   */
  readonly offGrid: number;
  /** Whether the music is typed, not played. */
  readonly isTyped: boolean;
  /** Whether the notes follow the file's beats, rather than being played without any. */
  readonly followsBeats: boolean;
}
