/** Architecture and training settings of a pitchwise network. */
export interface PitchwiseSettings {
  /** Hidden units per pitch, a multiple of 24. */
  readonly width: number;
  /** Dense layers after the first. */
  readonly layers: number;
  /** Lags in frames at which past frames are seen individually, ascending. */
  readonly lags: readonly number[];
  /** Radius in semitones of the view of a past frame: at lags to 16, and beyond. */
  readonly radius: readonly [near: number, far: number];
  /**
   * Whether it sees a plan's chords; only on grids with beats. Networks of earlier versions do not.
   */
  readonly chords: boolean;
  /** Dropout rate of hidden units in training, 0 (included) to 1 (excluded). */
  readonly dropout: number;
  /** Dropout rate of input notes in training, 0 (included) to 1 (excluded). */
  readonly inputDropout: number;
  /**
   * Share of past notes transposed in training by a semitone, a tone or an octave, 0 (included) to
   * 1 (excluded): generated music has wrong notes in its past.
   */
  readonly pastNoise: number;
  /** Maximum random transposition in training, in semitones up or down, 0 to 6. */
  readonly transpose: number;
  /**
   * Time constant of AdamW's weight decay, above 0: passes over the corpus in which a weight
   * without gradients decays to 1/e at the default learning rate, so that it suits corpora of every
   * size (Wang and Aitchison 2024, arXiv 2405.13698).
   */
  readonly memoryEpochs: number;
  /** Update rate of the averaged weights per step. */
  readonly averaging: number;
  /** Gradient clipping: maximum norm. */
  readonly clip: number;
}

/** Every lag to 16, then increasingly sparse ones that include bars of 3, 4 and 6 beats. */
const lags: readonly number[] = [
  ...range(1, 16, 1),
  ...range(18, 32, 2),
  ...range(36, 64, 4),
  ...range(72, 96, 8),
  ...range(112, 128, 16),
];

/**
 * Defaults of {@linkcode PitchwiseSettings} except those that depend on the amount of music
 * ({@linkcode pitchwiseFor}), with their batch size and learning rate.
 */
export const pitchwiseDefaults = {
  /** Frames per optimizer step. */
  batchSize: 32,
  /** AdamW's peak learning rate. */
  learningRate: 0.002,
  layers: 1,
  lags,
  radius: [14, 12],
  chords: true,
  memoryEpochs: 2,
  averaging: 0.001,
  clip: 1,
} as const;

/** Number of frames from which a wider network pays off, with all keys and some wrong notes. */
const MUCH_MUSIC = 200_000;

/**
 * Settings for a corpus of a given number of frames. Little music is soon overfitted: the dropout
 * rate of hidden units is one half up to 15,000 frames, a quarter less for every tenfold, at least
 * a tenth; that of notes is a fifth of it.
 */
export function pitchwiseFor(
  frames: number,
): Pick<PitchwiseSettings, "width" | "dropout" | "inputDropout" | "pastNoise" | "transpose"> {
  const tenfolds = Math.log10(Math.max(1, frames / 15_000)), much = frames >= MUCH_MUSIC;
  const dropout = Math.max(0.1, 0.5 - 0.25 * tenfolds);
  return {
    width: much ? 120 : 96,
    dropout,
    inputDropout: dropout / 5,
    pastNoise: much ? 0.03 : 0,
    transpose: much ? 3 : 0,
  };
}

/** Settings for fine-tuning `base`: its shape, and regularisation against forgetting. */
export function adaptingFrom(
  { layout: { width, layers, radius } }: {
    readonly layout: Pick<PitchwiseSettings, "width" | "layers" | "radius">;
  },
): Partial<PitchwiseSettings> & ReturnType<typeof pitchwiseFor> {
  return {
    width,
    layers,
    radius,
    dropout: 0.2,
    inputDropout: 0.04,
    pastNoise: 0.03,
    transpose: 3,
    memoryEpochs: 8,
  };
}

function range(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
}
