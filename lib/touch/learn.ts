import { Random } from "../random.ts";
import type { PlayedNote } from "../tokens/grid.ts";
import type { Metre } from "../tokens/piece.ts";
import type { TokenizeSettings } from "../tokens/tokenize.ts";
import { growTrees } from "./boosting.ts";
import { FEATURES, featuresOf, type FeatureTable } from "./features.ts";
import { noSums, ridgeFor, sumOf, weightsOf } from "./ridge.ts";
import { SURROUNDINGS } from "./surroundings.ts";
import { askTrees, decodeTrees, encodeTrees, type Trees } from "./trees.ts";

/** How a person's files are played, learned from them. */
export interface TouchStyle {
  /** Velocity per unit of each feature, by name; what has no weight says nothing. */
  readonly weights: Readonly<Record<string, number>>;
  /** What trees say beside them (`encodeTrees`); none where too little was played. */
  readonly trees?: string;
  /** Notes that it was learned from. */
  readonly notes: number;
  /** Pieces that it was learned from. */
  readonly pieces: number;
}

/** A piece with fewer velocities than this was typed, not played. */
export const LEAST_VELOCITIES = 16;

/** Pieces and notes without which nothing is learned: rules are better than chance. */
const LEAST_PIECES = 3, LEAST_NOTES = 1000;

/** Parts of the pieces, each told by what the others teach, to find the ridge. */
const FOLDS = 5;

/** At most as many notes of a piece count, so that none outweighs the rest. */
const MOST_NOTES = 3000;

/** Notes that trees are grown from, sampled where there are more: some 20 MB. */
const MOST_ROWS = 60_000;

/** Pieces without which no trees are grown: of 25 they learn the pieces, not the playing. */
const LEAST_PIECES_FOR_TREES = 40;

const ROW = FEATURES.length + SURROUNDINGS;

const GROWING = {
  trees: 150,
  depth: 5,
  rate: 0.1,
  rows: 12_000,
  features: 0.4,
  least: 30,
  shrink: 30,
} as const;

/** A note that trees are grown from. */
interface Sampled {
  readonly row: Float32Array;
  readonly louder: number;
  /** Means of its piece's features. */
  readonly means: Float64Array;
}

/** Whether notes were played rather than typed: they have more than a few velocities. */
export function wasPlayed(notes: readonly PlayedNote[]): boolean {
  return new Set(notes.map(({ velocity }) => velocity)).size >= LEAST_VELOCITIES;
}

/**
 * Learns how loud notes are from what they are like: ridge regression (Hoerl and Kennard 1970) of
 * velocity on {@linkcode FEATURES}, both as they differ from the piece's mean, and trees grown to what
 * that leaves unsaid, from the features and what stands around. It keeps sums and a bounded sample,
 * whatever it is given.
 */
export class TouchLearner {
  readonly #folds = Array.from({ length: FOLDS }, () => noSums(FEATURES.length));
  readonly #random = new Random(1);
  readonly #sample: Sampled[] = [];
  #offered = 0;
  #notes = 0;
  #pieces = 0;

  /** Adds a piece, if it was played. @param notes by start, then pitch */
  add(notes: readonly PlayedNote[], metres: readonly Metre[], settings: TokenizeSettings): void {
    if (!wasPlayed(notes)) return;
    const { rows, around } = featuresOf(notes, metres, settings.grid);
    const size = FEATURES.length, means = columnMeans(rows, size);
    const fold = this.#folds[this.#pieces % FOLDS]!, { products, targets } = fold;
    fold.notes += notes.length;
    const mean = notes.reduce((sum, { velocity }) => sum + velocity, 0) / notes.length;
    const weight = Math.min(1, MOST_NOTES / notes.length);
    for (let i = 0; i < notes.length; i++) {
      const target = weight * (notes[i]!.velocity - mean);
      fold.squares += target * (notes[i]!.velocity - mean);
      for (let a = 0; a < size; a++) {
        const value = rows[i * size + a]! - means[a]!;
        if (value === 0) continue;
        targets[a]! += value * target;
        for (let b = a; b < size; b++) {
          products[a * size + b]! += weight * value * (rows[i * size + b]! - means[b]!);
        }
      }
      if (this.#random.next() < weight) {
        this.#offer(() => ({
          row: rowAt(rows, around, i),
          louder: notes[i]!.velocity - mean,
          means,
        }));
      }
    }
    this.#notes += notes.length;
    this.#pieces++;
  }

  /** Takes a note into the sample, in which each that was offered is as likely (Vitter 1985). */
  #offer(note: () => Sampled): void {
    const at = this.#offered < MOST_ROWS ? this.#offered : this.#random.below(this.#offered + 1);
    this.#offered++;
    if (at < MOST_ROWS) this.#sample[at] = note();
  }

  /** Trees for what weights leave unsaid. */
  #grow(weights: ArrayLike<number>): Trees {
    const rows = new Float32Array(this.#sample.length * ROW);
    const unsaid = Float32Array.from(this.#sample, ({ row, louder, means }, i) => {
      rows.set(row, i * ROW);
      return means.reduce((left, mean, a) => left - weights[a]! * (row[a]! - mean), louder);
    });
    return growTrees(rows, ROW, unsaid, GROWING, this.#random);
  }

  /** What was learned; nothing where too little was played. */
  finish(): TouchStyle | undefined {
    if (this.#pieces < LEAST_PIECES || this.#notes < LEAST_NOTES) return undefined;
    const weights = weightsOf(sumOf(this.#folds), ridgeFor(this.#folds));
    const trees = this.#pieces < LEAST_PIECES_FOR_TREES ? undefined : this.#grow(weights);
    return {
      weights: Object.fromEntries(
        FEATURES.map((name, i) => [name, Number(weights[i]!.toFixed(4))]),
      ),
      ...(trees && { trees: encodeTrees(trees) }),
      notes: this.#notes,
      pieces: this.#pieces,
    };
  }
}

function columnMeans(rows: Float64Array, size: number): Float64Array {
  const means = new Float64Array(size);
  rows.forEach((value, at) => means[at % size]! += value);
  return means.map((sum) => sum * size / Math.max(1, rows.length));
}

/** All numbers that trees are asked with, of one note. */
function rowAt(rows: Float64Array, around: Float32Array, note: number): Float32Array {
  const row = new Float32Array(ROW), size = FEATURES.length;
  row.set(rows.subarray(note * size, (note + 1) * size));
  row.set(around.subarray(note * SURROUNDINGS, (note + 1) * SURROUNDINGS), size);
  return row;
}

/**
 * How much louder than the piece's mean each note is, by weights of its features and by trees: in
 * velocities, 0 on the mean.
 * @throws {Error} if the trees cannot be read
 */
export function loudness(
  { rows, size, around }: Pick<FeatureTable, "rows" | "size" | "around">,
  { weights, trees: text }: Pick<TouchStyle, "weights" | "trees">,
): Float64Array {
  const vector = FEATURES.map((name) => weights[name] ?? 0);
  const trees = text === undefined ? undefined : decodeTrees(text, ROW);
  const out = new Float64Array(rows.length / size);
  for (let i = 0; i < out.length; i++) {
    for (let a = 0; a < size; a++) out[i]! += rows[i * size + a]! * vector[a]!;
    if (trees) out[i]! += askTrees(trees, rowAt(rows, around, i));
  }
  const mean = out.reduce((sum, value) => sum + value, 0) / Math.max(1, out.length);
  return out.map((value) => value - mean);
}
