import { Random } from "../random.ts";
import { endOf } from "../tokens/excerpt.ts";
import type { Piece } from "../tokens/piece.ts";
import type { Schedule } from "./schedule.ts";
import type { Trainer } from "./trainer.ts";

/** Settings for adapting a trained network to new music. */
export interface Adapting {
  /** The optimizer's peak step size. */
  readonly learningRate: number;
  /** Epochs; 0 for none, Infinity for as many as time allows. */
  readonly epochs: number;
  /** Dropout rate, 0 to below 1. */
  readonly dropout: number;
}

/** Input of {@linkcode tryAdapting}. */
export interface AdaptingTrial {
  /** Creates a new trainer from the base, with this dropout rate. */
  readonly createTrainer: (dropout: number) => Trainer;
  /** Schedule, at whose beginning a trial stays: it may end at any time. */
  readonly schedule: Schedule;
  /** Frames to learn from, and others of the same music to measure on. */
  readonly targets: Int32Array;
  readonly heldOut: readonly Piece[];
  readonly batchSize: number;
  readonly seed: number;
  /** Called between steps with the share of the work that is done; false: there is no more time. */
  readonly goOn: (done: number) => Promise<boolean>;
}

/**
 * Settings to be tried, gentlest first: music close to the base's is learned slowly, with as little
 * dropout as in the base; other music fast, and with a dropout rate of one half so that it is not
 * memorised.
 */
const WAYS = [
  { learningRate: 1e-4, dropout: 0.2 },
  { learningRate: 5e-4, dropout: 0.5 },
  { learningRate: 2e-3, dropout: 0.5 },
] as const;

/** Epochs after which each setting is measured. */
const MEASURED = [0.5, 1, 1.5, 2, 3, 4, 6, 8, 11, 15, 20] as const;

/** Measurements without improvement after which a setting is given up. */
const PATIENCE = 2;

/** Factor by which the run may exceed the trial's epochs if the loss was still falling at its end. */
const LONG = 3;

/** Smallest improvement that counts, in nats per frame. */
const LEAST_GAIN = 0.003;

/** State of one setting under trial. */
interface Trying {
  readonly way: typeof WAYS[number];
  readonly trainer: Trainer;
  readonly order: Random;
  readonly noise: Random;
  shuffled: Int32Array;
  at: number;
  steps: number;
  /** Lowest loss so far, and measurements since. */
  least: number;
  worse: number;
}

/**
 * Finds the learning rate and number of epochs for adapting a base to some music before it forgets
 * more than it learns, by training on part of the music and measuring on the rest. They depend on
 * the distance of the music from the base's, which no rule predicts. All settings are tried side by
 * side, so that they are comparable whenever time runs out.
 */
export async function tryAdapting(trial: AdaptingTrial): Promise<Adapting> {
  const { targets, heldOut, seed } = trial;
  const all = WAYS.map((way): Trying => ({
    way,
    trainer: trial.createTrainer(way.dropout),
    order: new Random(seed),
    noise: new Random(seed + 1),
    shuffled: targets,
    at: targets.length,
    steps: 0,
    least: Infinity,
    worse: 0,
  }));
  try {
    let best: Adapting = { ...WAYS[0], epochs: 0 }, bestWay: Trying | undefined;
    let least = all[0]!.trainer.meanLoss(heldOut) - LEAST_GAIN, measured = 0;
    for (const one of all) one.least = least;
    for (const epochs of MEASURED) {
      for (const one of all.filter(({ worse }) => worse < PATIENCE)) {
        if (!await learnUntil(one, epochs, trial)) {
          // Out of time: a loss that was still falling may go on; with no measurement, the gentlest setting.
          if (measured === 0) return { ...WAYS[0], epochs: Infinity };
          return bestWay?.worse === 0 ? { ...bestWay.way, epochs: Infinity } : best;
        }
        const loss = one.trainer.meanLoss(heldOut);
        measured++;
        one.worse = loss < one.least ? 0 : one.worse + 1;
        one.least = Math.min(one.least, loss);
        if (loss >= least) continue;
        const asLong = epochs === MEASURED.at(-1) ? LONG * epochs : epochs;
        [least, best, bestWay] = [loss, { ...one.way, epochs: asLong }, one];
      }
    }
    return best;
  } finally {
    for (const { trainer } of all) trainer.dispose();
  }
}

/** Trains one setting up to a number of epochs; false if time ran out. */
async function learnUntil(one: Trying, epochs: number, trial: AdaptingTrial): Promise<boolean> {
  const { targets, batchSize } = trial, { way: { learningRate }, noise: random } = one;
  const stepsPerEpoch = Math.max(1, targets.length / batchSize);
  while (one.steps < epochs * stepsPerEpoch) {
    if (one.at >= one.shuffled.length) {
      one.shuffled = one.order.shuffle(targets.slice());
      one.at = 0;
    }
    const batch = one.shuffled.subarray(one.at, one.at + batchSize);
    const rate = trial.schedule(learningRate, { progress: 0, step: ++one.steps });
    one.trainer.step(batch, { learningRate: rate, random });
    one.at += batchSize;
    if (!await trial.goOn(epochs / MEASURED.at(-1)!)) return false;
  }
  return true;
}

/** Share of the music held out for measuring in a trial. */
const HELD_OUT = 0.2;

/**
 * Splits music for a trial: by whole pieces if there are several, else the end of the only one.
 * @param pieces the training pieces, with the offsets of their frames
 * @returns the frames to learn from, and what to measure on
 */
export function partForTrial(
  pieces: readonly (Piece & { readonly offset: number })[],
  random: Random,
): { targets: Int32Array; heldOut: Piece[] } {
  const targets: number[] = [], heldOut: Piece[] = [];
  const learn = (offset: number, length: number) => {
    for (let frame = 1; frame < length; frame++) targets.push(offset + frame);
  };
  if (pieces.length < 3) {
    for (const { offset, ...piece } of pieces) {
      const cut = Math.ceil((1 - HELD_OUT) * piece.frames.length);
      learn(offset, cut);
      heldOut.push(endOf(piece, piece.frames.length - cut));
    }
    return { targets: Int32Array.from(targets), heldOut };
  }
  const most = Math.max(1, Math.round(HELD_OUT * pieces.length));
  for (const [index, piece] of random.shuffle([...pieces]).entries()) {
    if (index < most) heldOut.push(piece);
    else learn(piece.offset, piece.frames.length);
  }
  return { targets: Int32Array.from(targets), heldOut };
}
