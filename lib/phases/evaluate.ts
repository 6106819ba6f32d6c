import { dirname, join } from "node:path";
import { compare, type Comparison, COMPARISONS } from "../evaluate/comparison.ts";
import type { Evaluation, Prediction } from "../evaluate/report.ts";
import { openModel } from "../model/bundle.ts";
import { loadModel } from "../model/load.ts";
import { Random } from "../random.ts";
import { evaluationTable } from "../show/evaluation_table.ts";
import { type Shown, shown } from "../show/summary.ts";
import { checkName, requireNoLink } from "../store/files.ts";
import { requireSealed, seal } from "../store/seal.ts";
import { writeFileWhole } from "../store/write.ts";
import { writeBlindTest } from "./evaluate/blind.ts";
import { musicToMeasure, readPieces } from "./evaluate/measured_music.ts";
import { knownBackOff, predict } from "./evaluate/prediction.ts";
import { modelFolder, type Run, takeBreath } from "./run.ts";
import { checkSettings } from "./settings/declare.ts";
import {
  type BlindTestSettings,
  type EvaluateSettings,
  evaluateTable,
  EXCERPTS,
} from "./settings/evaluate.ts";
import { SEED } from "./settings/shared.ts";

/** The evaluation and the path of its report. */
export interface EvaluateSummary extends Evaluation {
  /** Path of the report. */
  readonly file: string;
}

/**
 * Evaluates a model on MIDI files: how well it predicts unseen music, compared with baselines
 * trained on the same pieces; how much of its generated music is copied; how similar the two are,
 * and how well a critic distinguishes them, with the unseen music and one half of the corpus
 * against the other as reference values. Writes its report and nothing else.
 * @throws {Error} if there is no such model, no music to measure, or no usable MIDI file
 */
export async function evaluate(
  settings: EvaluateSettings,
  run: Run = {},
): Promise<EvaluateSummary & Shown> {
  const { model: name, data = "data", threads } = settings;
  checkSettings("evaluate", evaluateTable, settings);
  const folder = modelFolder(settings, name, "--model");
  const file = join(data, "evaluations", `${checkName(settings.name ?? name)}.json`);
  await requireNoLink(dirname(file));
  await requireSealed(file);
  // From here on, everything read from the model's bundle is of one generation.
  const loaded = await loadModel(folder, { threads }), { manifest } = loaded;
  using _ = { [Symbol.dispose]: () => loaded.model.dispose() };
  const { training, generated, heldOut, warning } = await musicToMeasure(settings, manifest, run);
  const statistics = knownBackOff(loaded, training);
  const { warning: baseWarning, ...prediction } = await predict(
    { folder, loaded, music: heldOut, training, statistics, threads },
    run,
  );
  const comparison = await compare(
    { generated: generated?.pieces ?? null, heldOut: heldOut?.pieces ?? null },
    training,
    manifest.style.tokenize.grid,
    new Random(settings.seed ?? SEED),
    async (done) => {
      run.onProgress?.({ task: "compare", done, total: COMPARISONS });
      await takeBreath(run);
    },
  );
  const evaluation: Evaluation = {
    model: name,
    kind: manifest.model,
    corpus: manifest.corpus.name,
    ...prediction,
    music: { generated: generated?.read ?? null, heldOut: heldOut?.read ?? null },
    backOff: statistics &&
      { newAfterKnown: statistics.newAfterKnown, newAfterNew: statistics.newAfterNew },
    ...comparison,
    warnings: [
      ...[warning, baseWarning].filter((each) => each !== undefined),
      ...warningsOf(heldOut?.read.path, prediction, comparison),
    ],
  };
  await writeFileWhole(file, seal(evaluation));
  return shown({ ...evaluation, file }, evaluationTable(evaluation, file));
}

/** Result of {@linkcode blindTest}. */
interface BlindTestSummary {
  /** Path of the page. */
  readonly file: string;
}

/**
 * Makes a page for a listening test: a person hears excerpts of their own pieces and of the
 * model's, says who made each, and reads how certain the result is.
 * @param settings `midi` and `generated` name the music; beside them, only the model's manifest is
 * read
 * @throws {Error} if there is too little music on a side, or no piano to play it on
 */
export async function blindTest(
  settings: BlindTestSettings,
  run: Run = {},
): Promise<BlindTestSummary & Shown> {
  const { model, midi, generated, data = "data", seed = SEED, excerpts = EXCERPTS } = settings;
  checkSettings("evaluate", evaluateTable, settings);
  if (midi === undefined || generated === undefined) {
    throw new TypeError(
      "Cannot make a blind test: give people's music with --midi and the model's with --generated, " +
        `made for example by "deno task generate --model ${model} --count 10"`,
    );
  }
  const { style } = (await openModel(modelFolder(settings, model, "--model"))).manifest;
  const folder = join(data, "evaluations"), name = checkName(settings.name ?? model);
  await requireNoLink(folder);
  const music = {
    people: await readPieces(midi, style.tokenize, run),
    generated: await readPieces(generated, style.tokenize, run),
  };
  await Deno.mkdir(folder, { recursive: true });
  const random = new Random(seed);
  const file = await writeBlindTest(music, style, { folder, name, count: excerpts, random }, run);
  return shown({ file }, {
    title: `A blind test of model "${model}"`,
    rows: [["page", file], ["next", "open it in a browser, and listen"]],
  });
}

/** Warnings about the unseen music. */
function warningsOf(
  path: string | undefined,
  { natsPerFrame }: Prediction,
  { copying }: Comparison,
): string[] {
  const warnings: string[] = [];
  const learned = copying.heldOut?.wholePieces ?? 0;
  if (learned > 0) {
    warnings.push(
      `${learned} of the pieces in ${path} are in the training music: they are not unseen`,
    );
  }
  if (path !== undefined && natsPerFrame === null) {
    warnings.push(
      `the model gives some frame of ${path} no probability at all, so there is no mean`,
    );
  }
  return warnings;
}
