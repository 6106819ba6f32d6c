/** A note of a score; lengths in quarter notes. */
export interface ScoreNote {
  readonly start: number;
  readonly end: number;
  readonly pitch: number;
  readonly velocity: number;
  /** Index of its part, usually a hand. */
  readonly part: number;
}

/** A beat of a score. */
export interface ScoreBeat {
  /** Quarter notes from the beginning. */
  readonly at: number;
  /** Position in the bar, from 0. */
  readonly place: number;
  /** Beats per bar. */
  readonly beats: number;
  /** Subdivisions of a beat: 3 in compound metres. */
  readonly parts: 2 | 3;
}

/** A score to be performed. */
export interface Score {
  readonly name: string;
  readonly notes: readonly ScoreNote[];
  readonly beats: readonly ScoreBeat[];
  /** Initial tempo of the file, in quarter notes per second. */
  readonly quartersPerSecond: number;
}
