import { nameOf } from "../phases/audition.ts";
import type { EvaluateSummary } from "../phases/evaluate.ts";
import type { GenerateSummary } from "../phases/generate.ts";
import * as phases from "../phases/on_demand.ts";
import type { PreprocessSummary } from "../phases/preprocess/summary.ts";
import type { Run } from "../phases/run.ts";
import type { EvaluateSettings } from "../phases/settings/evaluate.ts";
import type { GenerateSettings } from "../phases/settings/generate.ts";
import type { PreprocessSettings } from "../phases/settings/preprocess.ts";
import type { TrainSettings } from "../phases/settings/train.ts";
import { criticPlot } from "../show/critic.ts";
import { likelihoodPlot } from "../show/evaluation.ts";
import { gainPlot } from "../show/gain.ts";
import { lossPlot } from "../show/loss.ts";
import { planRoll } from "../show/plan_roll.ts";
import { structurePlot } from "../show/structure.ts";
import type { Shown } from "../show/summary.ts";
import { trainingDisplay } from "../show/training.ts";
import { verdictTable } from "../show/verdicts.ts";
import type { TrainSummary } from "../train/history.ts";
import { inNotebookToo, plotted, type WithPlots } from "./in_notebook.ts";
import { starterCorpus, starterFor, starterMidi, starterModel } from "./starter.ts";
import { inCode } from "./words.ts";

const ROLL_FRAMES = 128;

/**
 * Makes a corpus from a folder of MIDI files: reads each file, selects the piano, quantises it to
 * the grid, and numbers its combinations. In a notebook it shows progress, a summary and a verdict
 * per file, unless `run` is given.
 * @throws {Error} if no file could be used, a setting is out of range, or the corpus cannot be
 * written
 * @example
 * ```ts
 * import { preprocess } from "../../mod.ts";
 * const { report } = await preprocess({ midi: "data/midi", name: "mine" });
 * console.log(report.totals.used);
 * ```
 */
export function preprocess(
  given: PreprocessSettings,
  run?: Run,
): Promise<PreprocessSummary & Shown> {
  return inNotebookToo(phases.preprocess, given, run, {
    first: (settings) => starterMidi(settings.midi, settings),
    shows: (summary) => [
      summary,
      verdictTable(summary.report.files.map((one) => ({ ...one, reason: inCode(one.reason) }))),
    ],
  });
}

/**
 * Trains a model on a corpus: selects the training music, builds the network or continues with an
 * existing one, trains it step by step, and saves it to disk at least every minute. In a notebook
 * it shows the falling loss and the result, unless `run` is given; for an adapted model, also how
 * well it knew the music before. `plots` are the learning curve and that comparison.
 * @throws {Error} if the corpus is missing, a setting is out of range, there is no run to resume,
 *   the loss stops being a number, or the model cannot be written
 * @example
 * ```ts
 * import { train } from "../../mod.ts";
 * const { lossAfter } = await train({ corpus: "mine", name: "mine", minutes: 2 });
 * console.log(lossAfter);
 * ```
 */
export function train(
  given: TrainSettings,
  run?: Run,
): Promise<TrainSummary & WithPlots & Shown> {
  const plots = ({ history, adaptedFrom: before, lossAfter: now }: TrainSummary) => [
    lossPlot(history),
    ...(before && now !== undefined ? [gainPlot({ name: given.name, before, now })] : []),
  ];
  return inNotebookToo(plotted(phases.train, plots), given, run, {
    first: (settings, run) => starterCorpus(settings.corpus, settings, { signal: run.signal }),
    shows: (summary) => [...summary.plots.slice(1), summary], // the curve stands there already
    display: trainingDisplay,
    messages: false,
  });
}

/**
 * Generates new music with a model: chooses a primer, lets the model continue, and writes MIDI
 * files and their recipes. Needs nothing but the model's bundle. In a notebook it shows the first
 * bars of the first piece below their plan, unless `run` is given; to hear several, see `audition`.
 * @throws {Error} if the model or a seed cannot be read, a setting is out of range, or a recipe
 *   belongs to another model
 * @example
 * ```ts
 * import { generate } from "../../mod.ts";
 * const { pieces } = await generate({ model: "mine", bars: 8, key: "A minor" });
 * console.log(pieces[0]?.midi);
 * ```
 */
export function generate(given: GenerateSettings, run?: Run): Promise<GenerateSummary & Shown> {
  return inNotebookToo(phases.generate, given, run, {
    first: starterFor,
    shows: (summary) => [
      summary,
      ...summary.pieces.slice(0, 1).map((piece) =>
        planRoll(piece, { title: nameOf(piece), frames: ROLL_FRAMES })
      ),
    ],
  });
}

/**
 * Evaluates a model on MIDI files: how well it predicts unseen music, compared with baselines
 * trained on the same pieces; how much of its generated music is copied, and how similar the two
 * are, with the unseen music as the reference value. In a notebook it shows the report and its
 * `plots`, unless `run` is given.
 * @throws {Error} if there is no such model, or no usable MIDI file
 * @example
 * ```ts
 * import { evaluate } from "../../mod.ts";
 * const { copying } = await evaluate({ model: "mine", generated: "data/generated" });
 * console.log(copying);
 * ```
 */
export function evaluate(
  given: EvaluateSettings,
  run?: Run,
): Promise<EvaluateSummary & WithPlots & Shown> {
  const plots = (summary: EvaluateSummary) => [
    ...(summary.natsPerFrame === null ? [] : [likelihoodPlot(summary)]),
    ...(summary.critic.generated?.told ? [criticPlot(summary.critic.generated)] : []),
    ...(summary.statistics.generated ? [structurePlot(summary)] : []),
  ];
  return inNotebookToo(plotted(phases.evaluate, plots), given, run, {
    first: (settings, run) => starterModel(settings.model, settings, run),
    shows: (summary) => [summary, ...summary.plots],
  });
}
