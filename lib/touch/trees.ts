import type { Random } from "../random.ts";

/** Trees that tell a number from features: the sum of what each says. */
export interface Trees {
  /** Levels of each tree; it has 2 to this power leaves. */
  readonly depth: number;
  /** Per tree and inner node, by levels: the feature that decides. */
  readonly features: Uint8Array;
  /** As many: a value above this goes to the right. */
  readonly thresholds: Float32Array;
  /** Per tree and leaf, from left to right. */
  readonly leaves: Float32Array;
}

/** How trees are grown. */
export interface Growing {
  readonly trees: number;
  readonly depth: number;
  /** Share of what a tree would say that it says. */
  readonly rate: number;
  /** Rows, at most, that each tree is grown from, sampled anew; and the share of the features. */
  readonly rows: number;
  readonly features: number;
  /** Rows that a leaf has at least. */
  readonly least: number;
  /** Rows of value 0 that are added to each leaf, so that it says less. */
  readonly shrink: number;
}

const BINS = 32;

const MOST_DEPTH = 8;

/**
 * Grows trees one after the other, each to what those before it left unsaid (stochastic gradient
 * boosting for the squared error, Friedman 2002; values in bins as in LightGBM, Ke et al. 2017).
 * @param rows `size` features a row
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

/** Half of so many rows, or as many as asked, in order. */
function sampled(count: number, most: number, random: Random): Uint32Array {
  const length = Math.min(most, Math.ceil(count / 2));
  return Uint32Array.from({ length }, () => random.below(count)).sort();
}

interface Binned {
  /** Feature by feature. */
  readonly bins: Uint8Array;
  readonly edges: readonly Float32Array[];
  /** What is to be said of each row. */
  readonly left: Float32Array;
}

/** One tree: per inner node the feature, and the bin above which rows go to the right. */
function growTree(
  sample: Uint32Array,
  chosen: readonly number[],
  { bins, edges, left }: Binned,
  { depth, least, shrink, rate }: Growing,
): { features: Uint8Array; splits: Uint8Array; leaves: Float32Array } {
  const ends = 2 ** depth, count = left.length;
  const features = new Uint8Array(ends - 1), splits = new Uint8Array(ends - 1).fill(BINS);
  const node = new Uint16Array(sample.length),
    wanted = Float32Array.from(sample, (row) => left[row]!);
  const columns = chosen.map((feature) =>
    Uint8Array.from(sample, (row) => bins[feature * count + row]!)
  );
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
        const from = n * BINS;
        let sum = 0, all = 0;
        for (let cell = from; cell < from + BINS; cell++) {
          sum += sums[cell]!;
          all += counts[cell]!;
        }
        if (all < 2 * least) continue;
        const whole = sum * sum / (all + shrink), lines = edges[feature]!.length;
        let below = 0, under = 0;
        for (let bin = 0; bin < lines; bin++) {
          below += sums[from + bin]!;
          under += counts[from + bin]!;
          if (under < least || all - under < least) continue;
          const gain = below * below / (under + shrink) +
            (sum - below) ** 2 / (all - under + shrink) - whole;
          if (gain > best[n]!) {
            best[n] = gain;
            column[n] = at;
            features[first + n] = feature;
            splits[first + n] = bin;
          }
        }
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
  return {
    features,
    splits,
    leaves: leaves.map((sum, leaf) => rate * sum / (met[leaf]! + shrink)),
  };
}

/** What trees say of a row of features. */
export function askTrees(
  { depth, features, thresholds, leaves }: Trees,
  row: ArrayLike<number>,
): number {
  const inner = 2 ** depth - 1, ends = 2 ** depth;
  let told = 0;
  for (let tree = 0, at = 0; at < leaves.length; tree++, at += ends) {
    let node = 0;
    while (node < inner) {
      const here = tree * inner + node;
      node = 2 * node + (row[features[here]!]! > thresholds[here]! ? 2 : 1);
    }
    told += leaves[at + node - inner]!;
  }
  return told;
}

/** Trees as text: depth, then features, thresholds and leaves, little-endian, in base 64. */
export function encodeTrees({ depth, features, thresholds, leaves }: Trees): string {
  const bytes = new Uint8Array(1 + features.length + 4 * (thresholds.length + leaves.length));
  const view = new DataView(bytes.buffer);
  bytes[0] = depth;
  bytes.set(features, 1);
  let at = 1 + features.length;
  for (const value of [...thresholds, ...leaves]) {
    view.setFloat32(at, value, true);
    at += 4;
  }
  return bytes.toBase64();
}

/**
 * The inverse of {@linkcode encodeTrees}.
 * @param size features of a row
 * @throws {Error} if the text is none, or of trees that ask for other features
 */
export function decodeTrees(text: string, size: number): Trees {
  const bytes = Uint8Array.fromBase64(text), depth = bytes[0] ?? 0;
  const inner = 2 ** depth - 1, ends = 2 ** depth;
  const trees = (bytes.length - 1) / (5 * inner + 4 * ends);
  const features = bytes.slice(1, 1 + trees * inner);
  if (
    depth < 1 || depth > MOST_DEPTH || !Number.isInteger(trees) || features.some((f) => f >= size)
  ) {
    throw new Error("Cannot read what was learned of touch: it is damaged or of another version");
  }
  const view = new DataView(bytes.buffer, 1 + features.length);
  const numbers = Float32Array.from(
    { length: trees * (inner + ends) },
    (_, i) => view.getFloat32(4 * i, true),
  );
  return {
    depth,
    features,
    thresholds: numbers.slice(0, trees * inner),
    leaves: numbers.slice(trees * inner),
  };
}

/** Rows whose values are looked at for the bins' edges. */
const LOOKED_AT = 5000;

/** Values between which a feature's bins lie: rising, at most one less than there are bins. */
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

/** The bin of every value, feature by feature. */
function binned(rows: Float32Array, size: number, edges: readonly Float32Array[]): Uint8Array {
  const count = rows.length / size, bins = new Uint8Array(rows.length);
  for (const [feature, lines] of edges.entries()) {
    for (let row = 0; row < count; row++) {
      const value = rows[row * size + feature]!;
      let low = 0, high = lines.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (value > lines[middle]!) low = middle + 1;
        else high = middle;
      }
      bins[feature * count + row] = low;
    }
  }
  return bins;
}
