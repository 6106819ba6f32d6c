import { type Frame, pitchOf } from "../tokens/frame.ts";
import type { Grid } from "../tokens/piece.ts";
import { pairTable } from "./pair_table.ts";
import { type Combinations, idsOf, type Scorer, type TrainingMusic } from "./training.ts";

/** Prior probability of a known combination before any counts; the probabilities sum to one. */
type BaseDistribution = (frame: Frame, previous: Frame) => number;

/**
 * Interpolated modified Kneser–Ney n-grams (Chen and Goodman 1999) over the known combinations,
 * whose probabilities sum to one after any past; unknown ones have probability zero (see
 * {@linkcode backOff}).
 *
 * Contexts become finer step by step: none; with attacks, the pitches that just sounded; the frame
 * before; the two frames before; and so on. The finest level counts the pieces that contain an
 * n-gram (repetition within a piece says little about the next piece), each coarser one the number
 * of finer contexts in which a combination occurs. Three discounts per level (for counts of 1, 2,
 * and 3 or more) are estimated from the counts of counts. The probability mass withheld at the
 * coarsest level goes to `base`. The beginning of a piece is a context of its own.
 * @param base default: uniform over all known combinations
 * @param order frames per n-gram, at least 1: the frame and up to `order` − 1 before it
 */
export function kneserNey(
  music: TrainingMusic,
  { base = () => 1 / music.vocabulary.size, order = 6 }: {
    base?: BaseDistribution;
    order?: number;
  } = {},
): Scorer {
  const { vocabulary, ids, pieces, grid } = music;
  const pasts = contextsOver(vocabulary, grid, order);
  const contexts = pairTable(); // (coarser, refinement) → context − 1; 0 is the empty context
  const grams = pairTable(); // (context, id) → gram
  const counts: number[] = [], depths: number[] = [], lastPieces: number[] = [];

  for (const [piece, { offset, length }] of pieces.entries()) {
    const of = ids.subarray(offset, offset + length);
    for (let t = 0; t < length; t++) {
      const path = [0];
      for (const refinement of pasts(of, vocabulary.frame(of[t - 1] ?? 0), t)) {
        path.push(contexts.insert(path.at(-1)!, refinement) + 1);
      }
      const finest = path.length - 1;
      // The finest n-gram counts once per piece, a coarser one when a finer one first appears.
      for (let depth = finest; depth >= 0; depth--) {
        const met = grams.size;
        const gram = grams.insert(path[depth]!, of[t]!);
        if (gram === met) {
          counts.push(0);
          depths.push(depth);
        } else if (depth === finest && lastPieces[gram] === piece) break;
        counts[gram]!++;
        lastPieces[gram] = piece;
        if (gram !== met) break;
      }
    }
  }

  const discounts = discountsByDepth(counts, depths);
  const totals = new Float64Array(contexts.size + 1), withheld = new Float64Array(totals.length);
  for (let gram = 0; gram < counts.length; gram++) {
    const context = grams.first(gram);
    totals[context]! += counts[gram]!;
    withheld[context]! += discounts[depths[gram]!]![Math.min(counts[gram]!, 3)]!;
  }

  function probability(id: number, refinements: readonly number[], start: number): number {
    let p = start, context = 0;
    for (let depth = 0; depth <= refinements.length; depth++) {
      if (depth > 0) {
        context = contexts.find(context, refinements[depth - 1]!) + 1;
        if (context === 0) break;
      }
      const gram = grams.find(context, id);
      const count = gram < 0 ? 0 : counts[gram]!;
      const kept = count - discounts[depth]![Math.min(count, 3)]!;
      p = (kept + withheld[context]! * p) / totals[context]!;
    }
    return p;
  }

  return {
    logProbabilities(piece) {
      const of = idsOf(piece, vocabulary);
      return Float64Array.from(piece.frames.slice(1), (frame, index) => {
        const id = of[index + 1]!, previous = piece.frames[index]!;
        if (id < 0) return -Infinity;
        return Math.log(probability(id, pasts(of, previous, index + 1), base(frame, previous)));
      });
    },
  };
}

/** Contexts of frame `t` of a piece as integers, from coarse to fine. */
function contextsOver(vocabulary: Combinations, grid: Grid, order: number) {
  const BEGINNING = vocabulary.size;
  const sounding = new Map<string, number>(); // pitches, struck or held → number
  return (ids: Int32Array, previous: Frame, t: number): number[] => {
    const refinements: number[] = [];
    if (grid.attacks && order > 1 && t > 0) {
      const key = String.fromCharCode(...previous.map(pitchOf));
      if (!sounding.has(key)) sounding.set(key, BEGINNING + 1 + sounding.size);
      refinements.push(sounding.get(key)!);
    }
    for (let back = 1; back < order && back <= t + 1; back++) {
      refinements.push(back <= t ? ids[t - back]! : BEGINNING);
    }
    return refinements;
  };
}

/**
 * Discounts of counts of 0, 1, 2, and 3 or more for each context depth: 0, D1, D2, D3+ of Chen and
 * Goodman (1999). One half where the counts of counts are too sparse for the formula to give a
 * value between 0 and the count.
 */
function discountsByDepth(counts: readonly number[], depths: readonly number[]): number[][] {
  const counted: number[][] = [];
  counts.forEach((count, gram) => {
    const here = counted[depths[gram]!] ??= [0, 0, 0, 0, 0];
    if (count <= 4) here[count]!++;
  });
  return counted.map((n) => {
    const y = n[1]! / (n[1]! + 2 * n[2]!);
    const discounts = [1, 2, 3].map((k) => k - (k + 1) * y * n[k + 1]! / n[k]!);
    return [0, ...discounts.map((d, i) => Number.isFinite(d) && d > 0 && d < i + 1 ? d : 0.5)];
  });
}
