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
 * Defaults of {@linkcode PitchwiseSettings} but for those that follow the amount of music
 * ({@linkcode pitchwiseFor}), and the batch size and learning rate they go with.
 */
export const pitchwiseDefaults = {
  /** Frames per optimizer step. */
  batchSize: 32,
  /** AdamW's step size at its highest. */
  learningRate: 0.002,
  layers: 1,
  lags,
  radius: [14, 12],
  memoryEpochs: 2,
  averaging: 0.001,
  clip: 1,
} as const;

/** Frames from which on music is enough for a wider network, in all keys, with some wrong notes. */
const MUCH_MUSIC = 200_000;

/**
 * What suits a corpus of so many frames. Little music is soon known by heart, much is not: half of the
 * hidden units are dropped up to 15,000 frames, a quarter less for every tenfold, at least a tenth; and
 * a fifth of that of the notes.
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

/** What a network learns with that starts from `base`: its shape, and what keeps it from forgetting. */
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
