import { join } from "node:path";
import { backOff, backOffStatistics } from "../evaluate/back_off.ts";
import { trainBaselines } from "../evaluate/baselines.ts";
import { compare, type Comparison, COMPARISONS } from "../evaluate/comparison.ts";
import { likelihood, unseenShare } from "../evaluate/likelihood.ts";
import type { Evaluation, Prediction } from "../evaluate/report.ts";
import { evaluationTable } from "../evaluate/report_table.ts";
import { type Scorer, seenIn, type TrainingMusic } from "../evaluate/training.ts";
import {
  type BackOffStatistics,
  MODEL,
  type ModelManifest,
  readModelManifest,
} from "../model/bundle.ts";
import { type LoadedModel, loadModel } from "../model/load.ts";
import { type Shown, shown } from "../show/summary.ts";
import { Random } from "../random.ts";
import { readArtifactText } from "../store/artifact.ts";
import { checkName } from "../store/files.ts";
import { requireSealed, seal } from "../store/seal.ts";
import { writeFileWhole } from "../store/write.ts";
import { type MusicToMeasure, ownMusic, readPieces } from "./evaluate_music.ts";
import { modelFolder, type Run } from "./run.ts";
import type { Roots } from "./settings.ts";

/** What `evaluate` measures. */
export interface EvaluateSettings extends Roots {
  /** Name of the model. */
  readonly model: string;
  /**
   * Folder of MIDI files that the model did not learn from: how well does it predict them? Default:
   * the pieces of its corpus that it was trained without (`holdout`), if there are any.
   */
  readonly midi?: string;
  /**
   * Folder of MIDI files that the model made: are they copied, and like what it learned from? What a
   * piece started from is left out where its recipe lies beside it.
   */
  readonly generated?: string;
  /** Name of the report. Default: the model's name. */
  readonly name?: string;
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed of the halves that the training pieces are split into, and of the critic's parts. Default 1. */
  readonly seed?: number;
}

/** Defaults of {@linkcode EvaluateSettings}. */
export const evaluateDefaults = { seed: 1 } as const;

/** The evaluation, and where it was written. */
export interface EvaluateSummary extends Evaluation {
  /** The report's path. */
  readonly file: string;
}

/**
 * From a model and MIDI files to a report: how well the model predicts music that it did not learn
 * from, beside baselines trained on the same pieces; how much of its generated music is copied,
 * how alike the two are, and how well a critic tells them apart, with the unseen music and one half
 * of the corpus beside the other as yardsticks. Writes its report and nothing else.
 * @throws {Error} if there is no such model, no music to measure, or no MIDI file could be used
 */
export async function evaluate(
  settings: EvaluateSettings,
  run: Run = {},
): Promise<EvaluateSummary & Shown> {
  const { model: name, midi, generated, data = "data" } = settings;
  const folder = modelFolder(settings, name, "--model");
  const file = join(data, "evaluations", `${checkName(settings.name ?? name)}.json`);
  await requireSealed(file);
  const manifest = await readModelManifest(folder);
  const { training, heldOut: keptAside, warning } = await ownMusic(settings, manifest);
  const read = (path: string) => readPieces(path, manifest.style.tokenize, run);
  const music = {
    generated: generated === undefined ? null : await read(generated),
    heldOut: midi === undefined ? keptAside : await read(midi),
  };
  if (!music.generated && !music.heldOut) {
    throw new Error(
      `Cannot evaluate "${name}" on nothing: give --midi with music that it did not learn from, ` +
        `or --generated with music that it made, or train it with --holdout 0.1`,
    );
  }
  const statistics = await knownBackOff(folder, manifest, training);
  const prediction = await predict(music.heldOut, training, statistics, settings, run);
  const comparison = await compare(
    { generated: music.generated?.pieces ?? null, heldOut: music.heldOut?.pieces ?? null },
    training,
    manifest.style.tokenize.grid,
    new Random(settings.seed ?? evaluateDefaults.seed),
    async (done) => {
      run.onProgress?.({ task: "compare", done, total: COMPARISONS });
      await new Promise((resolve) => setTimeout(resolve)); // Ctrl-C gets its turn
      run.signal?.throwIfAborted();
    },
  );
  const evaluation: Evaluation = {
    model: name,
    kind: manifest.model,
    corpus: manifest.corpus.name,
    ...prediction,
    music: { generated: music.generated?.read ?? null, heldOut: music.heldOut?.read ?? null },
    backOff: statistics &&
      { newAfterKnown: statistics.newAfterKnown, newAfterNew: statistics.newAfterNew },
    ...comparison,
    warnings: [
      ...(warning === undefined ? [] : [warning]),
      ...warningsOf(music.heldOut?.read.path, prediction, comparison),
    ],
  };
  await writeFileWhole(file, seal(evaluation));
  return shown({ ...evaluation, file }, evaluationTable(evaluation, file));
}

