import { Random, type RandomState } from "../random.ts";
import type { Piece } from "../tokens/piece.ts";
import { type EpochRecord, recordStep, type StepRecord, type TrainSummary } from "./history.ts";
import type { StepPlace } from "./schedule.ts";
import { copy, type NamedArray, type Trainer } from "./trainer.ts";

/** Position of a run between two steps, as JSON. With the trainer's arrays it is the complete state. */
export interface Position {
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps taken in the current epoch. */
  readonly stepInEpoch: number;
  /** Optimizer steps since the run's start. */
  readonly step: number;
  /** State at the epoch's start of the generator that shuffles the frames. */
  readonly order: RandomState;
  /** Current state of the generator for dropout. */
  readonly noise: RandomState;
  /** Sum of the losses over the epoch's frames so far. */
  readonly lossSum: number;
  /** Number of frames in `lossSum`. */
  readonly lossFrames: number;
  /** Lowest held-out loss so far, and the number of epochs since. */
  readonly best?: { readonly heldOutLoss: number; readonly epochsAgo: number };
}

/** Training budget: a number of epochs, or minutes with an upper limit of epochs. */
export type Budget = { readonly epochs: number } | {
  readonly minutes: number;
  readonly mostEpochs?: number;
};

/** Reason for the end of a run. */
type Ending = TrainSummary["ended"];

/** Options of {@linkcode runTraining}. */
export interface TrainingOptions {
  readonly trainer: Trainer;
  /** Indices into the corpus's ids of the frames to learn from. */
  readonly targets: Int32Array;
  /** Held-out pieces; may be empty. */
  readonly heldOut: readonly Piece[];
  /** Frames per step, at least 1. */
  readonly batchSize: number;
  readonly budget: Budget;
  /**
   * Takes an optimizer step on a batch.
   * @returns the learning rate, and the batch's mean loss before the step, in nats per frame
   */
  readonly step: (
    batch: Int32Array,
    at: StepPlace,
    random: Random,
  ) => { readonly learningRate: number; readonly loss: number };
  /** Starting position; see {@linkcode startPosition}. */
  readonly position: Position;
  /** Records of the run so far; appended to in place. */
  readonly epochs: EpochRecord[];
  readonly steps: StepRecord[];
  /** Weights of the best epoch so far, if pieces are held out; replaced in place. */
  readonly bestWeights: NamedArray[];
  /** Whether the initial weights take part in the choice of the best ones. */
  readonly startCounts?: boolean;
  /** Seconds of training before this call. */
  readonly secondsBefore: number;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** Called after every step. */
  readonly onStep?: (report: StepReport) => void;
  /** Called when the state should be saved. */
  readonly onCheckpoint: (position: Position, seconds: number) => Promise<void>;
}

/** Progress after a step. */
export interface StepReport {
  readonly epoch: number;
  readonly step: number;
  /** Share of the budget used, 0 to 1. */
  readonly progress: number;
  /** Mean loss over the epoch so far, nats per frame. */
  readonly loss: number;
  /** Loss of this step alone, nats per frame. */
  readonly stepLoss: number;
  readonly heldOutLoss?: number;
  readonly learningRate: number;
  readonly examplesPerSecond: number;
}

/** Position at the start of a run. */
export function startPosition(seed: number): Position {
  return {
    epoch: 0,
    stepInEpoch: 0,
    step: 0,
    order: new Random(seed).state(),
    noise: new Random(seed + 0.5 * 2 ** 32).state(),
    lossSum: 0,
    lossFrames: 0,
  };
}

/** Seconds between checkpoints within an epoch. */
const CHECKPOINT_SECONDS = 60;
/** Smallest interval in seconds between checkpoints of short epochs, and their largest share of the time. */
const SHORT_EPOCH_SECONDS = 1;
const CHECKPOINT_SHARE = 0.05;

/** Epochs without a lower held-out loss after which training stops. */
export const PATIENCE_EPOCHS = 10;

/** Milliseconds between yields to the event loop, for Ctrl-C and a notebook's messages. */
const BREATH_MILLISECONDS = 50;

/**
 * Trains until the budget is used up, the held-out loss has long stopped falling, or the signal
 * aborts, and then saves.
 * @returns final position and reason; if the budget was already used up, nothing is saved
 * @throws {Error} if the loss is no longer finite; nothing is saved then
 */
