/** What a pitchwise network is made of and how it learns; saved with the model. */
export interface PitchwiseSettings {
  /** Hidden units per pitch, a multiple of 24. */
  readonly width: number;
  /** Dense layers after the first. */
  readonly layers: number;
  /** How many frames back the past is seen frame by frame, ascending. */
  readonly lags: readonly number[];
  /** Semitones to either side that a pitch sees of a past frame, for lags to 16 and beyond. */
  readonly radius: readonly [near: number, far: number];
  /** Share of hidden units dropped in training, 0 (included) to 1 (excluded). */
  readonly dropout: number;
  /** Share of sounding notes that are hidden from the network in training, 0 to 1 (excluded). */
  readonly inputDropout: number;
  /** AdamW's weight decay. */
  readonly weightDecay: number;
  /** The averaged weights move this share of the way to the new ones with each step, at last. */
  readonly averaging: number;
  /** Largest norm of a gradient; longer ones are shortened to it. */
  readonly clip: number;
}

/** Frames back that the summaries of a pitch (how long, how long ago, how often) look. */
export const SUMMARY_WINDOW = 128;

/** Lags one by one to 16, then ever further apart, so that bars of 3, 4 and 6 beats are among them. */
export const defaultLags: readonly number[] = [
  ...range(1, 16, 1),
  ...range(18, 32, 2),
  ...range(36, 64, 4),
  ...range(72, 96, 8),
  ...range(112, 128, 16),
];

function range(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
}
