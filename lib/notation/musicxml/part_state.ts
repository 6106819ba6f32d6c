import { PLAIN_VELOCITY, type WrittenMetre } from "../score.ts";

/** State of a part that carries over from measure to measure. */
export interface PartState {
  /** Duration units per quarter note. */
  divisions: number;
  /** Transposition in semitones from written to sounding pitch. */
  transpose: number;
  metre: WrittenMetre | undefined;
  /** Velocity of the last dynamic mark. */
  velocity: number;
  /**
   * Whether cue notes sound: MuseScore marks all small notes as cues; in other programs cues are
   * silent.
   */
  readonly cuesSound: boolean;
  /** Number of bars that a measure-repeat sign in force repeats; 0 where there is none. */
  barRepeat: number;
  /** Number of staves so far, at least 1. */
  staves: number;
  /** Whether the part is to be played in swing. */
  swings: boolean;
  /** Counts of omitted items, by kind. */
  readonly left: { unpitched: number; beyond: number; backedUp: number; cues: number };
}

/** The state at the beginning of a part. */
export function newPart(cuesSound: boolean): PartState {
  return {
    cuesSound,
    ...{ divisions: 1, transpose: 0, metre: undefined, velocity: PLAIN_VELOCITY, staves: 1 },
    ...{ barRepeat: 0, swings: false },
    left: { unpitched: 0, beyond: 0, backedUp: 0, cues: 0 },
  };
}
