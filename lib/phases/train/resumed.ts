import type { Corpus } from "../../corpus/corpus.ts";
import {
  type ModelManifest,
  readModelArrays,
  readModelHistory,
  readModelManifest,
} from "../../model/bundle.ts";
import { exists } from "../../store/files.ts";
import type { History } from "../../train/history.ts";
import type { NamedArray } from "../../train/trainer.ts";
import type { TrainSettings } from "../settings/train.ts";

/** A run that was stopped: all that the next step needs. */
export interface SavedRun {
  readonly manifest: ModelManifest;
  readonly weights: NamedArray[];
  readonly checkpoint: NamedArray[];
  readonly history: { epochs: History["epochs"][number][]; steps: History["steps"][number][] };
}

/**
 * Reads the run that is to be gone on with.
 * @throws {Error} if there is none, it learned from another corpus, or a setting is not the run's own
 */
export async function savedRun(
  folder: string,
  settings: TrainSettings,
  corpus: Corpus,
): Promise<SavedRun> {
  const what = `Cannot resume "${settings.name}"`;
  if (!await exists(folder)) {
    throw new Error(
      `${what}: there is no such model in ${settings.models ?? "models"}; train without --resume`,
    );
  }
  const manifest = await readModelManifest(folder);
  if (manifest.corpus.hash !== corpus.hash) {
    throw new Error(
      `${what}: it learned from corpus "${manifest.corpus.name}" as it was then, and "${corpus.name}" ` +
        `is different; train under another --name`,
    );
  }
  const given = { ...settings } as Record<string, unknown>;
  const fixed = { ...manifest.settings, model: manifest.model } as Record<string, unknown>;
  for (const name of ["model", "window", "batchSize", "learningRate", "holdout", "seed"]) {
    if (given[name] !== undefined && given[name] !== fixed[name]) {
      throw new Error(
        `${what}: its ${name} is ${fixed[name]}, not ${
          given[name]
        }; a resumed run goes on with its own settings`,
      );
    }
  }
  const { epochs, steps } = await readModelHistory(folder, manifest);
  return {
    manifest,
    weights: await readModelArrays(folder, manifest, "weights"),
    checkpoint: await readModelArrays(folder, manifest, "checkpoint"),
    history: { epochs: [...epochs], steps: [...steps] },
  };
}
