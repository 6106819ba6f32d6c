import type { Corpus } from "../../corpus/corpus.ts";
import { type Base, baseFolder, readBase } from "../../model/base.ts";
import type { TrainedWith } from "../../model/bundle.ts";
import { Random } from "../../random.ts";
import { type Adapting, partForTrial, tryAdapting } from "../../train/adapt.ts";
import { cosineWithWarmUp } from "../../train/schedule.ts";
import type { Trainer } from "../../train/trainer.ts";
import { modelFolder, type Run, SHIPPED_MODEL, takeBreath } from "../run.ts";
import { trainDefaults, type TrainSettings } from "../settings/train.ts";
import type { MusicToLearn } from "./training_music.ts";
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

/** Fewer frames than this are seen more often, and with more dropout so as not to be memorised. */
const LITTLE = 8000;

/** Dropout rate and epochs for little music, and for more. */
const OF_LITTLE = { dropout: 0.5, epochs: 4 }, OF_MORE = { dropout: 0.2, epochs: 2 };

/** Learning rate without a trial: with too little music, or with pieces that are held out anyway. */
const UNTRIED = 5e-4;

/**
 * Number of pieces from which the rate of a trial is used. The end of a piece repeats its
 * beginning, so a trial on it mistakes memorisation for understanding.
 */
const FEW = 3;

/** Share of a time budget for a trial; and with much music, where minutes are scarce. */
const TRIAL_SHARE = 0.4, SHORT_TRIAL_SHARE = 0.15;

/** Dropout rate for adapting a base to some music. */
export function dropoutFor(music: MusicToLearn): number {
  return amountOf(music).dropout;
}

function amountOf({ targets }: MusicToLearn): typeof OF_LITTLE {
  return targets.length < LITTLE ? OF_LITTLE : OF_MORE;
}

/**
 * Hyperparameters for adapting a base to a corpus: learning rate and number of epochs. They are
 * found by a trial where there is time for one, which is taken from the budget.
 * @param mayTry false where the learning rate is given: a trial's number of epochs would not hold
 *   for it, so the whole budget is used for training
 * @param trainer has the weights of the base, before and after
 */
export async function adaptingTo(
  music: MusicToLearn,
  asked: TrainedWith,
  mayTry: boolean,
  trainer: Trainer,
  run: Run,
): Promise<TrainedWith> {
  const { budget } = asked;
  if (!mayTry) return asked;
  if (!("minutes" in budget)) return { ...asked, learningRate: UNTRIED };
  const started = performance.now();
  const minutesSpent = () => (performance.now() - started) / 60_000;
  const { learningRate, epochs } = asked.holdout > 0
    ? { learningRate: UNTRIED, epochs: Infinity }
    : await foundByTrial(music, asked, trainer, () => minutesSpent() / budget.minutes, run);
  return {
    ...asked,
    learningRate,
    budget: {
      minutes: Math.max(0.001, budget.minutes - minutesSpent()),
      ...(epochs < Infinity ? { mostEpochs: epochs } : {}),
    },
  };
}

const STOPPED_IN_TRIAL =
  "Stopped during the trial of learning rates, before training itself began: " +
  "nothing was learned yet, and no model was made or replaced";

/** @param timeSpent share of the budget that is used up */
async function foundByTrial(
  music: MusicToLearn,
  { batchSize, seed }: TrainedWith,
  trainer: Trainer,
  timeSpent: () => number,
  run: Run,
): Promise<Adapting> {
  const { corpus, training } = music, { epochs } = amountOf(music);
  const some = someOf(corpus, training, new Random(seed)), isPart = some.length < training.length;
  const pieces = some.map((index) => ({ ...corpus.pieces[index]!, ...corpus.piece(index) }));
  const parts = partForTrial(pieces, new Random(seed));
  const most = isPart ? SHORT_TRIAL_SHARE : TRIAL_SHARE;
  run.onMessage?.("Trying learning rates on a part of the music");
  const found = parts.targets.length < batchSize ? undefined : await tryAdapting({
    ...{ trainer, epochs },
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
  if (found?.epochs === 0) return found;
  const adapting = found && some.length >= FEW ? found : { learningRate: UNTRIED, epochs };
  return isPart ? { ...adapting, epochs: Infinity } : adapting; // there is little time for much music
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