export async function runTraining(
  options: TrainingOptions,
): Promise<{ position: Position; ended: Ending }> {
  const { trainer, targets, batchSize, budget, now, heldOut } = options;
  const stepsPerEpoch = Math.ceil(targets.length / batchSize);
  const started = now();
  const seconds = () => options.secondsBefore + Math.max(0, now() - started) / 1000;
  const at: { -readonly [Key in keyof Position]: Position[Key] } = { ...options.position };
  const noise = Random.from(at.noise);
  const here = (): Position => ({ ...at, noise: noise.state() });
  /** Keeps the current weights as the best so far. */
  const keep = (heldOutLoss: number) => {
    at.best = { heldOutLoss, epochsAgo: 0 };
    options.bestWeights.splice(0, Infinity, ...trainer.weights().map(copy));
  };
  const inEpochs = () => {
    const epochs = "epochs" in budget ? budget.epochs : budget.mostEpochs ?? Infinity;
    return epochs === 0 ? 1 : Math.min(1, at.step / (stepsPerEpoch * epochs));
  };
  const progress = () =>
    "epochs" in budget
      ? inEpochs()
      : Math.min(1, Math.max(inEpochs(), seconds() / (60 * budget.minutes)));
  let lastCheckpoint = seconds(), checkpointSeconds = 0, lastBreath = now(), examples = 0;
  let savedStep = at.step; // 0: nothing is on disk yet
  const checkpoint = async () => {
    const began = seconds();
    await options.onCheckpoint(here(), began);
    savedStep = at.step;
    lastCheckpoint = seconds();
    checkpointSeconds = lastCheckpoint - began;
  };
  const epochCheckpointIsDue = () =>
    seconds() - lastCheckpoint >=
      Math.max(SHORT_EPOCH_SECONDS, checkpointSeconds / CHECKPOINT_SHARE);
  const finish = async (ended: Ending) => {
    await checkpoint();
    return { position: here(), ended };
  };

  const usedUp = (otherwise: Ending): Ending =>
    "minutes" in budget && inEpochs() >= 1 ? "enough" : otherwise;
  if (at.step > 0 && progress() >= 1) return { position: here(), ended: usedUp("over") };
  const complete = options.epochs.filter((record) => record.epoch <= at.epoch);
  options.epochs.splice(0, Infinity, ...complete); // one that was begun is told of when it is done
  if (at.step === 0 && heldOut.length > 0 && options.startCounts) keep(trainer.meanLoss(heldOut));
  while (progress() < 1) {
    const orderRandom = Random.from(at.order);
    const shuffled = orderRandom.shuffle(targets.slice());
    let learningRate = options.steps.at(-1)?.learningRate ?? 0;
    while (at.stepInEpoch < stepsPerEpoch) {
      if (options.signal?.aborted) return await finish("stopped");
      if (progress() >= 1) break;
      const batch = shuffled.subarray(at.stepInEpoch * batchSize, (at.stepInEpoch + 1) * batchSize);
      const taken = options.step(batch, { progress: progress(), step: at.step + 1 }, noise),
        { loss } = taken;
      learningRate = taken.learningRate;
      at.stepInEpoch++;
      at.step++;
      if (!Number.isFinite(loss)) {
        throw divergence(taken, here(), savedStep, batchSize);
      }
      at.lossSum += loss * batch.length;
      at.lossFrames += batch.length;
      examples += batch.length;
      recordStep(options.steps, { step: at.step, loss, learningRate });
      options.onStep?.({
        epoch: at.epoch + 1,
        step: at.step,
        progress: progress(),
        loss: at.lossSum / at.lossFrames,
        stepLoss: loss,
        ...heldOutSoFar(options.epochs),
        learningRate,
        examplesPerSecond: examples / Math.max(1e-3, seconds() - options.secondsBefore),
      });
      if (seconds() - lastCheckpoint >= CHECKPOINT_SECONDS) await checkpoint();
      if (now() - lastBreath >= BREATH_MILLISECONDS) {
        await new Promise((resolve) => setTimeout(resolve));
        lastBreath = now();
      }
    }
    const whole = at.stepInEpoch === stepsPerEpoch;
    const heldOutLoss = heldOut.length > 0 ? trainer.meanLoss(heldOut) : undefined;
    if (heldOutLoss !== undefined) {
      if (heldOutLoss < (at.best?.heldOutLoss ?? Infinity)) keep(heldOutLoss);
      else if (at.best) at.best = { ...at.best, epochsAgo: at.best.epochsAgo + 1 };
    }
    options.epochs.push({
      epoch: at.epoch + 1,
      step: at.step,
      loss: at.lossSum / at.lossFrames,
      ...(heldOutLoss === undefined ? {} : { heldOutLoss }),
      learningRate,
      seconds: seconds(),
    });
    if (!whole) break; // a budget in minutes ended within the epoch
    at.epoch++;
    at.stepInEpoch = at.lossSum = at.lossFrames = 0;
    at.order = orderRandom.state();
    if ((at.best?.epochsAgo ?? 0) >= PATIENCE_EPOCHS) return await finish("no improvement");
    if (epochCheckpointIsDue()) await checkpoint();
  }
  return await finish(usedUp("budget"));
}

function divergence(
  { loss, learningRate }: { readonly loss: number; readonly learningRate: number },
  { step, epoch }: Position,
  savedStep: number,
  batchSize: number,
): Error {
  return new Error(
    `Training stopped: the loss of step ${step} (epoch ${epoch + 1}) is ${loss} at learning ` +
      `rate ${learningRate} and batch size ${batchSize}. ` +
      (savedStep === 0
        ? "Nothing was saved yet"
        : `What is on disk is the last good checkpoint, of step ${savedStep}`) +
      "; try a smaller --learning-rate",
  );
}

function heldOutSoFar(epochs: readonly EpochRecord[]): { heldOutLoss?: number } {
  const heldOutLoss = epochs.at(-1)?.heldOutLoss;
  return heldOutLoss === undefined ? {} : { heldOutLoss };
}
