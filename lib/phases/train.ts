import { type Corpus, loadCorpus } from "../corpus/corpus.ts";
import { holdOut } from "../corpus/holdout.ts";
import { targetsOf } from "../corpus/windows.ts";
import { PASSAGES, referenceFiles, referenceOf } from "../generate/reference.ts";
import { PRIMER_FRAMES } from "../generate/primer.ts";
import { passageFilter } from "../evaluate/passage_filter.ts";
import { backOffStatistics } from "../evaluate/back_off.ts";
import { architectures } from "../model/architectures.ts";
import type { Base } from "../model/base.ts";
import { MODEL, type Opening, saveModel, type TrainedWith } from "../model/bundle.ts";
import type { Shown } from "../show/summary.ts";
import { Random } from "../random.ts";
import { removeRemains, requireOwn } from "../store/artifact.ts";
import { lock } from "../store/lock.ts";
import { encodeCombination } from "../tokens/combination.ts";
import { checkpointOf, restoreCheckpoint } from "../train/checkpoint.ts";
import type { TrainSummary } from "../train/history.ts";
import { layerTable } from "../train/layer_table.ts";
import { runTraining, startPosition } from "../train/loop.ts";
import { checkSettings } from "./settings/declare.ts";
import { corpusFolder, modelFolder, type Run, SHIPPED_MODEL } from "./run.ts";
import { trainDefaults, type TrainSettings, trainTable } from "./settings/train.ts";
import { adaptingTo, baseOf, excerptsOf } from "./train/adapting.ts";
import { learnDiscriminator } from "./train/discriminator.ts";
import { savedRun } from "./train/resumed.ts";
import { resumedWith, trainedWith } from "./train/trained_with.ts";
import { progressOf, summarize } from "./train/summary.ts";

/**
 * From a corpus to a model: choose what to learn from, build the network or go on with one, learn
 * step by step, and put on disk what was learned, at least every minute.
 * @throws {Error} if the corpus is missing, a setting is out of range, there is no run to resume,
 *   the loss stops being a number, or the model cannot be written
 */
