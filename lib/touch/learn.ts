import { Random } from "../random.ts";
import type { PlayedNote } from "../midi/music.ts";
import type { Metre } from "../tokens/piece.ts";
import type { TokenizeSettings } from "../tokens/tokenize.ts";
import { growTrees } from "./boosting.ts";
import { FEATURES, featuresOf, type FeatureTable } from "./features.ts";
import { RULES } from "./rules.ts";
import {
  columnMeans,
  MOST_NOTES,
  named,
  PieceRegression,
  PRIOR_STRENGTH,
  priorOf,
} from "./regression.ts";
import { CONTEXT_SIZE } from "./context.ts";
import type { TimingStyle } from "./timing.ts";
import { askTrees, decodeTrees, encodeTrees, type Trees } from "./trees.ts";

/** Expressive performance style learned from a person's files. */
export interface TouchStyle {
  /**
   * Regression weights by feature name, in velocity per unit; a feature without one has no effect.
   */
  readonly weights: Readonly<Record<string, number>>;
  /** Regression trees in addition (`encodeTrees`); absent where too little was played. */
  readonly trees?: string;
  /** Number of notes in the training data. */
  readonly notes: number;
  /** Number of pieces in the training data. */
  readonly pieces: number;
  /** Learned timing, empty where no piece has its player's; absent in older corpora. */
  readonly timing?: TimingStyle;
}

/** Fewest distinct velocities of a piece that counts as played rather than typed. */
export const LEAST_VELOCITIES = 16;

/** Prior weights: the rules at {@linkcode PRIOR_STRENGTH}. */
const PRIOR = priorOf(FEATURES, RULES).map((weight) => PRIOR_STRENGTH * weight);

/** Most notes that trees are grown from, sampled where there are more: some 20 MB. */
const MOST_ROWS = 60_000;

/** Fewest pieces for which trees are grown: with three they overfit to the pieces. */
const LEAST_PIECES_FOR_TREES = 10;

const ROW = FEATURES.length + CONTEXT_SIZE;

const GROWING = {
  trees: 150,
  depth: 5,
  rate: 0.1,
  rows: 12_000,
  features: 0.4,
  least: 30,
  shrink: 30,
} as const;

/** A sampled note for growing trees. */
interface Sampled {
  readonly row: Float32Array;
  readonly louder: number;
  /** Feature means of the note's piece. */
  readonly means: Float64Array;
}

/** Whether notes were played rather than typed: they have more than a few distinct velocities. */
export function wasPlayed(notes: readonly PlayedNote[]): boolean {
  return new Set(notes.map(({ velocity }) => velocity)).size >= LEAST_VELOCITIES;
}

/**
 * Learns dynamics from the features of notes: ridge regression (Hoerl and Kennard 1970) of velocity
 * on {@linkcode FEATURES}, both relative to the piece's mean, with the rules as prior, and trees
 * grown on its residuals, from the features and their context. Memory is bounded: it keeps sums and
 * a sample of limited size.
 */
export class TouchLearner {
  readonly #regression = new PieceRegression({ prior: PRIOR, most: MOST_NOTES, isRelative: true });
  readonly #random = new Random(1);
  readonly #sample: Sampled[] = [];
  #offered = 0;
  #notes = 0;

  /**
   * Adds a piece, if it was played.
   * @param notes by start, then pitch
   * @returns the features of its notes; undefined if it was not played
   */
  add(
    notes: readonly PlayedNote[],
    metres: readonly Metre[],
    { grid }: TokenizeSettings,
  ): FeatureTable | undefined {
    if (!wasPlayed(notes)) return undefined;
    const features = featuresOf(notes, metres, grid), { rows, context } = features;
    const means = columnMeans(rows, FEATURES.length, [...notes.keys()]);
    const mean = notes.reduce((sum, { velocity }) => sum + velocity, 0) / notes.length;
    const weight = Math.min(1, MOST_NOTES / notes.length);
    this.#regression.add({ rows, targets: notes.map(({ velocity }) => velocity) });
    for (let i = 0; i < notes.length; i++) {
      if (this.#random.next() < weight) {
        this.#offer(() => ({
          row: rowAt(rows, context, i),
          louder: notes[i]!.velocity - mean,
          means,
        }));
      }
    }
    this.#notes += notes.length;
    return features;
  }

  /** Reservoir sampling: every note offered is equally likely to be in the sample (Vitter 1985). */
  #offer(note: () => Sampled): void {
    const at = this.#offered < MOST_ROWS ? this.#offered : this.#random.below(this.#offered + 1);
    this.#offered++;
    if (at < MOST_ROWS) this.#sample[at] = note();
  }

  /** Grows trees on the residuals of the weights. */
  #grow(weights: ArrayLike<number>): Trees {
    const rows = new Float32Array(this.#sample.length * ROW);
    const unsaid = Float32Array.from(this.#sample, ({ row, louder, means }, i) => {
      rows.set(row, i * ROW);
      return means.reduce((left, mean, a) => left - weights[a]! * (row[a]! - mean), louder);
    });
    return growTrees(rows, ROW, unsaid, GROWING, this.#random);
  }

  /** Returns the learned style; undefined where nothing was played. */
  finish(): TouchStyle | undefined {
    const weights = this.#regression.finish(), { pieces } = this.#regression;
    if (!weights) return undefined;
    const trees = pieces < LEAST_PIECES_FOR_TREES ? undefined : this.#grow(weights);
    return {
      weights: named(FEATURES, weights, 4),
      ...(trees && { trees: encodeTrees(trees) }),
      notes: this.#notes,
      pieces,
    };
  }
}

/** Input features of the trees for one note. */
function rowAt(rows: Float64Array, context: Float32Array, note: number): Float32Array {
  const row = new Float32Array(ROW), size = FEATURES.length;
  row.set(rows.subarray(note * size, (note + 1) * size));
  row.set(context.subarray(note * CONTEXT_SIZE, (note + 1) * CONTEXT_SIZE), size);
  return row;
}

/**
 * Predicted loudness of each note relative to the piece's mean, from feature weights and trees, in
 * velocities, with a mean of 0.
 * @throws {Error} if the trees cannot be read
 */
export function loudness(
  { rows, size, context }: Pick<FeatureTable, "rows" | "size" | "context">,
  { weights, trees: text }: Pick<TouchStyle, "weights" | "trees">,
): Float64Array {
  const vector = FEATURES.map((name) => weights[name] ?? 0);
  const trees = text === undefined ? undefined : decodeTrees(text, ROW);
  const out = new Float64Array(rows.length / size);
  for (let i = 0; i < out.length; i++) {
    for (let a = 0; a < size; a++) out[i]! += rows[i * size + a]! * vector[a]!;
    if (trees) out[i]! += askTrees(trees, rowAt(rows, context, i));
  }
  const mean = out.reduce((sum, value) => sum + value, 0) / Math.max(1, out.length);
  return out.map((value) => value - mean);
}
