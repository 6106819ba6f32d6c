import type { BackOffStatistics } from "../model/bundle.ts";
import { sum } from "../numbers.ts";
import { type Frame, HELD, pitchOf } from "../tokens/frame.ts";
import { backOff } from "./back_off.ts";
import { kneserNey } from "./kneser_ney.ts";
import {
  type IndependentPitches,
  knownMass,
  pitchFrequencies,
  pitchTransitions,
} from "./pitches.ts";
import type { Evaluation } from "./report.ts";
import type { Scorer, TrainingMusic } from "./training.ts";

/** Baseline models that any other should beat, each a proper distribution over all frames. */
export type Baselines = Readonly<Record<keyof NonNullable<Evaluation["baselines"]>, Scorer>>;

/** Trains the baselines. */
export function trainBaselines(music: TrainingMusic, statistics: BackOffStatistics): Baselines {
  const { vocabulary, grid } = music;
  const frequencies = pitchFrequencies(statistics.counts, grid);
  const transitions = pitchTransitions(statistics.counts, grid);
  const massOfKnown = knownMass(vocabulary, transitions);
  const base = (frame: Frame, previous: Frame) =>
    Math.exp(transitions.logProbability(frame, previous)) / massOfKnown(previous);
  return {
    independent: scorer(frequencies.logProbability),
    transitions: scorer(transitions.logProbability),
    repeat: repeatLast(music, frequencies),
    ngram: backOff(kneserNey(music, { base }), vocabulary, grid, statistics),
  };
}

/**
 * Repetition baseline: a mixture of the last frame with all pitches held, the last frame with all
 * pitches struck, and independent pitches. Without attacks the first two are the same frame. The
 * mixture weights maximise the likelihood of the training music (expectation maximisation).
 */
function repeatLast(music: TrainingMusic, otherwise: IndependentPitches): Scorer {
  const weights = repeatWeights(music, otherwise);
  return scorer((frame, previous) => {
    const parts = repeatParts(frame, previous, music.grid.attacks, otherwise);
    return Math.log(sum(parts.map((part, i) => weights[i]! * part)));
  });
}

const STEPS = 50; // of expectation maximisation: far beyond convergence

function repeatWeights(music: TrainingMusic, otherwise: IndependentPitches): number[] {
  const { ids, vocabulary, pieces, grid } = music;
  const rows: number[][] = [];
  for (const { offset, length } of pieces) {
    for (let position = offset + 1; position < offset + length; position++) {
      const frame = vocabulary.frame(ids[position]!);
      const previous = vocabulary.frame(ids[position - 1]!);
      rows.push(repeatParts(frame, previous, grid.attacks, otherwise));
    }
  }
  let weights = [1 / 3, 1 / 3, 1 / 3];
  for (let step = 0; step < STEPS && rows.length > 0; step++) {
    const sums = [1, 1, 1]; // add-one, so that no weight is 0
    for (const parts of rows) {
      const all = parts[0]! * weights[0]! + parts[1]! * weights[1]! + parts[2]! * weights[2]!;
      for (let i = 0; i < 3; i++) sums[i]! += parts[i]! * weights[i]! / all;
    }
    weights = sums.map((sum) => sum / (rows.length + 3));
  }
  return weights;
}

/** Probability of the frame under each component of the mixture: held, struck, independent. */
function repeatParts(
  frame: Frame,
  previous: Frame,
  attacks: boolean,
  otherwise: IndependentPitches,
): number[] {
  const same = frame.length === previous.length &&
    frame.every((code, i) => pitchOf(code) === pitchOf(previous[i]!));
  return [
    same && (!attacks || frame.every((code) => code >= HELD)) ? 1 : 0,
    same && frame.every((code) => code < HELD) ? 1 : 0,
    Math.exp(otherwise.logProbability(frame, previous)),
  ];
}

function scorer(logProbability: (frame: Frame, previous: Frame) => number): Scorer {
  return {
    logProbabilities: ({ frames }) =>
      Float64Array.from(
        frames.slice(1),
        (frame, t) => logProbability(frame, frames[t]!),
      ),
  };
}
