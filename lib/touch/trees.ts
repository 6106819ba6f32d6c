/** An ensemble of regression trees, whose predictions are summed. */
export interface Trees {
  /** Depth of each tree; it has 2 to this power leaves. */
  readonly depth: number;
  /** Splitting feature per tree and inner node, level by level. */
  readonly features: Uint8Array;
  /** Threshold of each inner node: a value above it goes to the right. */
  readonly thresholds: Float32Array;
  /** Leaf values per tree, from left to right. */
  readonly leaves: Float32Array;
}

const MOST_DEPTH = 8;

/** Prediction of the trees for a row of features. */
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

/**
 * Encodes trees as text: depth, then features, thresholds and leaves, little-endian, in base 64.
 */
export function encodeTrees({ depth, features, thresholds, leaves }: Trees): string {
  const numbers = Float32Array.from([...thresholds, ...leaves]);
  return Uint8Array.from([depth, ...features, ...new Uint8Array(numbers.buffer)]).toBase64();
}

/**
 * Decodes the result of {@linkcode encodeTrees}.
 * @param size number of features in a row
 * @throws {Error} if the text is invalid, or its trees use other features
 */
export function decodeTrees(text: string, size: number): Trees {
  const bytes = Uint8Array.fromBase64(text), depth = bytes[0] ?? 0;
  const inner = 2 ** depth - 1, ends = 2 ** depth;
  const trees = (bytes.length - 1) / (5 * inner + 4 * ends);
  const features = bytes.slice(1, 1 + trees * inner);
  if (
    depth < 1 || depth > MOST_DEPTH || !Number.isInteger(trees) || features.some((f) => f >= size)
  ) {
    throw new Error("Cannot read the performance style: it is damaged or of another version");
  }
  const numbers = new Float32Array(bytes.slice(1 + features.length).buffer);
  return {
    depth,
    features,
    thresholds: numbers.subarray(0, trees * inner),
    leaves: numbers.subarray(trees * inner),
  };
}
