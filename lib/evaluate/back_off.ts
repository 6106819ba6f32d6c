import type { BackOffStatistics } from "../model/bundle.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { countPitches, knownMass, pitchTransitions } from "./pitches.ts";
import type { Combinations, Scorer, TrainingMusic } from "./training.ts";

/**
 * Estimates from the training music how often an unseen combination occurs, and counts the pitch
 * transitions that its notes may follow. Each piece is treated as if it were not part of the
 * training music (leave one out): its new combinations are those found in no other piece. With a
 * single piece, combinations that occur once count as new (Good and Turing). Shares are add-one
 * estimates.
 * @param pitches size of the keyboard; 128 except in tests
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

/**
 * Indicator per id: 1 if only one piece contains it, so that it would be new there; 0 for the rest.
 */
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
 * Extends a classifier over combinations to a proper distribution over all possible frames.
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
 * @param classifier its values for frames outside `vocabulary` are ignored
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
