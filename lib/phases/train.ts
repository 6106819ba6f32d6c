import { loadCorpus } from "../corpus/corpus.ts";
import { architectures } from "../model/architectures.ts";
import type { Base } from "../model/base.ts";
import { areWeightsRounded, MODEL, saveModel, type TrainedWith } from "../model/bundle.ts";
import { Random } from "../random.ts";
import type { Shown } from "../show/summary.ts";
import { removeRemains, requireOwn } from "../store/artifact.ts";
import { lock } from "../store/lock.ts";
import { checkpointOf, layerTable, restoreCheckpoint, type Trainer } from "../train/trainer.ts";
import type { TrainSummary } from "../train/history.ts";
import { runTraining } from "../train/loop.ts";
import type { Schedule } from "../train/schedule.ts";
import { corpusFolder, modelFolder, type Run, SHIPPED_MODEL } from "./run.ts";
import { checkSettings } from "./settings/declare.ts";
import { type TrainSettings, trainTable } from "./settings/train.ts";
import { adaptingTo, baseOf, dropoutFor } from "./train/adapting.ts";
import { learnDiscriminator } from "./train/discriminator.ts";
import {
  excerptsOf,
  knownAlready,
  knownOf,
  type MusicToLearn,
  musicToLearn,
} from "./train/training_music.ts";
import { newRun, savedRun, type Start } from "./train/start.ts";
import { type Learned, progressOf, summarize } from "./train/summary.ts";

/**
 * Trains a model on a corpus: selects the training music, builds the network or continues with an
 * existing one, trains it step by step, and saves it to disk at least every minute.
 * @throws {Error} if the corpus is missing, a setting is out of range, there is no run to resume,
 *   the loss stops being a number, or the model cannot be written
 */
export async function train(settings: TrainSettings, run: Run = {}): Promise<TrainSummary & Shown> {
  checkSettings("train", trainTable, settings);
  const folder = folderFor(settings), { threads } = settings;
  await using _ = await lock(folder);
  await requireFree(folder, settings);
  const corpus = await loadCorpus(corpusFolder(settings, settings.corpus, "--corpus"));
  const start = settings.resume ? await savedRun(folder, settings, corpus) : await newRun(settings);
  const base = await baseOf(settings, start, corpus);
  const music = musicToLearn(corpus, start.trainedWith);
  for (const line of knownAlready(music)) run.onMessage?.(line);

  const { schedule, start: startHeap } = await architectures[start.model]();
  const { heap, createTrainer } = await startHeap({ threads });
  const sees = start.saved ? { chords: start.saved.chords } : {};
  const anew = base && !start.saved, { trainedWith } = start;
  const asked = anew ? { ...trainedWith, dropout: dropoutFor(music) } : trainedWith;
  const random = new Random(asked.seed);
  const trainer = createTrainer(corpus, { ...asked, ...sees }, random, base?.network);
  const mayTry = settings.learningRate === undefined;
  let learned: Learned, how: TrainedWith;
  try {
    how = anew ? await adaptingTo(music, asked, mayTry, trainer, run) : asked;
    run.onMessage?.(layerTable(trainer.layers, corpus.vocabulary.size - 1));
    run.onMessage?.(`Computing with ${heap.describe()}`);
    learned = await learn({ folder, music, start, base, how, schedule, trainer }, run);
  } finally {
    trainer.dispose();
  }
  if (start.model === "pitchwise" && learned.ended !== "stopped") {
    await learnDiscriminator(folder, music, how, { ...run, threads });
  }
  return summarize(folder, trainer, learned, settings);
}

/** Everything that a training run needs. */
interface Lesson {
  /** Folder of the model. */
  readonly folder: string;
  readonly music: MusicToLearn;
  readonly start: Start;
  readonly base: Base | undefined;
  readonly how: TrainedWith;
  readonly schedule: Schedule;
  readonly trainer: Trainer;
}

/** Trains step by step from the start of the run until its budget is used up or it is stopped. */
async function learn(
  { folder, music, start, base, how, schedule, trainer }: Lesson,
  run: Run,
): Promise<Learned> {
  const { corpus, targets, heldOut } = music, { model, saved, history } = start;
  const known = knownOf(music, base), excerpts = excerptsOf(music);
  const adaptedFrom = start.adaptedFrom ??
    (base && { name: base.name, hash: base.hash, loss: trainer.meanLoss(excerpts) });
  if (saved) restoreCheckpoint(trainer, saved.weights, saved.checkpoint);
  const bestWeights = saved && start.position.best ? saved.weights : [];
  if (adaptedFrom) {
    run.onMessage?.(
      `Starting from "${adaptedFrom.name}", which knows this music at ` +
        `${adaptedFrom.loss.toFixed(3)} nats per frame`,
    );
  }
  if (heldOut.length > 0) {
    run.onMessage?.(`Held-out pieces: ${heldOut.length} of ${corpus.pieces.length}`);
  }
  const { position, ended } = await runTraining({
    trainer,
    targets,
    heldOut: heldOut.map((index) => corpus.piece(index)),
    batchSize: Math.min(how.batchSize, targets.length),
    budget: how.budget,
    // The training step: the network predicts each of the batch's frames from those before it, and
    // every weight is moved slightly towards making them likelier.
    step: (batch, at, random) => {
      const learningRate = schedule(how.learningRate, at);
      return { learningRate, loss: trainer.step(batch, { learningRate, random }) };
    },
    position: start.position,
    ...history,
    bestWeights,
    startCounts: base !== undefined,
    secondsBefore: start.seconds,
    now: () => performance.now(),
    signal: run.signal,
    onStep: (report) => run.onProgress?.(progressOf(report, how.budget)),
    onCheckpoint: async (position, seconds) => {
      await saveModel(folder, {
        model,
        corpus: { name: corpus.name, hash: corpus.hash },
        style: corpus.style,
        settings: how,
        position,
        seconds,
        network: trainer.network,
        adaptedFrom,
      }, {
        weights: bestWeights.length > 0 ? bestWeights : trainer.weights(),
        checkpoint: checkpointOf(trainer, bestWeights.length === 0 && !areWeightsRounded(model)),
        ...known,
        history,
        topology: trainer.topology,
      });
    },
  });
  const adapted = adaptedFrom && { adaptedFrom, lossAfter: trainer.meanLoss(excerpts) };
  return { history, heldOutLoss: position.best?.heldOutLoss, ended, ...adapted };
}

/** Folder of the model. @throws {RangeError} if it would replace the shipped one */
function folderFor(settings: TrainSettings): string {
  const folder = modelFolder(settings, settings.name);
  if (settings.name !== SHIPPED_MODEL) return folder;
  throw new RangeError(
    `Cannot train model "${SHIPPED_MODEL}": it is part of the program and is never replaced; ` +
      `choose another --name`,
  );
}

/** @throws {Error} if there is a model that is neither to be resumed nor replaced */
async function requireFree(
  folder: string,
  { name, resume, overwrite }: TrainSettings,
): Promise<void> {
  const own = await requireOwn(folder, MODEL.kind);
  if (own && !resume && !overwrite) {
    throw new Error(
      `Cannot train model "${name}": it exists; --resume continues it, --overwrite ` +
        `replaces it when the new one is saved first, another --name leaves it alone`,
    );
  }
  await removeRemains(folder, own);
}
