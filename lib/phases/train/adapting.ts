import type { Corpus } from "../../corpus/corpus.ts";
import { type Base, baseFolder, readBase } from "../../model/base.ts";
import type { ModelManifest, TrainedWith } from "../../model/bundle.ts";
import { Random } from "../../random.ts";
import type { Piece } from "../../tokens/piece.ts";
import { type Adapting, partForTrial, tryAdapting } from "../../train/adapt.ts";
import type { Trainer } from "../../train/trainer.ts";
import { modelFolder, type Run, SHIPPED_MODEL, takeBreath } from "../run.ts";
import { trainDefaults, type TrainSettings } from "../settings/train.ts";

/**
 * The network that a run starts from: the one that its settings name, and when it is resumed the one
 * that it started from.
 * @throws {Error} if it cannot be read, or is no longer the one that the saved run started from
 */
export async function baseOf(
  { name, from = trainDefaults.from, ...roots }: TrainSettings,
  saved: ModelManifest | undefined,
  corpus: Corpus,
): Promise<Base | undefined> {
  if (from === "nothing" || (saved && !saved.adaptedFrom)) return undefined;
  const source = saved?.adaptedFrom ? saved.adaptedFrom.name.split("/")[0]! : from;
  if (source === name) {
    throw new RangeError(`Cannot adapt model "${name}" to itself: give the new one another --name`);
  }
  const folder = source === SHIPPED_MODEL ? baseFolder() : modelFolder(roots, source, "--from");
  const base = await readBase(folder, corpus.grid);
  if (saved?.adaptedFrom && saved.adaptedFrom.hash !== base.hash) {
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

/** How a base is to adapt to a corpus: as its settings say, or else as a trial finds. */
export async function adaptingTo(
  corpus: Corpus,
  training: readonly number[],
  { asked, settings, create }: {
    readonly asked: TrainedWith;
    readonly settings: TrainSettings;
    readonly create: (how: Pick<TrainedWith, "window" | "dropout">) => Trainer;
  },
  run: Run,
): Promise<TrainedWith> {
  const { budget, batchSize, seed } = asked, started = performance.now();
  if (!("minutes" in budget)) {
    const { learningRate = WITHOUT_TRIAL.learningRate } = settings;
    return { ...asked, learningRate, dropout: WITHOUT_TRIAL.dropout };
  }
  let adapting = WITHOUT_TRIAL;
  if (asked.holdout === 0) {
    const some = someOf(corpus, training, new Random(seed));
    const pieces = some.map((index) => ({ ...corpus.pieces[index]!, ...corpus.piece(index) }));
    const parts = partForTrial(pieces, new Random(seed));
    const most = some.length < training.length ? SHORT_TRIAL_SHARE : TRIAL_SHARE;
    run.onMessage?.("Trying how fast and for how long to learn, on a part of the music");
    adapting = parts.targets.length < batchSize ? WITHOUT_TRIAL : await tryAdapting({
      createTrainer: (dropout) => create({ window: asked.window, dropout }),
      ...parts,
      batchSize,
      seed,
      goOn: async (done) => {
        const spent = (performance.now() - started) / (60_000 * budget.minutes);
        const share = Math.max(done * most, spent);
        run.onProgress?.({ task: "train", done: share, total: 1, detail: "trying" });
        await takeBreath(run);
        return spent < most;
      },
    });
    if (some.length < FEW && adapting.epochs > 0) adapting = FROM_FEW;
    // What some pieces are learned by heart after, more pieces are not; and there is little time for them.
    if (some.length < training.length && adapting.epochs > 0) {
      const { dropout } = WITHOUT_TRIAL;
      adapting = { ...adapting, dropout, epochs: Infinity };
    }
  }
  const minutes = budget.minutes - (performance.now() - started) / 60_000;
  return {
    ...asked,
    learningRate: settings.learningRate ?? adapting.learningRate,
    dropout: adapting.dropout,
    budget: {
      minutes: Math.max(0.001, minutes),
      ...(adapting.epochs < Infinity ? { mostEpochs: FALLING * adapting.epochs } : {}),
    },
  };
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

/** Frames that tell how well music is known; all would take long. */
const EXCERPT_FRAMES = 256, EXCERPTS = 16;

/** The beginnings of some pieces, evenly chosen, to tell by how well music is known. */
export function excerptsOf(corpus: Corpus, training: readonly number[]): Piece[] {
  const every = Math.ceil(training.length / EXCERPTS);
  return training.filter((_, index) => index % every === 0).map((index) => {
    const piece = corpus.piece(index);
    return { ...piece, frames: piece.frames.slice(0, EXCERPT_FRAMES) };
  });
}
