import type { Random } from "../random.ts";
import { countBefore } from "../search.ts";
import type { Trees } from "./trees.ts";

/** Hyperparameters of gradient boosting. */
export interface Growing {
  readonly trees: number;
  readonly depth: number;
  /** Learning rate (shrinkage), as a share of each tree's prediction. */
  readonly rate: number;
  /** Maximum number of rows sampled for each tree, and the share of features considered. */
  readonly rows: number;
  readonly features: number;
  /** Least number of rows in a leaf. */
  readonly least: number;
  /** L2 regularisation λ: rows of value 0 added to each leaf. */
  readonly shrink: number;
}

const BINS = 32;

/**
 * Grows trees one after the other, each on the residuals of those before it (stochastic gradient
 * boosting for the squared error, Friedman 2002; values in bins as in LightGBM, Ke et al. 2017).
 * @param rows `size` features per row
 * @param targets one per row
 */
export function growTrees(
  rows: Float32Array,
  size: number,
  targets: Float32Array,
  growing: Growing,
  random: Random,
): Trees {
  const count = targets.length, { depth } = growing;
  const inner = 2 ** depth - 1, ends = 2 ** depth;
  const edges = Array.from({ length: size }, (_, feature) => edgesOf(rows, size, feature, random));
  const bins = binned(rows, size, edges);
  const left = Float32Array.from(targets);
  const trees: Trees = {
    depth,
    features: new Uint8Array(growing.trees * inner),
    thresholds: new Float32Array(growing.trees * inner).fill(Infinity),
    leaves: new Float32Array(growing.trees * ends),
  };
  for (let tree = 0; tree < growing.trees; tree++) {
    const sample = sampled(count, growing.rows, random);
    const chosen = [...Array(size).keys()].filter(() => random.next() < growing.features);
    const grown = growTree(sample, chosen, { bins, edges, left }, growing);
    trees.features.set(grown.features, tree * inner);
    grown.splits.forEach((bin, node) => {
      if (bin < BINS) trees.thresholds[tree * inner + node] = edges[grown.features[node]!]![bin]!;
    });
    trees.leaves.set(grown.leaves, tree * ends);
    for (let row = 0; row < count; row++) {
      let node = 0;
      while (node < inner) {
        const bin = bins[grown.features[node]! * count + row]!;
        node = 2 * node + (bin > grown.splits[node]! ? 2 : 1);
      }
      left[row]! -= grown.leaves[node - inner]!;
    }
  }
  return trees;
}

/** Random row indices, ascending: half of all rows, or `most` if that is fewer. */
function sampled(count: number, most: number, random: Random): Uint32Array {
  const length = Math.min(most, Math.ceil(count / 2));
  return Uint32Array.from({ length }, () => random.below(count)).sort();
}

interface Binned {
  /** Bins of the values, feature by feature. */
  readonly bins: Uint8Array;
  readonly edges: readonly Float32Array[];
  /** Residual of each row. */
  readonly left: Float32Array;
}

/** Grows one tree: per inner node the feature, and the bin above which rows go to the right. */
function growTree(
  sample: Uint32Array,
  chosen: readonly number[],
  { bins, edges, left }: Binned,
  growing: Growing,
): { features: Uint8Array; splits: Uint8Array; leaves: Float32Array } {
  const ends = 2 ** growing.depth, count = left.length;
  const features = new Uint8Array(ends - 1), splits = new Uint8Array(ends - 1).fill(BINS);
  const wanted = Float32Array.from(sample, (row) => left[row]!);
  const columns = chosen.map((feature) =>
    Uint8Array.from(sample, (row) => bins[feature * count + row]!)
  );
  const node = new Uint16Array(sample.length); // node of each row, from the left of its level
  const sums = new Float64Array(ends * BINS), counts = new Float64Array(ends * BINS);
  for (let width = 1, first = 0; width < ends; first += width, width *= 2) {
    const best = new Float64Array(width), column = new Int32Array(width).fill(-1);
    for (const [at, feature] of chosen.entries()) {
      const own = columns[at]!;
      sums.fill(0, 0, width * BINS);
      counts.fill(0, 0, width * BINS);
      for (let i = 0; i < own.length; i++) {
        const cell = node[i]! * BINS + own[i]!;
        sums[cell]! += wanted[i]!;
        counts[cell]!++;
      }
      for (let n = 0; n < width; n++) {
        const from = n * BINS, to = from + BINS, lines = edges[feature]!.length;
        const split = bestSplit(sums.subarray(from, to), counts.subarray(from, to), lines, growing);
        if (split.gain <= best[n]!) continue;
        best[n] = split.gain;
        column[n] = at;
        features[first + n] = feature;
        splits[first + n] = split.bin;
      }
    }
    for (let i = 0; i < node.length; i++) {
      const n = node[i]!, own = columns[column[n]!];
      node[i] = 2 * n + (own && own[i]! > splits[first + n]! ? 1 : 0);
    }
  }
  const leaves = new Float32Array(ends), met = new Float64Array(ends);
  node.forEach((leaf, i) => {
    leaves[leaf]! += wanted[i]!;
    met[leaf]!++;
  });
  const says = (sum: number, leaf: number) => growing.rate * sum / (met[leaf]! + growing.shrink);
  return { features, splits, leaves: leaves.map(says) };
}

/**
 * Finds the best split of a node: the bin after which to divide its rows, and the reduction in
 * squared error.
 * @param sums of residuals, per bin
 * @param counts of rows, per bin
 * @param lines edges between bins
 */
function bestSplit(
  sums: Float64Array,
  counts: Float64Array,
  lines: number,
  { least, shrink }: Growing,
): { gain: number; bin: number } {
  let sum = 0, all = 0;
  for (let bin = 0; bin < BINS; bin++) {
    sum += sums[bin]!;
    all += counts[bin]!;
  }
  const whole = sum * sum / (all + shrink), best = { gain: 0, bin: BINS };
  let below = 0, under = 0;
  for (let bin = 0; bin < lines; bin++) {
    below += sums[bin]!;
    under += counts[bin]!;
    if (under < least || all - under < least) continue;
    const gain = below * below / (under + shrink) + (sum - below) ** 2 / (all - under + shrink) -
      whole;
    if (gain > best.gain) [best.gain, best.bin] = [gain, bin];
  }
  return best;
}

/** Most rows sampled to find bin edges. */
const LOOKED_AT = 5000;

/** Edges between a feature's bins: ascending, at most one fewer than there are bins. */
function edgesOf(rows: Float32Array, size: number, feature: number, random: Random): Float32Array {
  const count = rows.length / size;
  const values = Float32Array.from(
    { length: Math.min(count, LOOKED_AT) },
    (_, i) => rows[(count <= LOOKED_AT ? i : random.below(count)) * size + feature]!,
  ).sort();
  const edges = new Set<number>();
  for (let b = 1; b < BINS; b++) {
    const at = Math.floor(b * values.length / BINS), value = values[at]!;
    const above = values.subarray(at).find((other) => other > value);
    if (above !== undefined) edges.add(Math.fround((value + above) / 2));
  }
  return Float32Array.from(edges);
}

/** Bin index of every value, feature by feature. */
function binned(rows: Float32Array, size: number, edges: readonly Float32Array[]): Uint8Array {
  const count = rows.length / size, bins = new Uint8Array(rows.length);
  for (const [feature, lines] of edges.entries()) {
    for (let row = 0; row < count; row++) {
      const value = rows[row * size + feature]!;
      bins[feature * count + row] = countBefore(lines.length, (line) => value > lines[line]!);
    }
  }
  return bins;
}
