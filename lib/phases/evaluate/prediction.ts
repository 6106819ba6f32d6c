import { backOff, backOffStatistics } from "../../evaluate/back_off.ts";
import { trainBaselines } from "../../evaluate/baselines.ts";
import { likelihood, unseenShare } from "../../evaluate/likelihood.ts";
import { decodePassageFilter } from "../../evaluate/passage_filter.ts";
import type { Evaluation, Prediction } from "../../evaluate/report.ts";
import { type Scorer, seenIn, type TrainingMusic } from "../../evaluate/training.ts";
import { BUNDLE } from "../../model/bundle_files.ts";
import { placeOfBase } from "../../model/base.ts";
import type { BackOffStatistics } from "../../model/bundle.ts";
import { type LoadedModel, loadModel } from "../../model/load.ts";
import { backOffShape } from "../../model/shapes.ts";
import { reason } from "../../store/files.ts";
import { readJson } from "../../store/shape.ts";
import type { Piece } from "../../tokens/piece.ts";
import type { MusicToMeasure } from "./measured_music.ts";
import { type Run, takeBreath } from "../run.ts";

/** Back-off statistics for unknown combinations, from the bundle or else from its corpus. */
export function knownBackOff(
  { files }: LoadedModel,
  training: TrainingMusic | null,
): BackOffStatistics | null {
  const known = files.get(BUNDLE.backOff);
  if (known) {
    const what = "Cannot measure a model: its back_off.json";
    return readJson(new TextDecoder().decode(known), backOffShape, what);
  }
  return training && backOffStatistics(training);
}

/** Inputs for measuring prediction. */
interface ToPredict {
  /** Folder of the model. */
  readonly folder: string;
  /** The model, which the caller disposes. */
  readonly loaded: LoadedModel;
  /** Music to predict; null if there is none. */
  readonly music: MusicToMeasure | null;
  /** The training music; null if it is missing. */
  readonly training: TrainingMusic | null;
  readonly statistics: BackOffStatistics | null;
  readonly threads: number | undefined;
}

/** Result of {@linkcode predict}. */
interface Predicted extends Prediction, Pick<Evaluation, "base" | "baselines"> {
  /** Reason why the base could not be measured. */
  readonly warning?: string;
}

/** Predicts the unseen music with the model, its base and the baselines. */
export async function predict(toPredict: ToPredict, run: Run): Promise<Predicted> {
  const { loaded, music, training, statistics } = toPredict;
  if (!music) {
    const nothing = { natsPerFrame: null, natsPerNote: null, unseenShare: null };
    return { ...nothing, base: null, baselines: null };
  }
  const { model, vocabulary } = loaded;
  const unseen = unseenShare(music.pieces, training ? seenIn(training) : vocabulary);
  const measure = async (task: string, scorer: Scorer): Promise<Prediction> => ({
    ...likelihood(await judged(scorer, task, music, run), music.pieces, model.grid),
    unseenShare: unseen,
  });
  const own = await measure("evaluate", honest(loaded, statistics));
  const base = await predictByBase(
    toPredict,
    music,
    (scorer) => measure("what it started from", scorer),
  );
  if (!training || !statistics) return { ...own, ...base, baselines: null };
  const { independent, transitions, repeat, ngram } = trainBaselines(training, statistics);
  return {
    ...own,
    ...base,
    baselines: {
      independent: await measure("baseline: independent", independent),
      transitions: await measure("baseline: transitions", transitions),
      repeat: await measure("baseline: repeat", repeat),
      ngram: await measure("baseline: ngram", ngram),
    },
  };
}

/** Log-likelihoods of every piece under a model: reports each, and can be stopped between two. */
async function judged(
  scorer: Scorer,
  task: string,
  { pieces }: MusicToMeasure,
  run: Run,
): Promise<Scorer> {
  const found = new Map<Piece, Float64Array>();
  for (const piece of pieces) {
    await takeBreath(run);
    found.set(piece, scorer.logProbabilities(piece));
    run.onProgress?.({ task, done: found.size, total: pieces.length, detail: piece.name });
  }
  return { logProbabilities: (piece) => found.get(piece)! };
}

/** A model that gives every possible frame a probability. */
function honest({ model, vocabulary }: LoadedModel, statistics: BackOffStatistics | null): Scorer {
  if (model.kind !== "combination" || !statistics) return model;
  return backOff(model, vocabulary, model.grid, statistics);
}

/** The same for the model's base, if it is unchanged, present and on this grid. */
async function predictByBase(
  { folder, loaded: { manifest }, threads }: ToPredict,
  music: MusicToMeasure,
  measure: (scorer: Scorer) => Promise<Prediction>,
): Promise<{ base: Evaluation["base"]; warning?: string }> {
  const { adaptedFrom } = manifest;
  if (!adaptedFrom) return { base: null };
  const { name } = adaptedFrom;
  const place = placeOfBase(name, folder);
  const without = (problem: string) => ({
    base: null,
    warning: `"${name}", which the model was adapted from, is not measured: ${problem}`,
  });
  try {
    const { model, manifest: found, files } = await loadModel(place, { threads });
    using _ = { [Symbol.dispose]: () => model.dispose() };
    if (found.files[BUNDLE.weights]?.sha256 !== adaptedFrom.hash) {
      return without("it is no longer the same");
    }
    const { grid } = manifest.style.tokenize;
    if (JSON.stringify(found.style.tokenize.grid) !== JSON.stringify(grid)) {
      return without("it is on another grid");
    }
    const passages = files.get(BUNDLE.passages),
      copies = passages && decodePassageFilter(passages, grid);
    const met = copies ? music.pieces.filter(({ frames }) => copies.knows(frames)).length : 0;
    const base = { name, ...await measure(model) };
    if (met === 0) return { base };
    const warning = `"${name}", which the model was adapted from, learned from ${met} of the ` +
      `${music.pieces.length} pieces of ${music.read.path}: they are not unseen`;
    return { base, warning };
  } catch (error) {
    return without(reason(error));
  }
}
