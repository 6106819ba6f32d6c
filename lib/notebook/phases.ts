import { basename, join } from "node:path";
import { player } from "../audio/player.ts";
import { beats as beatsPhase, type BeatsSummary } from "../phases/beats.ts";
import { duet as duetPhase, type DuetSummary } from "../phases/duet.ts";
import { evaluate as evaluatePhase, type EvaluateSummary } from "../phases/evaluate.ts";
import { generate as generatePhase, type GenerateSummary } from "../phases/generate.ts";
import { nameOf } from "../phases/audition.ts";
import { listen as listenPhase, type ListenSummary } from "../phases/listen.ts";
import { preprocess as preprocessPhase } from "../phases/preprocess.ts";
import type { PreprocessSummary } from "../phases/preprocess/summary.ts";
import type { Run } from "../phases/run.ts";
import { score as scorePhase, type ScoreSummary } from "../phases/score.ts";
import type { BeatsSettings } from "../phases/settings/beats.ts";
import type { GenerateSettings } from "../phases/settings/generate.ts";
import type { DuetSettings } from "../phases/settings/duet.ts";
import type { EvaluateSettings } from "../phases/settings/evaluate.ts";
import type { ListenSettings } from "../phases/settings/listen.ts";
import type { PreprocessSettings } from "../phases/settings/preprocess.ts";
import type { ScoreSettings } from "../phases/settings/score.ts";
import type { TrainSettings } from "../phases/settings/train.ts";
import { train as trainPhase } from "../phases/train.ts";
import type { TrainSummary } from "../train/history.ts";
import { criticPlot } from "../show/critic.ts";
import { likelihoodPlot } from "../show/evaluation.ts";
import { gainPlot } from "../show/gain.ts";
import { midiRoll } from "../show/midi_roll.ts";
import { planRoll } from "../show/plan_roll.ts";
import type { Displayed, Shown } from "../show/summary.ts";
import { trainingDisplay } from "../show/training.ts";
import { structurePlot } from "../show/structure.ts";
import { verdictTable } from "../show/verdicts.ts";
import { inNotebookToo } from "./in_notebook.ts";
import { personsPaths } from "./paths.ts";
import { starterCorpus, starterFor, starterMidi, starterModel } from "./starter.ts";

const starterFile = async ({ midi }: Pick<ListenSettings, "midi">) => {
  if (typeof midi === "string") await starterMidi(midi, {});
};

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
  return inNotebookToo(preprocessPhase, given, run, {
    first: (settings) => starterMidi(settings.midi, settings),
    shows: (summary) => [summary, verdictTable(summary.report.files)],
  });
}

/**
 * Trains a model on a corpus: selects the training music, builds the network or continues with an
 * existing one, trains it step by step, and saves it to disk at least every minute. In a notebook
 * it shows the falling loss and the result, unless `run` is given; for an adapted model, also how
 * well it knew the music before.
 * @throws {Error} if the corpus is missing, a setting is out of range, there is no run to resume,
 *   the loss stops being a number, or the model cannot be written
 * @example
 * ```ts
 * import { train } from "../../mod.ts";
 * const { lossAfter } = await train({ corpus: "mine", name: "mine", minutes: 2 });
 * console.log(lossAfter);
 * ```
 */
