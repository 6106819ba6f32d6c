/** A note of a score; lengths in quarter notes. */
export interface ScoreNote {
  readonly start: number;
  readonly end: number;
  readonly pitch: number;
  readonly velocity: number;
  /** Which part plays it: hands, mostly. */
  readonly part: number;
}

/** A beat of a score. */
export interface ScoreBeat {
  /** Quarter notes from the beginning. */
  readonly at: number;
  /** Place in the bar, from 0. */
  readonly place: number;
  /** Beats in a bar. */
  readonly beats: number;
  /** Parts of a beat: 3 in compound metres. */
  readonly parts: 2 | 3;
}

/** A score to be played. */
export interface Score {
  readonly name: string;
  readonly notes: readonly ScoreNote[];
  readonly beats: readonly ScoreBeat[];
  /** Quarter notes per second, as the file has them at the beginning. */
  readonly quartersPerSecond: number;
}
