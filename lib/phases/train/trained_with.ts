import type { ModelManifest, TrainedWith } from "../../model/bundle.ts";
import type { ModelKind } from "../../model/model.ts";
import type { Budget } from "../../train/loop.ts";
import { trainDefaults, type TrainSettings } from "../settings/train.ts";

/** What a new run is trained with. @throws {RangeError} if it is to end in two ways */
export function trainedWith(
  settings: TrainSettings,
  kind: ModelKind,
  defaults: { readonly batchSize: number; readonly learningRate: number },
): TrainedWith {
  const { window = trainDefaults.window, holdout = trainDefaults.holdout } = settings;
  const { seed = trainDefaults.seed } = settings;
  const batchSize = settings.batchSize ?? defaults.batchSize;
  const learningRate = settings.learningRate ?? defaults.learningRate;
  return {
    window,
    batchSize,
    learningRate,
    holdout,
    seed,
    budget: budgetOf(settings) ??
      (kind === "combination"
        ? { epochs: trainDefaults.epochs }
        : { minutes: trainDefaults.minutes }),
  };
}

/** What a resumed run is trained with: its own settings, and a new budget if one is given. */
export function resumedWith(manifest: ModelManifest, settings: TrainSettings): TrainedWith {
  const { budget } = manifest.settings;
  const most = "minutes" in budget ? budget.mostEpochs : undefined;
  return { ...manifest.settings, budget: budgetOf(settings, most) ?? budget };
}

function budgetOf({ epochs, minutes }: TrainSettings, mostEpochs?: number): Budget | undefined {
  if (epochs !== undefined && minutes !== undefined) {
    throw new RangeError("Cannot train for both --epochs and --minutes: give one of them");
  }
  if (minutes !== undefined) {
    return { minutes, ...(mostEpochs === undefined ? {} : { mostEpochs }) };
  }
  return epochs === undefined ? undefined : { epochs };
}