export function train(given: TrainSettings, run?: Run): Promise<TrainSummary & Shown> {
  return inNotebookToo(trainPhase, given, run, {
    first: (settings, run) => starterCorpus(settings.corpus, settings, { signal: run.signal }),
    shows: (summary) => {
      const { adaptedFrom: before, lossAfter: now } = summary, { name } = given;
      return [...before && now !== undefined ? [gainPlot({ name, before, now })] : [], summary];
    },
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
  return inNotebookToo(generatePhase, given, run, {
    first: starterFor,
    shows: (summary) => [
      summary,
      ...summary.pieces.slice(0, 1).map((piece) =>
        planRoll(piece, { title: nameOf(piece), frames: ROLL_FRAMES })
      ),
    ],
  });
}

const ROLL_FRAMES = 128;

/**
 * Renders a MIDI file as audio: reads it, plays it on the piano, and normalises its loudness. All
 * pitched parts are played on the piano; with a custom SoundFont, all parts on the instruments
 * specified in the file. In a notebook it shows the first bars and a player with the first half
 * minute, unless `run` is given.
 * @throws {Error} if the file cannot be read, has no notes, or the piano's recordings are missing
 * @example
 * ```ts
 * import { listen } from "../../mod.ts";
 * const { file, seconds } = await listen({ midi: "data/generated/mine.mid" });
 * console.log(file, seconds);
 * ```
 */
export function listen(given: ListenSettings, run?: Run): Promise<ListenSummary & Shown> {
  return inNotebookToo(listenPhase, given, run, {
    first: starterFile,
    shows: async (summary) => [
      summary,
      await midiRoll(personsPaths(given).midi, { frames: ROLL_FRAMES }),
      await player(summary.file, { seconds: 30, kilobits: 40 }),
    ],
  });
}

/**
 * Engraves the piano part of a MIDI file: two staves, with estimated keys, metres, note values and
 * voices. Writes one SVG file per page, and MusicXML beside them. In a notebook it shows the first
 * pages, unless `run` is given.
 * @throws {Error} if the file cannot be read, has no notes for a piano, or the engraver is missing
 * @example
 * ```ts
 * import { score } from "../../mod.ts";
 * const { pages } = await score({ midi: "data/generated/mine.mid", title: "Mine" });
 * console.log(pages);
 * ```
 */
export function score(given: ScoreSettings, run?: Run): Promise<ScoreSummary & Shown> {
  return inNotebookToo(scorePhase, given, run, {
    first: starterFile,
    shows: (summary) => [summary],
  });
}

/**
 * Finds the beats of a performance and writes them into its MIDI file, which sounds the same but
 * has tempos and time signatures that follow the playing. In a notebook it shows the first bars and
 * a player with the first half minute, with audible beats if `click` is set, unless `run` is given.
 * @throws {Error} if the file cannot be read, has no notes for a piano, or has too few to find
 * beats
 * @example
 * ```ts
 * import { beats } from "../../mod.ts";
 * const { file, bar } = await beats({ midi: "data/midi/beethoven-fuer-elise.mid" });
 * console.log(file, bar);
 * ```
 */
export function beats(given: BeatsSettings, run?: Run): Promise<BeatsSummary & Shown> {
  return inNotebookToo(beatsPhase, given, run, {
    first: starterFile,
    shows: async (summary) => [
      summary,
      await midiRoll(summary.file, { frames: ROLL_FRAMES }),
      await soundOfBeats(summary.file),
    ],
  });
}

/** A player for a written file, with its audio embedded in the page. */
async function soundOfBeats(midi: string): Promise<Displayed> {
  const folder = await Deno.makeTempDir();
  try {
    const { file } = await listenPhase({ midi, out: join(folder, "beats.wav") });
    return await player(file, { seconds: 30, kilobits: 40, title: basename(midi) });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Evaluates a model on MIDI files: how well it predicts unseen music, compared with baselines
 * trained on the same pieces; how much of its generated music is copied, and how similar the two
 * are, with the unseen music as the reference value. In a notebook it shows the report and its
 * pictures, unless `run` is given.
 * @throws {Error} if there is no such model, or no usable MIDI file
 * @example
 * ```ts
 * import { evaluate } from "../../mod.ts";
 * const { copying } = await evaluate({ model: "mine", generated: "data/generated" });
 * console.log(copying);
 * ```
 */
export function evaluate(given: EvaluateSettings, run?: Run): Promise<EvaluateSummary & Shown> {
  return inNotebookToo(evaluatePhase, given, run, {
    first: (settings, run) => starterModel(settings.model, settings, run),
    shows: (summary) => [
      summary,
      ...(summary.natsPerFrame === null ? [] : [likelihoodPlot(summary)]),
      ...(summary.critic.generated?.told ? [criticPlot(summary.critic.generated)] : []),
      ...(summary.statistics.generated ? [structurePlot(summary)] : []),
    ],
  });
}

/**
 * Makes a page that plays a duet with you: it answers your playing at the piano or on the
 * computer's keys. One HTML file that opens from disk and uses no network; in a notebook it is
 * shown in the cell, unless `run` is given.
 * @throws {Error} if the model cannot be read, is not pitchwise or not on a grid in beats, or the piano
 *   is missing and cannot be fetched
 * @example
 * ```ts
 * import { duet } from "../../mod.ts";
 * const { page } = await duet({ model: "mine" });
 * console.log(page);
 * ```
 */
export function duet(given: DuetSettings, run?: Run): Promise<DuetSummary & Shown> {
  return inNotebookToo(duetPhase, given, run, {
    first: async (settings, run) => {
      await starterModel(settings.model, settings, run);
      if (settings.midi !== undefined) await starterMidi(settings.midi, settings);
    },
    shows: (summary) => [summary],
  });
}
