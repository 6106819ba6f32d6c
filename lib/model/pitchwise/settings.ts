/** What a pitchwise network is made of and how it learns. */
export interface PitchwiseSettings {
  /** Hidden units per pitch, a multiple of 24. */
  readonly width: number;
  /** Dense layers after the first. */
  readonly layers: number;
  /** How many frames back the past is seen frame by frame, ascending. */
  readonly lags: readonly number[];
  /** Semitones to either side that a pitch sees of a past frame: at lags to 16, and beyond. */
  readonly radius: readonly [near: number, far: number];
  /** Share of hidden units dropped in training, 0 (included) to 1 (excluded). */
  readonly dropout: number;
  /** Share of notes hidden from the network in training, 0 (included) to 1 (excluded). */
  readonly inputDropout: number;
  /**
   * Share of past notes that are moved in training, by a semitone, a tone or an octave, 0 (included)
   * to 1 (excluded): music that goes on from itself has wrong notes in its past.
   */
  readonly pastNoise: number;
  /** Semitones up or down that music is transposed by in training at most: as it likes, 0 to 6. */
  readonly transpose: number;
  /**
   * Passes over the corpus in which a weight that is learned no more falls to 1/e at the default
   * learning rate, above 0: AdamW's weight decay, told so that it suits corpora of every size
   * (Wang and Aitchison 2024, arXiv 2405.13698).
   */
  readonly memoryEpochs: number;
  /** The averaged weights move this share of the way to the new ones with each step. */
  readonly averaging: number;
  /** Largest norm of a gradient; longer ones are shortened to it. */
  readonly clip: number;
}

/** Lags one by one to 16, then ever further apart, so that bars of 3, 4 and 6 beats are among them. */
const lags: readonly number[] = [
  ...range(1, 16, 1),
  ...range(18, 32, 2),
  ...range(36, 64, 4),
  ...range(72, 96, 8),
  ...range(112, 128, 16),
];

/**
 * Defaults of {@linkcode PitchwiseSettings} but for both dropouts, which follow the corpus
 * ({@linkcode pitchwiseDropout}), and the batch size and learning rate they go with.
 */
export const pitchwiseDefaults = {
  /** Frames per optimizer step. */
  batchSize: 32,
  /** AdamW's step size at its highest. */
  learningRate: 0.002,
  width: 96,
  layers: 1,
  lags,
  radius: [14, 12],
  pastNoise: 0,
  transpose: 0,
  memoryEpochs: 2,
  averaging: 0.001,
  clip: 1,
} as const;

/**
 * The share of hidden units to drop for a corpus of so many frames: half up to 15,000 frames, 0.2
 * less for every tenfold, at least 0.1; and a fifth of that of the notes. Little music is soon known
 * by heart; much music is not.
 */
export function pitchwiseDropout(
  frames: number,
): Pick<PitchwiseSettings, "dropout" | "inputDropout"> {
  const tenfolds = Math.log10(Math.max(1, frames / 15_000));
  const dropout = Math.max(0.1, 0.5 - 0.2 * tenfolds);
  return { dropout, inputDropout: dropout / 5 };
}

/**
 * The learning rate's factor at a share of the budget: half a cosine, from 1 to 0, so that the last
 * steps only average out what the first ones found.
 *
 * @param progress 0 to 1
 */
export function pitchwiseSchedule(progress: number): number {
  return Math.max(1e-3, (1 + Math.cos(Math.PI * progress)) / 2);
}

function range(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
}
