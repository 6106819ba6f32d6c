import { Random } from "../random.ts";
import { endOf } from "../tokens/excerpt.ts";
import type { Piece } from "../tokens/piece.ts";
import type { Trainer } from "./trainer.ts";

/** How a trained network adapts to new music. */
export interface Adapting {
  /** The optimizer's step size, constant. */
  readonly learningRate: number;
  /** How often all frames are gone over; 0: not at all; Infinity: as often as there is time for. */
  readonly epochs: number;
  /** Share of hidden units that are dropped meanwhile, 0 to below 1. */
  readonly dropout: number;
}

/** What {@linkcode tryAdapting} is to try. */
export interface AdaptingTrial {
  /** Makes the trainer anew, from the base, with this dropout. */
  readonly createTrainer: (dropout: number) => Trainer;
  /** Frames to learn from, and others of the same music to measure on. */
  readonly targets: Int32Array;
  readonly heldOut: readonly Piece[];
  readonly batchSize: number;
  readonly seed: number;
  /** Called between steps with the share of the work that is done; false: there is no more time. */
  readonly goOn: (done: number) => Promise<boolean>;
}

/**
 * What is tried: music far from what the base knows is learned fast, and half of the units are dropped
 * so that it is not learned by heart; music near to it slowly, with as little dropped as in the base.
 */
const WAYS = [
  { learningRate: 2e-3, dropout: 0.5 },
  { learningRate: 5e-4, dropout: 0.5 },
  { learningRate: 1e-4, dropout: 0.2 },
] as const;

/** After how many epochs each is measured. */
const MEASURED = [0.5, 1, 1.5, 2, 3, 4, 6, 8, 11, 15, 20] as const;

/** Measurements without a better one after which a way is given up. */
const PATIENCE = 2;

/** What was still growing better when it was measured last may go on for so many times as long. */
const LONG = 3;

/** Less than this is no gain, nats per frame. */
const LEAST_GAIN = 0.003;

/**
 * Finds how fast and for how long a base may learn from some music before it forgets more than it
 * learns: tries it on a part of the music and measures on the rest. How much is to be learned depends
 * on how far the music is from what the base knows, which no rule tells.
 */
export async function tryAdapting(trial: AdaptingTrial): Promise<Adapting> {
  const { targets, batchSize } = trial, stepsPerEpoch = Math.max(1, targets.length / batchSize);
  let best: Adapting = { ...WAYS.at(-1)!, epochs: 0 }, least = Infinity, measured = 0;
  for (const [index, { learningRate, dropout }] of WAYS.entries()) {
    const trainer = trial.createTrainer(dropout);
    try {
      const order = new Random(trial.seed), noise = new Random(trial.seed + 1);
      if (index === 0) least = trainer.meanLoss(trial.heldOut) - LEAST_GAIN;
      let step = 0, worse = 0, grewBetter = false, shuffled = targets, at = targets.length;
      for (const epochs of MEASURED) {
        while (step < epochs * stepsPerEpoch) {
          if (at >= shuffled.length) {
            shuffled = order.shuffle(targets.slice());
            at = 0;
          }
          trainer.step(shuffled.subarray(at, at + batchSize), { learningRate, random: noise });
          at += batchSize;
          step++;
          if (await trial.goOn((index + epochs / MEASURED.at(-1)!) / WAYS.length)) continue;
          // Out of time: what still grew better may go on doing so; who knows nothing goes gently.
          if (measured === 0) return { ...WAYS.at(-1)!, epochs: Infinity };
          return grewBetter ? { learningRate, dropout, epochs: Infinity } : best;
        }
        const loss = trainer.meanLoss(trial.heldOut);
        measured++;
        grewBetter = loss < least;
        worse = grewBetter ? 0 : worse + 1;
        if (grewBetter) {
          const asLong = epochs === MEASURED.at(-1) ? LONG * epochs : epochs;
          [least, best] = [loss, { learningRate, dropout, epochs: asLong }];
        }
        if (worse >= PATIENCE) break;
      }
    } finally {
      trainer.dispose();
    }
  }
  return best;
}

/** Share of the music that a trial measures on. */
const HELD_OUT = 0.2;

/**
 * Parts music for a trial: whole pieces where there are several, else the end of the only one.
 * @param pieces those that are learned from, with where their frames stand
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
