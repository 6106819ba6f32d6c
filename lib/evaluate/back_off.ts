import type { BackOffStatistics } from "../model/bundle.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { countPitches, knownMass, pitchTransitions } from "./pitches.ts";
import type { Combinations, Scorer, TrainingMusic } from "./training.ts";

/**
 * Estimates from the training music how often a combination comes that was never met, and counts
 * what its notes may be. Each piece is looked at as if it were not part of the training music (leave one
 * out): its new combinations are those that stand in no other piece. With only one piece there is
 * no other: those that occur once are the new ones (Good and Turing). Shares are add-one estimates.
 * @param pitches size of the keyboard; 128 but for tests
 */
export function backOffStatistics(
  music: TrainingMusic,
  { pitches = 128 }: { pitches?: number } = {},
): BackOffStatistics {
  const isNew = newCombinations(music);
  const met = [0, 0], followed = [0, 0]; // by whether the frame before was new
  for (const { offset, length } of music.pieces) {
    for (let position = offset + 1; position < offset + length; position++) {
      const before = isNew[music.ids[position - 1]!]!;
      met[before]!++;
      followed[before]! += isNew[music.ids[position]!]!;
    }
  }
  return {
    newAfterKnown: (followed[0]! + 1) / (met[0]! + 2),
    newAfterNew: (followed[1]! + 1) / (met[1]! + 2),
    counts: countPitches(music, { pitches }),
  };
}

/** 1 for each id that would be new in the one piece that has it; never for the rest. */
function newCombinations({ vocabulary, ids, pieces }: TrainingMusic): Uint8Array {
  const isNew = new Uint8Array(vocabulary.size);
  const NOWHERE = -1, MANY = -2;
  const where = new Int32Array(vocabulary.size).fill(NOWHERE);
  pieces.forEach(({ offset, length }, piece) => {
    for (let position = offset; position < offset + length; position++) {
      const id = ids[position]!;
      const here = pieces.length > 1 ? piece : position;
      where[id] = where[id] === NOWHERE || where[id] === here ? here : MANY;
    }
  });
  for (let id = 1; id < isNew.length; id++) isNew[id] = where[id]! >= 0 ? 1 : 0;
  return isNew;
}

/**
 * Gives a classifier over combinations an honest probability for every frame there is.
 *
 * With λ the probability that a new combination comes (one λ after a known frame, one after a new
 * one), V the known combinations and Q independent pitches given the frame before
 * ({@linkcode pitchTransitions}):
 *
 *     P(frame) = (1 − λ) · classifier(frame)                          if the frame is in V
 *     P(frame) = λ · Q(frame) / (1 − Σ over V of Q)                   otherwise
 *
 * The sum over V is exact, so that P sums to one over all frames of 128 pitches whenever the
 * classifier sums to one over V. Katz's backing-off (1987) with the whole known vocabulary as the
 * upper level.
 * @param classifier its values for frames outside of `vocabulary` are not looked at
 */
export function backOff(
  classifier: Scorer,
  vocabulary: Combinations,
  grid: Grid,
  statistics: BackOffStatistics,
): Scorer {
  const pitches = pitchTransitions(statistics.counts, grid);
  const massOfKnown = knownMass(vocabulary, pitches);
  return {
    logProbabilities(piece: Piece): Float64Array {
      const values = Float64Array.from(classifier.logProbabilities(piece));
      let knownBefore = true;
      piece.frames.forEach((frame, t) => {
        const known = vocabulary.id(frame) !== undefined;
        if (t > 0) {
          const share = knownBefore ? statistics.newAfterKnown : statistics.newAfterNew;
          const previous = piece.frames[t - 1]!;
          values[t - 1] = known
            ? Math.log1p(-share) + values[t - 1]!
            : Math.log(share) + pitches.logProbability(frame, previous) -
              Math.log1p(-massOfKnown(previous));
        }
        knownBefore = known;
      });
      return values;
    },
  };
}
