import type { Corpus } from "../../corpus/corpus.ts";
import { type Base, baseFolder, readBase } from "../../model/base.ts";
import type { TrainedWith } from "../../model/bundle.ts";
import { Random } from "../../random.ts";
import { type Adapting, type AdaptingTrial, partForTrial, tryAdapting } from "../../train/adapt.ts";
import type { Trainer } from "../../train/trainer.ts";
import { modelFolder, type Run, SHIPPED_MODEL, takeBreath } from "../run.ts";
import { trainDefaults, type TrainSettings } from "../settings/train.ts";
import type { MusicToLearn } from "./music.ts";
import type { Start } from "./start.ts";

/**
 * The network that a run starts from: the one that its settings name, and when it is resumed the one
 * that it started from. Undefined for an architecture that starts from random numbers.
 * @throws {Error} if it cannot be read, or is no longer the one that the saved run started from
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

/** Frames of a trial, about: of much music some pieces tell as much as all, in a fraction of the time. */
const TRIAL_FRAMES = 30_000;

/** What is learned with where there is no trial: too little music, or pieces that are kept aside anyway. */
const WITHOUT_TRIAL: Adapting = { learningRate: 5e-4, epochs: Infinity, dropout: 0.2 };

/**
 * What one or two pieces are learned with at most. The end of a piece repeats its beginning, so that a
 * trial on it takes learning by heart for understanding.
 */
const FROM_FEW: Adapting = { learningRate: 5e-4, epochs: 2, dropout: 0.5 }, FEW = 3;

/**
 * A trial's rate is constant, for it may end at any time; the run's falls to nothing, as far in all in
 * so many times as many epochs.
 */
const FALLING = 2;

/** Share of a budget in minutes that a trial may take; and of much music, where minutes are dear. */
const TRIAL_SHARE = 0.4, SHORT_TRIAL_SHARE = 0.15;

/**
 * How fast a base is to adapt to a corpus, how much of it is dropped meanwhile, and for how long: as a
 * trial finds where there are minutes for one, which are taken from the budget.
 * @param given the learning rate that was asked for: then there is no trial, since what it finds (a
 *   rate, and a dropout and a number of epochs for that rate) would not hold, and the whole budget is
 *   learned with
 * @param create makes a trainer that starts from the base
 */
export async function adaptingTo(
  music: MusicToLearn,
  asked: TrainedWith,
  given: number | undefined,
  create: (how: TrainedWith) => Trainer,
  run: Run,
): Promise<TrainedWith> {
  const { budget } = asked;
  if (!("minutes" in budget) || given !== undefined) {
    const { learningRate, dropout } = WITHOUT_TRIAL;
    return { ...asked, learningRate: given ?? learningRate, dropout };
  }
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

/** @param trial.timeSpent what share of the budget is used up */
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
    ...parts,
    batchSize,
    seed,
    goOn: async (done) => {
      const spent = timeSpent(), share = Math.max(done * most, spent);
      run.onProgress?.({ task: "train", done: share, total: 1, detail: "trying" });
      await takeBreath(run);
      return spent < most;
    },
  });
  if (found.epochs === 0) return found;
  const adapting = some.length < FEW ? FROM_FEW : found;
  // What some pieces are learned by heart after, more pieces are not; and there is little time for them.
  return isPart ? { ...adapting, dropout: WITHOUT_TRIAL.dropout, epochs: Infinity } : adapting;
}

/** Pieces at random, of {@linkcode TRIAL_FRAMES} frames in all or a little more. */
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