export async function train(settings: TrainSettings, run: Run = {}): Promise<TrainSummary & Shown> {
  checkSettings("train", trainTable, settings);
  const folder = modelFolder(settings, settings.name);
  if (settings.name === SHIPPED_MODEL) {
    throw new RangeError(
      `Cannot train model "${SHIPPED_MODEL}": it comes along and stays as it is; ` +
        `choose another --name`,
    );
  }
  await using _ = await lock(folder);
  await requireFree(folder, settings);
  const corpus = await loadCorpus(corpusFolder(settings, settings.corpus, "--corpus"));
  const saved = settings.resume ? await savedRun(folder, settings, corpus) : undefined;
  const kind = saved?.manifest.model ?? settings.model ?? trainDefaults.model;
  const architecture = await architectures[kind]();
  if (kind === "pitchwise" && settings.window !== undefined) {
    throw new RangeError(
      "Cannot choose the window of a pitchwise model: it looks back as far as it is made to",
    );
  }
  const base = kind === "pitchwise" ? await baseOf(settings, saved?.manifest, corpus) : undefined;
  const asked = saved?.manifest.settings ?? trainedWith(settings, kind, architecture.defaults);
  const { training, heldOut } = holdOut(
    corpus.pieces.map(({ length }) => length),
    asked.holdout,
    new Random(asked.seed),
  );
  const targets = targetsOf(corpus, training);
  if (targets.length === 0) throw new Error(`Corpus "${corpus.name}" has no frames to learn from`);
  const known = knownOf(corpus, training, base);
  const { heap, createTrainer } = await architecture.start({ threads: settings.threads });
  const create = (how: Pick<TrainedWith, "window" | "dropout">) =>
    createTrainer(corpus, how, new Random(asked.seed), base?.network);
  const how = saved
    ? resumedWith(saved.manifest, settings)
    : base
    ? await adaptingTo(corpus, training, { asked, settings, create }, run)
    : asked;
  const trainer = create(how);
  let result: Parameters<typeof summarize>[2];
  try {
    const excerpts = excerptsOf(corpus, training);
    const adaptedFrom = saved?.manifest.adaptedFrom ??
      (base && { name: base.name, hash: base.hash, loss: trainer.meanLoss(excerpts) });
    const bestWeights = saved ? restoreCheckpoint(trainer, saved.weights, saved.checkpoint) : [];
    run.onMessage?.(layerTable(trainer.layers, corpus.vocabulary.size - 1));
    run.onMessage?.(`Computing with ${heap.describe()}`);
    if (adaptedFrom) {
      run.onMessage?.(
        `Starting from "${adaptedFrom.name}", which knows this music at ` +
          `${adaptedFrom.loss.toFixed(3)} nats per frame`,
      );
    }
    if (heldOut.length > 0) {
      run.onMessage?.(`Pieces kept aside: ${heldOut.length} of ${corpus.pieces.length}`);
    }
    const history = saved?.history ?? { epochs: [], steps: [] };
    const { position, ended } = await runTraining({
      trainer,
      targets,
      heldOut: heldOut.map((index) => corpus.piece(index)),
      batchSize: Math.min(how.batchSize, targets.length),
      budget: how.budget,
      learningRateAt: (progress) => how.learningRate * architecture.schedule(progress),
      position: saved?.manifest.position ?? startPosition(how.seed),
      epochs: history.epochs,
      steps: history.steps,
      bestWeights,
      startCounts: base !== undefined,
      secondsBefore: saved?.manifest.seconds ?? 0,
      now: () => performance.now(),
      signal: run.signal,
      onStep: (report) => run.onProgress?.(progressOf(report, how.budget)),
      onCheckpoint: async (position, seconds) => {
        await saveModel(folder, {
          model: kind,
          corpus: { name: corpus.name, hash: corpus.hash },
          style: corpus.style,
          settings: how,
          position,
          seconds,
          ...(trainer.network ? { network: trainer.network } : {}),
          ...(adaptedFrom ? { adaptedFrom } : {}),
        }, {
          weights: bestWeights.length > 0 ? bestWeights : trainer.weights(),
          checkpoint: checkpointOf(trainer, bestWeights),
          ...known,
          history,
          topology: trainer.topology,
        });
      },
    });
    const adapted = adaptedFrom && { adaptedFrom, lossAfter: trainer.meanLoss(excerpts) };
    result = { history, heldOutLoss: position.best?.heldOutLoss, ended, ...adapted };
  } finally {
    trainer.dispose();
  }
  if (kind === "pitchwise" && result.ended !== "stopped") {
    await learnDiscriminator(folder, corpus, training, how, { ...run, threads: settings.threads });
  }
  return summarize(folder, trainer, result, settings);
}

/** @throws {Error} if there is a model that is neither to be gone on with nor replaced */
async function requireFree(
  folder: string,
  { name, resume, overwrite }: TrainSettings,
): Promise<void> {
  const own = await requireOwn(folder, MODEL.kind);
  if (own && !resume && !overwrite) {
    throw new Error(
      `Cannot train model "${name}": there is one; --resume goes on with it, --overwrite ` +
        `replaces it when the new one is saved first, another --name leaves it alone`,
    );
  }
  await removeRemains(folder, own);
}

/** What a bundle knows of the music that its model learns from. */
function knownOf(corpus: Corpus, training: readonly number[], base: Base | undefined) {
  const pieces = training.map((index) => corpus.piece(index));
  return {
    vocabulary: corpus.vocabulary,
    backOff: backOffStatistics({ ...corpus, pieces: training.map((i) => corpus.pieces[i]!) }),
    openings: openingsOf(corpus, training),
    reference: {
      ...referenceFiles(referenceOf(corpus, training)),
      ...base?.passages,
      [PASSAGES]: passageFilter(pieces, corpus.grid).encode(),
    },
  };
}

/** A bundle holds the openings of this many pieces at most. */
const MOST_OPENINGS = 100;

function openingsOf(corpus: Corpus, training: readonly number[]): Opening[] {
  const every = Math.ceil(training.length / MOST_OPENINGS);
  return training.filter((_, index) => index % every === 0).map((index) => {
    const { frames, metres } = corpus.piece(index);
    return {
      frames: frames.slice(0, PRIMER_FRAMES).map(encodeCombination),
      metres: metres.filter(({ frame }) => frame < PRIMER_FRAMES),
    };
  });
}
