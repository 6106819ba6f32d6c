import { BUNDLE } from "../../model/bundle_files.ts";
import { EXCERPT_BARS } from "../../evaluate/critic.ts";
import { excerptsOf } from "../../evaluate/features/excerpt.ts";
import { FEATURE_NAMES, featuresOf } from "../../evaluate/features/features.ts";
import { type LinearClassifier, logisticRegression, scorerOf } from "../../evaluate/logistic.ts";
import type { Random } from "../../random.ts";
import { fields, list, number, readJson, text } from "../../store/shape.ts";
import { type Bar, barsOf, endOfBar } from "../../tokens/bars.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Grid, Piece } from "../../tokens/piece.ts";

/**
 * Log-odds that bar `index`, the last one with frames, sounds like the model rather than the
 * corpus, given the bars before; 0 where there is too little music.
 */
export type Discriminator = (
  frames: readonly Frame[],
  bars: readonly Bar[],
  index: number,
) => number;

/** Fewest bars that are scored. */
const LEAST_BARS = 4;

/** Passages of each kind used for fitting, at most and at least. */
const MOST_PASSAGES = 2000, LEAST_PASSAGES = 64;

/** Penalty of `logisticRegression`: a few hundred passages are few for so many features. */
const PENALTY = 30;

/**
 * Fits the discriminator between a model's music and its corpus: a logistic regression on the
 * features of passages ending with any bar, by which the least model-like of several sampled bars
 * can be kept. (Discriminator rejection sampling: Azadi, Odena et al. 2019, arXiv 1810.06758.)
 * @param made music by the model
 * @param usual music that the model should resemble
 * @returns the content of its file; undefined where there is too little music
 */
export function fitDiscriminator(
  made: readonly Piece[],
  usual: readonly Piece[],
  grid: Grid,
  random: Random,
): string | undefined {
  const [corpus, model] = [usual, made].map((pieces) => {
    return random.shuffle(placesIn(pieces, grid)).slice(0, MOST_PASSAGES)
      .flatMap(({ frames, bars, index }) => featuresOfPassage(frames, bars, index, grid) ?? []);
  });
  if (Math.min(corpus!.length, model!.length) < LEAST_PASSAGES) return undefined;
  const kinds = Uint8Array.from([...corpus!.map(() => 0), ...model!.map(() => 1)]);
  const { means, deviations, weights, constant } = logisticRegression(
    [...corpus!, ...model!],
    kinds,
    PENALTY,
  );
  const features = FEATURE_NAMES.map((name, at) => ({
    name,
    mean: means[at]!,
    deviation: deviations[at]!,
    weight: weights[at]!,
  }));
  return JSON.stringify({ constant, features }, null, 1) + "\n";
}

/**
 * Whether music is long enough for {@linkcode fitDiscriminator}, unless long parts of it are
 * silent.
 */
export function tellsEnough(usual: readonly Piece[], grid: Grid): boolean {
  return placesIn(usual, grid).length >= LEAST_PASSAGES;
}

/** Bars that a passage can end with. */
function placesIn(pieces: readonly Piece[], grid: Grid) {
  return pieces.flatMap(({ frames, metres }) => {
    const bars = barsOf(metres, frames.length, grid);
    return bars.slice(EXCERPT_BARS - 1).map((_, at) => ({
      frames,
      bars,
      index: at + EXCERPT_BARS - 1,
    }));
  });
}

const shape = fields({
  constant: number(-1e9, 1e9),
  features: list(
    fields({
      name: text(100),
      mean: number(-1e9, 1e9),
      deviation: number(1e-9, Number.MAX_VALUE),
      weight: number(-1e9, 1e9),
    }),
    1000,
  ),
});

/**
 * Reads the discriminator of a bundle; undefined where there is none.
 * @throws {Error} if it is damaged
 */
export function readDiscriminator(
  files: ReadonlyMap<string, Uint8Array>,
  grid: Grid,
): Discriminator | undefined {
  const file = files.get(BUNDLE.discriminator);
  if (!file) return undefined;
  const { constant, features } = readJson(
    new TextDecoder().decode(file),
    shape,
    `Cannot play a model: its ${BUNDLE.discriminator}`,
  );
  const known = new Map(features.map((feature) => [feature.name, feature]));
  const column = (of: "mean" | "deviation" | "weight", otherwise: number) =>
    FEATURE_NAMES.map((name) => known.get(name)?.[of] ?? otherwise);
  const classifier: LinearClassifier = {
    means: column("mean", 0),
    deviations: column("deviation", 1),
    weights: column("weight", 0),
    constant,
  };
  const score = scorerOf(classifier);
  return (frames, bars, index) => {
    if (index + 1 < LEAST_BARS) return 0;
    const features = featuresOfPassage(frames, bars, index, grid);
    return features ? score(features) : 0;
  };
}

/** Features of the bars up to this one, at most as many as a critic's excerpt has. */
function featuresOfPassage(
  frames: readonly Frame[],
  bars: readonly Bar[],
  index: number,
  grid: Grid,
): Float64Array | undefined {
  const own = bars.slice(Math.max(0, index + 1 - EXCERPT_BARS), index + 1);
  const { start } = own[0]!;
  const metres = grid.unit === "second" ? [] : own.map((bar, at) => ({
    frame: bar.start - start,
    stepsPerBar: bar.steps,
    phase: at === 0 ? bar.phase : 0,
  }));
  const passage = { name: "", frames: frames.slice(start, endOfBar(own.at(-1)!)), metres };
  const excerpt = excerptsOf(passage, grid, own.length)[0];
  return excerpt && featuresOf(excerpt);
}
