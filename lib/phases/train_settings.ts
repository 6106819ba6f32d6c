import type { ModelManifest, TrainedWith } from "../model/bundle.ts";
import type { ModelKind } from "../model/model.ts";
import type { Budget } from "../train/loop.ts";
import { trainDefaults, type TrainSettings } from "./settings.ts";

/** What a new run is trained with. @throws {RangeError} if a setting is out of range */
export function trainedWith(
  settings: TrainSettings,
  kind: ModelKind,
  defaults: { readonly batchSize: number; readonly learningRate: number },
): TrainedWith {
  const { window = trainDefaults.window, holdout = trainDefaults.holdout } = settings;
  const { seed = trainDefaults.seed } = settings;
  const batchSize = settings.batchSize ?? defaults.batchSize;
  const learningRate = settings.learningRate ?? defaults.learningRate;
  requireThat(
    Number.isInteger(window) && window >= 4 && window <= 1000,
    "window",
    window,
    "4 to 1,000 frames",
  );
  requireThat(
    Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= 65_536,
    "batch size",
    batchSize,
    "1 to 65,536 frames",
  );
  requireThat(
    learningRate > 0 && learningRate <= 1,
    "learning rate",
    learningRate,
    "above 0, at most 1",
  );
  requireThat(Number.isSafeInteger(seed), "seed", seed, "a whole number");
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
    requireThat(minutes >= 0.001 && minutes <= 100_000, "minutes", minutes, "0.001 to 100,000");
    return { minutes, ...(mostEpochs === undefined ? {} : { mostEpochs }) };
  }
  if (epochs === undefined) return undefined;
  requireThat(Number.isInteger(epochs) && epochs >= 1, "epochs", epochs, "a whole number from 1");
  return { epochs };
}

function requireThat(holds: boolean, name: string, value: number, needed: string): void {
  if (!holds) throw new RangeError(`Cannot train with ${name} ${value}: needed ${needed}`);
}
