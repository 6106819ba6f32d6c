import { join } from "node:path";
import { loadCorpus } from "../corpus/corpus.ts";
import { holdOut } from "../corpus/holdout.ts";
import { backOff, type BackOffStatistics, backOffStatistics } from "../evaluate/back_off.ts";
import { trainBaselines } from "../evaluate/baselines.ts";
import { compare } from "../evaluate/comparison.ts";
import { likelihood, unseenShare } from "../evaluate/likelihood.ts";
import {
  type Evaluation,
  evaluationTable,
  type MusicRead,
  type Prediction,
} from "../evaluate/report.ts";
import { type Scorer, seenIn, type TrainingMusic } from "../evaluate/training.ts";
import { MODEL, type ModelManifest, readModelManifest } from "../model/bundle.ts";
import { type LoadedModel, loadModel } from "../model/load.ts";
import { type Shown, shown } from "../show/summary.ts";
import { Random } from "../random.ts";
import { readArtifactText } from "../store/artifact.ts";
import { checkName, exists, reason } from "../store/files.ts";
import { findMidiFiles, readMidiFile } from "../store/midi_files.ts";
import { requireSealed, seal } from "../store/seal.ts";
import { writeFileWhole } from "../store/write.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { Piece } from "../tokens/piece.ts";
import { tokenize, type TokenizeSettings } from "../tokens/tokenize.ts";
import { corpusFolder, modelFolder, type Run } from "./run.ts";
import type { Roots } from "./settings.ts";

/** What `evaluate` measures; at least one of `midi` and `generated` is needed. */
export interface EvaluateSettings extends Roots {
  /** Name of the model. */
  readonly model: string;
  /** Folder of MIDI files that the model did not learn from: how well does it predict them? */
  readonly midi?: string;
  /** Folder of MIDI files that the model made: are they copied, and like what it learned from? */
  readonly generated?: string;
  /** Name of the report. Default: the model's name. */
  readonly name?: string;
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed of the split of the training pieces into halves. Default 1. */
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
 * and how alike the two are, with the unseen music as the yardstick.
 * @throws {Error} if there is no such model, or no MIDI file could be used
 */
export async function evaluate(
  settings: EvaluateSettings,
  run: Run = {},
): Promise<EvaluateSummary & Shown> {
  const { model: name, midi, generated, data = "data" } = settings;
  if (midi === undefined && generated === undefined) {
    throw new Error(
      `Cannot evaluate "${name}" on nothing: give --midi with music that it did not learn from, ` +
        `or --generated with music that it made`,
    );
  }
  const folder = modelFolder(settings, name, "--model");
  const file = join(data, "evaluations", `${checkName(settings.name ?? name)}.json`);
  await requireSealed(file);
  const manifest = await readModelManifest(folder);
  const { grid } = manifest.style.tokenize;
  const music = {
    generated: await readPieces(generated, manifest.style.tokenize, run),
    heldOut: await readPieces(midi, manifest.style.tokenize, run),
  };
  const { training, warning } = await trainingMusic(settings, manifest);
  const statistics = await knownBackOff(folder, manifest, training);

  const prediction = await predict(music.heldOut, training, statistics, settings, run);
  const comparison = compare(
    { generated: music.generated?.pieces ?? null, heldOut: music.heldOut?.pieces ?? null },
    training,
    grid,
    new Random(settings.seed ?? evaluateDefaults.seed),
  );

  const learned = comparison.copying.heldOut?.wholePieces ?? 0;
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
      ...(learned === 0 ? [] : [
        `${learned} of the pieces in ${midi} stand in the training music: they are not unseen`,
      ]),
      ...(!music.heldOut || prediction.natsPerFrame !== null ? [] : [
        `the model gives some frame of ${midi} no probability at all, so there is no mean`,
      ]),
    ],
  };
  await writeFileWhole(file, seal(evaluation));
  return shown({ ...evaluation, file }, evaluationTable(evaluation, file));
}

interface Music {
  readonly pieces: readonly Piece[];
  readonly read: MusicRead;
}

/** All pieces of a folder, cut as the model's corpus was; twins count as often as they are there. */
async function readPieces(
  path: string | undefined,
  settings: TokenizeSettings,
  run: Run,
): Promise<Music | null> {
  if (path === undefined) return null;
  const { folder, names, unreadable } = await findMidiFiles(path);
  const pieces: Piece[] = [];
  const skipped = unreadable.map(({ name, reason }) => ({ file: name, reason }));
  let notes = 0;
  for (const [index, name] of names.entries()) {
    run.signal?.throwIfAborted();
    run.onProgress?.({ task: "read", done: index, total: names.length, detail: name });
    try {
      const { frames, metres } = tokenize(await readMidiFile(join(folder, name)), settings);
      pieces.push({ name, frames, metres });
      notes += decodeFrames(frames, settings.grid.attacks).length;
    } catch (error) {
      skipped.push({ file: name, reason: reason(error) });
    }
  }
  if (pieces.length === 0) {
    const reasons = [...new Set(skipped.map((each) => each.reason))].slice(0, 3).join("; ");
    throw new Error(
      `Cannot evaluate on ${path}: ` +
        (skipped.length === 0
          ? "it holds no MIDI files (.mid, .midi, .kar)"
          : `none of its ${skipped.length} MIDI files could be used: ${reasons}`),
    );
  }
  const frames = pieces.reduce((sum, piece) => sum + piece.frames.length, 0);
  return { pieces, read: { path, pieces: pieces.length, frames, notes, skipped } };
}

/** The pieces that the model learned from, if its corpus is there and still the same. */
async function trainingMusic(
  settings: EvaluateSettings,
  manifest: ModelManifest,
): Promise<{ training: TrainingMusic | null; warning?: string }> {
  const { name, hash } = manifest.corpus;
  const folder = corpusFolder(settings, name);
  const without = "so that baselines, copying and overlap are missing";
  if (!await exists(folder)) {
    const warning = `the model's corpus is not in ${folder}, ${without}; make it anew with ` +
      `"deno task preprocess --midi DIR --name ${name}"`;
    return { training: null, warning };
  }
  const corpus = await loadCorpus(folder);
  if (corpus.hash !== hash) {
    const warning = `${folder} is no longer what the model learned from, ${without}`;
    return { training: null, warning };
  }
  const { holdout, seed } = manifest.settings;
  const lengths = corpus.pieces.map(({ length }) => length);
  const { training } = holdOut(lengths, holdout, new Random(seed)); // as in training
  return { training: { ...corpus, pieces: training.map((index) => corpus.pieces[index]!) } };
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
  music: Music | null,
  training: TrainingMusic | null,
  statistics: BackOffStatistics | null,
  settings: EvaluateSettings,
  run: Run,
): Promise<Prediction & Pick<Evaluation, "baselines">> {
  const nothing = { natsPerFrame: null, natsPerNote: null, unseenShare: null, baselines: null };
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
    if (!training || !statistics) return { ...own, baselines: null };
    const { independent, transitions, repeat, ngram } = trainBaselines(training, statistics);
    return {
      ...own,
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
