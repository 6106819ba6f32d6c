import type { Corpus } from "../../corpus/corpus.ts";
import { architectures } from "../../model/architectures.ts";
import {
  type ModelManifest,
  openModel,
  readModelArrays,
  readModelHistory,
  type TrainedWith,
} from "../../model/bundle.ts";
import type { ModelKind } from "../../model/model.ts";
import { exists } from "../../store/files.ts";
import type { EpochRecord, StepRecord } from "../../train/history.ts";
import { type Budget, type Position, startPosition } from "../../train/loop.ts";
import type { NamedArray } from "../../train/trainer.ts";
import { trainDefaults, type TrainSettings } from "../settings/train.ts";

/** Start of a run: new or resumed. */
export interface Start extends Pick<ModelManifest, "adaptedFrom" | "seconds"> {
  /** The architecture. */
  readonly model: ModelKind;
  /**
   * Training settings. In a new run that adapts a base, `dropoutFor` sets the dropout rate, and
   * `adaptingTo` the number of epochs and, unless it is given, the learning rate.
   */
  readonly trainedWith: TrainedWith;
  readonly position: Position;
  /** Records of the run so far, to be extended. */
  readonly history: { readonly epochs: EpochRecord[]; readonly steps: StepRecord[] };
  /** Saved weights and optimizer state; undefined for a new run. */
  readonly saved?: {
    readonly weights: NamedArray[];
    readonly checkpoint: NamedArray[];
    /** Whether the network sees a plan's chords, which those of earlier versions do not. */
    readonly chords: boolean;
  };
}

/**
 * A new run.
 * @throws {RangeError} if both `epochs` and `minutes` are given, or the window is not possible
 */
export async function newRun(settings: TrainSettings): Promise<Start> {
  const { model = trainDefaults.model, window = trainDefaults.window } = settings;
  const { holdout = trainDefaults.holdout, seed = trainDefaults.seed } = settings;
  requireWindow(model, settings);
  const { defaults } = await architectures[model]();
  const { batchSize = defaults.batchSize, learningRate = defaults.learningRate } = settings;
  const budget = budgetOf(settings) ??
    (model === "combination"
      ? { epochs: trainDefaults.epochs }
      : { minutes: trainDefaults.minutes });
  return {
    model,
    trainedWith: { window, batchSize, learningRate, holdout, seed, budget },
    position: startPosition(seed),
    history: { epochs: [], steps: [] },
    seconds: 0,
  };
}

/**
 * The run to be resumed, with its own settings, and a new budget if one is given.
 * @throws {Error} if there is none, it learned from another corpus, or a setting is not the run's own
 */
export async function savedRun(
  folder: string,
  settings: TrainSettings,
  corpus: Corpus,
): Promise<Start> {
  const what = `Cannot resume "${settings.name}"`;
  if (!await exists(folder)) {
    throw new Error(
      `${what}: there is no such model in ${settings.models ?? "models"}; train without --resume`,
    );
  }
  const bundle = await openModel(folder), { manifest } = bundle;
  if (manifest.corpus.hash !== corpus.hash) {
    throw new Error(
      `${what}: it learned from corpus "${manifest.corpus.name}" as it was then, and "${corpus.name}" ` +
        `is different; train under another --name`,
    );
  }
  const { model, position, seconds, adaptedFrom, settings: trainedWith, network } = manifest;
  const fixed = { ...trainedWith, model };
  for (
    const name of ["model", "window", "batchSize", "learningRate", "holdout", "seed"] as const
  ) {
    if (settings[name] === undefined || settings[name] === fixed[name]) continue;
    throw new Error(
      `${what}: its ${name} is ${fixed[name]}, not ${settings[name]}; a resumed run goes on with ` +
        `its own settings`,
    );
  }
  requireWindow(model, settings);
  const { epochs, steps } = await readModelHistory(bundle);
  const { budget } = trainedWith, most = "minutes" in budget ? budget.mostEpochs : undefined;
  return {
    model,
    trainedWith: { ...trainedWith, budget: budgetOf(settings, most) ?? budget },
    position,
    seconds,
    adaptedFrom,
    history: { epochs: [...epochs], steps: [...steps] },
    saved: {
      weights: await readModelArrays(bundle, "weights"),
      checkpoint: await readModelArrays(bundle, "checkpoint"),
      chords: network?.chords ?? false,
    },
  };
}

function requireWindow(model: ModelKind, { window }: TrainSettings): void {
  if (model === "combination" || window === undefined) return;
  throw new RangeError(
    "Cannot choose the window of a pitchwise model: the length of its context is fixed",
  );
}

/**
 * Requested budget of a run, if any.
 * @throws {RangeError} if both `epochs` and `minutes` are given
 */
function budgetOf({ epochs, minutes }: TrainSettings, mostEpochs?: number): Budget | undefined {
  if (epochs !== undefined && minutes !== undefined) {
    throw new RangeError("Cannot train for both --epochs and --minutes: give one of them");
  }
  if (minutes !== undefined) {
    return { minutes, ...(mostEpochs === undefined ? {} : { mostEpochs }) };
  }
  return epochs === undefined ? undefined : { epochs };
}