/** What is odd about the unseen music. */
function warningsOf(
  path: string | undefined,
  { natsPerFrame }: Prediction,
  { copying }: Comparison,
): string[] {
  const warnings: string[] = [];
  const learned = copying.heldOut?.wholePieces ?? 0;
  if (learned > 0) {
    warnings.push(
      `${learned} of the pieces in ${path} stand in the training music: they are not unseen`,
    );
  }
  if (path !== undefined && natsPerFrame === null) {
    warnings.push(
      `the model gives some frame of ${path} no probability at all, so there is no mean`,
    );
  }
  return warnings;
}

/** What the bundle says of unknown combinations, or else what its corpus does. */
async function knownBackOff(
  folder: string,
  manifest: ModelManifest,
  training: TrainingMusic | null,
): Promise<BackOffStatistics | null> {
  if (manifest.files["back_off.json"]) {
    return JSON.parse(await readArtifactText(folder, manifest, "back_off.json", MODEL.command));
  }
  return training && backOffStatistics(training);
}

/** How well the model and the baselines predict the unseen music. */
async function predict(
  music: MusicToMeasure | null,
  training: TrainingMusic | null,
  statistics: BackOffStatistics | null,
  settings: EvaluateSettings,
  run: Run,
): Promise<Prediction & Pick<Evaluation, "base" | "baselines">> {
  const nothing = {
    natsPerFrame: null,
    natsPerNote: null,
    unseenShare: null,
    base: null,
    baselines: null,
  };
  if (!music) return nothing;
  const folder = modelFolder(settings, settings.model);
  const loaded = await loadModel(folder, { threads: settings.threads });
  const { model, vocabulary } = loaded;
  try {
    const unseen = {
      unseenShare: unseenShare(music.pieces, training ? seenIn(training) : vocabulary),
    };
    const measure = (task: string, scorer: Scorer): Prediction => {
      const total = music.pieces.length;
      let done = 0;
      const watched: Scorer = {
        logProbabilities(piece) {
          run.signal?.throwIfAborted();
          const result = scorer.logProbabilities(piece);
          run.onProgress?.({ task, done: ++done, total, detail: piece.name });
          return result;
        },
      };
      return { ...likelihood(watched, music.pieces, model.grid), ...unseen };
    };
    const own = measure("evaluate", honest(loaded, statistics));
    if (!training || !statistics) return { ...own, base: null, baselines: null };
    const { independent, transitions, repeat, ngram } = trainBaselines(training, statistics);
    return {
      ...own,
      base: null,
      baselines: {
        independent: measure("baseline: independent", independent),
        transitions: measure("baseline: transitions", transitions),
        repeat: measure("baseline: repeat", repeat),
        ngram: measure("baseline: ngram", ngram),
      },
    };
  } finally {
    model.dispose();
  }
}

/** A model that gives every frame there is a probability. */
function honest({ model, vocabulary }: LoadedModel, statistics: BackOffStatistics | null): Scorer {
  if (model.kind !== "combination" || !statistics) return model;
  return backOff(model, vocabulary, model.grid, statistics);
}
