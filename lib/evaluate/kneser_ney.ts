import type { Piece } from "../tokens/piece.ts";
import { pairTable } from "./pair_table.ts";
import { idsOf, type Scorer, type TrainingMusic } from "./training.ts";

/** An n-gram model over the known combinations. */
export interface NGrams extends Scorer {
  /**
   * P(id | the ids before it, in the order of time); over all known ids these sum to one.
   * @param past the piece so far, from its first frame on; −1 for unknown combinations
   */
  probability(past: ArrayLike<number>, id: number): number;
}

/**
 * Interpolated modified Kneser–Ney n-grams (Chen and Goodman 1999, section 4.1) over combinations.
 * The highest order counts in how many pieces an n-gram stands (music repeats itself within a
 * piece, which says little of the next piece), each lower one in how many different contexts a
 * combination was met; three discounts per order (for counts of 1, 2, 3 and more) come from the
 * counts of counts; order 1 is interpolated with the uniform distribution. The beginning of a
 * piece is a context of its own. Unknown combinations get no probability ({@linkcode backOff}).
 *
 * @param order how many frames an n-gram has, at least 1: the frame and up to `order` − 1 before it
 */
export function kneserNey(
  music: Omit<TrainingMusic, "grid">,
  { order = 6 }: { order?: number } = {},
): NGrams {
  const { vocabulary, ids, pieces } = music;
  const BEGINNING = vocabulary.size;
  // Contexts are a tree: node 0 is the empty one, a child adds one frame further back.
  const contexts = pairTable(); // (parent, id further back) → node − 1
  const grams = pairTable(); // (context, id) → gram
  const counts: number[] = [], depths: number[] = [], lastPieces: number[] = [];
  const path = new Int32Array(order);

  for (const [piece, { offset, length }] of pieces.entries()) {
    for (let t = 0; t < length; t++) {
      const depth = Math.min(order - 1, t + 1);
      for (let back = 1; back <= depth; back++) {
        const id = back <= t ? ids[offset + t - back]! : BEGINNING;
        path[back] = contexts.insert(path[back - 1]!, id) + 1;
      }
      // The longest gram counts once a piece, a shorter one when a longer one first appears.
      for (let back = depth; back >= 0; back--) {
        const met = grams.size;
        const gram = grams.insert(path[back]!, ids[offset + t]!);
        if (gram === met) {
          counts.push(0);
          depths.push(back);
        }
        if (gram !== met && back === depth && lastPieces[gram] === piece) break;
        counts[gram]!++;
        lastPieces[gram] = piece;
        if (gram !== met) break;
      }
    }
  }

  const discounts = discountsByDepth(counts, depths, order);
  const totals = new Float64Array(contexts.size + 1), withheld = new Float64Array(totals.length);
  for (let gram = 0; gram < counts.length; gram++) {
    const node = grams.first(gram);
    totals[node]! += counts[gram]!;
    withheld[node]! += discounts[depths[gram]!]![Math.min(counts[gram]!, 3)]!;
  }

  function probability(past: ArrayLike<number>, id: number): number {
    let p = 1 / vocabulary.size;
    let node = 0;
    for (let back = 0; back < order; back++) {
      if (back > 0) {
        if (back > past.length + 1) break;
        const further = back <= past.length ? past[past.length - back]! : BEGINNING;
        node = contexts.find(node, further) + 1;
        if (node === 0) break;
      }
      const gram = grams.find(node, id);
      const count = gram < 0 ? 0 : counts[gram]!;
      const kept = count - discounts[back]![Math.min(count, 3)]!;
      p = (kept + withheld[node]! * p) / totals[node]!;
    }
    return p;
  }

  return {
    probability,
    logProbabilities(piece: Piece) {
      const all = idsOf(piece, vocabulary);
      const values = new Float64Array(Math.max(0, all.length - 1));
      for (let t = 1; t < all.length; t++) {
        const past = all.subarray(Math.max(0, t - order), t);
        values[t - 1] = all[t]! < 0 ? -Infinity : Math.log(probability(past, all[t]!));
      }
      return values;
    },
  };
}

/**
 * For each number of frames of context, what is withheld of a count of 0, 1, 2, 3 or more:
 * 0, D1, D2, D3+ of Chen and Goodman (1999), equation 17. Where the counts of counts are too thin
 * for the formula to give something between 0 and the count: one half.
 */
function discountsByDepth(
  counts: readonly number[],
  depths: readonly number[],
  order: number,
): readonly (readonly number[])[] {
  const counted = Array.from({ length: order }, () => [0, 0, 0, 0, 0]);
  counts.forEach((count, gram) => {
    if (count <= 4) counted[depths[gram]!]![count]!++;
  });
  return counted.map((n) => {
    const y = n[1]! / (n[1]! + 2 * n[2]!);
    const discounts = [1, 2, 3].map((k) => k - (k + 1) * y * n[k + 1]! / n[k]!);
    return [0, ...discounts.map((d, i) => Number.isFinite(d) && d > 0 && d < i + 1 ? d : 0.5)];
  });
}
