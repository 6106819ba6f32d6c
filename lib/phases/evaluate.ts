import { dirname, join } from "node:path";
import { compare, type Comparison, COMPARISONS } from "../evaluate/comparison.ts";
import type { Evaluation, Prediction } from "../evaluate/report.ts";
import { type LoadedModel, loadModel } from "../model/load.ts";
import { Random } from "../random.ts";
import { evaluationTable } from "../show/evaluation_table.ts";
import { type Shown, shown } from "../show/summary.ts";
import { checkName, requireNoLink } from "../store/files.ts";
import { requireSealed, seal } from "../store/seal.ts";
import { writeFileWhole } from "../store/write.ts";
import { ownMusic, readPieces } from "./evaluate/music.ts";
import { knownBackOff, predict } from "./evaluate/prediction.ts";
import { modelFolder, type Run, takeBreath } from "./run.ts";
import type { EvaluateSettings } from "./settings/evaluate.ts";
import { SEED } from "./settings/shared.ts";

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
  const { model: name, data = "data" } = settings;
  const folder = modelFolder(settings, name, "--model");
  const file = join(data, "evaluations", `${checkName(settings.name ?? name)}.json`);
  await requireNoLink(dirname(file));
  await requireSealed(file);
  const loaded = await loadModel(folder, { threads: settings.threads });
  try {
    return await measure({ ...settings, folder, file, loaded }, run);
  } finally {
    loaded.model.dispose();
  }
}

/** The whole of it, with the model loaded: all that is read of its bundle is of one generation. */
async function measure(
  settings: EvaluateSettings & { folder: string; file: string; loaded: LoadedModel },
  run: Run,
): Promise<EvaluateSummary & Shown> {
  const { model: name, midi, generated, folder, file, loaded } = settings;
  const { manifest } = loaded;
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
  const statistics = knownBackOff(loaded, training);
  const { warning: baseWarning, ...prediction } = await predict(
    { folder, loaded, music: music.heldOut, training, statistics, threads: settings.threads },
    run,
  );
  const comparison = await compare(
    { generated: music.generated?.pieces ?? null, heldOut: music.heldOut?.pieces ?? null },
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
    music: { generated: music.generated?.read ?? null, heldOut: music.heldOut?.read ?? null },
    backOff: statistics &&
      { newAfterKnown: statistics.newAfterKnown, newAfterNew: statistics.newAfterNew },
    ...comparison,
    warnings: [
      ...[warning, baseWarning].filter((each) => each !== undefined),
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
