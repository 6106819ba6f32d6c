import type { Corpus } from "../../corpus/corpus.ts";
import { type Base, baseFolder, readBase } from "../../model/base.ts";
import type { TrainedWith } from "../../model/bundle.ts";
import { Random } from "../../random.ts";
import { type Adapting, type AdaptingTrial, partForTrial, tryAdapting } from "../../train/adapt.ts";
import { cosineWithWarmUp } from "../../train/schedule.ts";
import type { Trainer } from "../../train/trainer.ts";
import { modelFolder, type Run, SHIPPED_MODEL, takeBreath } from "../run.ts";
import { trainDefaults, type TrainSettings } from "../settings/train.ts";
import type { MusicToLearn } from "./music.ts";
import type { Start } from "./start.ts";

/**
 * The base of a run: the network named in its settings, or when resumed, the one it started from.
 * Undefined for an architecture that starts from random weights.
 * @throws {Error} if it cannot be read, or is no longer the one from which the saved run started
 */
export async function baseOf(
  { name, from = trainDefaults.from, ...roots }: TrainSettings,
  { model, saved, adaptedFrom }: Start,
  corpus: Corpus,
): Promise<Base | undefined> {
  if (model !== "pitchwise" || from === "nothing" || (saved && !adaptedFrom)) return undefined;
  const source = adaptedFrom?.name.split("/")[0] ?? from;
  if (source === name) {
    throw new RangeError(`Cannot adapt model "${name}" to itself: give the new one another --name`);
  }
  const folder = source === SHIPPED_MODEL ? baseFolder() : modelFolder(roots, source, "--from");
  const base = await readBase(folder, corpus.grid);
  if (adaptedFrom && adaptedFrom.hash !== base.hash) {
    throw new Error(
      `Cannot resume "${name}": model "${base.name}", which it started from, is no longer the same; ` +
        `train under another --name`,
    );
  }
  return base;
}

/**
 * Approximate number of frames in a trial: of much music, some pieces say as much as all, in a
 * fraction of the time.
 */
const TRIAL_FRAMES = 30_000;

/**
 * Hyperparameters without a trial: with too little music, or with pieces that are held out anyway.
 */
const WITHOUT_TRIAL: Adapting = { learningRate: 5e-4, epochs: Infinity, dropout: 0.2 };

/**
 * Hyperparameters for one or two pieces, at most. The end of a piece repeats its beginning, so a
 * trial on it mistakes memorisation for understanding.
 */
const FROM_FEW: Adapting = { learningRate: 5e-4, epochs: 2, dropout: 0.5 }, FEW = 3;

/**
 * Ratio of a run's epochs to the trial's. The trial's rate is constant, as it may end at any time;
 * the run's decays to zero, so it needs twice the epochs for the same total step.
 */
const FALLING = 2;

/** Share of a time budget for a trial; and with much music, where minutes are scarce. */
const TRIAL_SHARE = 0.4, SHORT_TRIAL_SHARE = 0.15;

/**
 * Hyperparameters for adapting a base to a corpus: learning rate, dropout and number of epochs.
 * They are found by a trial where there is time for one, which is taken from the budget.
 * @param mayTry false where the learning rate is given: a trial's dropout and number of epochs would
 * not hold for it, so the whole budget is used for training
 * @param create makes a trainer that starts from the base
 */
export async function adaptingTo(
  music: MusicToLearn,
  asked: TrainedWith,
  mayTry: boolean,
  create: (how: TrainedWith) => Trainer,
  run: Run,
): Promise<TrainedWith> {
  const { budget } = asked;
  const { epochs: _, ...usual } = WITHOUT_TRIAL;
  if (!mayTry) return { ...asked, dropout: usual.dropout };
  if (!("minutes" in budget)) return { ...asked, ...usual };
  const started = performance.now();
  const minutesSpent = () => (performance.now() - started) / 60_000;
  const { learningRate, dropout, epochs } = asked.holdout > 0
    ? WITHOUT_TRIAL
    : await foundByTrial(music, asked, {
      createTrainer: (dropout) => create({ ...asked, dropout }),
      timeSpent: () => minutesSpent() / budget.minutes,
    }, run);
  return {
    ...asked,
    learningRate,
    dropout,
    budget: {
      minutes: Math.max(0.001, budget.minutes - minutesSpent()),
      ...(epochs < Infinity ? { mostEpochs: FALLING * epochs } : {}),
    },
  };
}

const STOPPED_IN_TRIAL = "Stopped while trying how fast to learn, before learning itself began: " +
  "nothing was learned yet, and no model was made or replaced";

/** @param trial.timeSpent share of the budget that is used up */
async function foundByTrial(
  { corpus, training }: MusicToLearn,
  { batchSize, seed }: TrainedWith,
  { createTrainer, timeSpent }:
    & Pick<AdaptingTrial, "createTrainer">
    & { readonly timeSpent: () => number },
  run: Run,
): Promise<Adapting> {
  const some = someOf(corpus, training, new Random(seed)), isPart = some.length < training.length;
  const pieces = some.map((index) => ({ ...corpus.pieces[index]!, ...corpus.piece(index) }));
  const parts = partForTrial(pieces, new Random(seed));
  const most = isPart ? SHORT_TRIAL_SHARE : TRIAL_SHARE;
  run.onMessage?.("Trying how fast and for how long to learn, on a part of the music");
  const found = parts.targets.length < batchSize ? WITHOUT_TRIAL : await tryAdapting({
    createTrainer,
    schedule: cosineWithWarmUp,
    ...parts,
    batchSize,
    seed,
    goOn: async (done) => {
      const spent = timeSpent(), share = Math.max(done * most, spent);
      run.onProgress?.({ task: "train", done: share, total: 1, detail: "trying" });
      await takeBreath(run).catch((cause) => {
        throw new Error(STOPPED_IN_TRIAL, { cause });
      });
      return spent < most;
    },
  });
  if (found.epochs === 0) return found;
  const adapting = some.length < FEW ? FROM_FEW : found;
  // Music memorised from some pieces is not memorised from more; and there is little time for them.
  return isPart ? { ...adapting, dropout: WITHOUT_TRIAL.dropout, epochs: Infinity } : adapting;
}

/** Random pieces with a total of {@linkcode TRIAL_FRAMES} frames or slightly more. */
function someOf(corpus: Corpus, training: readonly number[], random: Random): number[] {
  const some: number[] = [];
  let frames = 0;
  for (const index of random.shuffle([...training])) {
    if (frames >= TRIAL_FRAMES) break;
    some.push(index);
    frames += corpus.pieces[index]!.length;
  }
  return some.sort((a, b) => a - b);
}
