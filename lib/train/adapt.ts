import { Random } from "../random.ts";
import { endOf } from "../tokens/excerpt.ts";
import type { Piece } from "../tokens/piece.ts";
import type { Schedule } from "./schedule.ts";
import { copy, type Trainer } from "./trainer.ts";

/** Settings for adapting a trained network to new music. */
export interface Adapting {
  /** The optimizer's peak step size. */
  readonly learningRate: number;
  /** Epochs; 0 for none, Infinity for as many as time allows. */
  readonly epochs: number;
}

/** Input of {@linkcode tryAdapting}. */
export interface AdaptingTrial {
  /** Trainer with the weights of the base, which are restored in the end. */
  readonly trainer: Trainer;
  /** Schedule of the run, which a trial follows from beginning to end. */
  readonly schedule: Schedule;
  /** Frames to learn from, and others of the same music to measure on. */
  readonly targets: Int32Array;
  readonly heldOut: readonly Piece[];
  readonly batchSize: number;
  readonly seed: number;
  /** Epochs of the run, if there is something to be learned. */
  readonly epochs: number;
  /** Called between steps with the share of the work that is done; false: there is no more time. */
  readonly goOn: (done: number) => Promise<boolean>;
}

/**
 * Learning rates to be tried, gentlest first: music close to the base's is learned slowly, other
 * music fast.
 */
const RATES = [1e-4, 5e-4, 2e-3] as const;

/** Length of a trial at one rate, in epochs and at least in steps. */
const TRIAL_EPOCHS = 0.4, TRIAL_STEPS = 200;

/**
 * Smallest improvement that counts, in nats per frame: by the gentlest rate, and by a faster one
 * over the gentler ones, as a whole run at it forgets more than a trial shows.
 */
const LEAST_GAIN = 0.003, FASTER_GAIN = 0.05;

/**
 * Finds the learning rate for adapting a base to some music, and whether it learns more than it
 * forgets, by a short run at each of several rates on part of the music, measured on the rest. It
 * depends on the distance of the music from the base's, which no rule predicts.
 * @returns the best of what was measured; if there was time for nothing, the gentlest rate
 */
export async function tryAdapting(trial: AdaptingTrial): Promise<Adapting> {
  const { trainer, targets, heldOut, batchSize, epochs } = trial;
  const stepsPerEpoch = targets.length / batchSize;
  const steps = Math.ceil(Math.max(TRIAL_STEPS, TRIAL_EPOCHS * stepsPerEpoch));
  const weights = trainer.weights().map(copy), state = trainer.state().map(copy);
  let best: Adapting = { learningRate: RATES[0], epochs: Infinity };
  let least = trainer.meanLoss(heldOut);
  for (const [index, learningRate] of RATES.entries()) {
    const goOn = (done: number) => trial.goOn((index + done) / RATES.length);
    const inTime = await learn(learningRate, steps, { ...trial, goOn });
    const loss = inTime ? trainer.meanLoss(heldOut) : Infinity;
    trainer.restore(weights, state);
    if (!inTime) break;
    if (loss < least - (index === 0 ? LEAST_GAIN : FASTER_GAIN)) {
      [least, best] = [loss, { learningRate, epochs }];
    } else if (index === 0) best = { ...best, epochs: 0 };
  }
  return best;
}

/** Takes a number of steps with the whole schedule; false if time ran out. */
async function learn(
  peak: number,
  steps: number,
  { trainer, targets, batchSize, seed, schedule, goOn }: AdaptingTrial,
): Promise<boolean> {
  const order = new Random(seed), random = new Random(seed + 1);
  let shuffled = targets, at = targets.length;
  for (let step = 1; step <= steps; step++) {
    if (at >= shuffled.length) [shuffled, at] = [order.shuffle(targets.slice()), 0];
    const batch = shuffled.subarray(at, at + batchSize), progress = (step - 1) / steps;
    trainer.step(batch, { learningRate: schedule(peak, { progress, step }), random });
    at += batchSize;
    if (!await goOn(step / steps)) return false;
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
