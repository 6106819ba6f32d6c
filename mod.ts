/**
 * New piano music in the manner of your own favourite MIDI files.
 *
 * Each phase is one function whose result lies on disk: {@linkcode preprocess} makes a corpus of MIDI
 * files, {@linkcode train} a model of a corpus, {@linkcode generate} new music with a model,
 * {@linkcode listen} sound of a MIDI file. Notebooks, tasks and tests call the same functions.
 *
 * @example
 * ```ts ignore
 * import { generate, listen, preprocess, progressDisplay, train } from "./mod.ts";
 *
 * const onProgress = progressDisplay();
 * await preprocess({ midi: "data/midi/mine", name: "mine" }, { onProgress });
 * await train({ corpus: "mine", name: "mine", minutes: 5 }, { onProgress });
 * const { pieces } = await generate({ model: "mine", bars: 32 }, { onProgress });
 * await listen({ midi: pieces[0]!.midi }, { onProgress });
 * ```
 * @module
 */
import { enterNotebook } from "./lib/notebook/cell.ts";

// The phases, in the order of the music's way; in a notebook they show themselves.
export { evaluate, generate, listen, preprocess, score, train } from "./lib/notebook/phases.ts";
export { type PreprocessSummary } from "./lib/phases/preprocess.ts";
export { type TrainSummary } from "./lib/phases/train.ts";
export { type GeneratedPiece, type GenerateSummary } from "./lib/phases/generate.ts";
export { type ListenSummary } from "./lib/phases/listen.ts";
export { type ScoreSummary } from "./lib/phases/score.ts";
export { type EvaluateSummary } from "./lib/phases/evaluate.ts";
export { clean, type CleanRun, type CleanSummary } from "./lib/phases/clean.ts";
export { type LayersModel, loadLayersModel } from "./lib/phases/layers_model.ts";
export { quickstart, type QuickstartSummary } from "./lib/phases/quickstart.ts";
export {
  type CleanSettings,
  evaluateDefaults,
  type EvaluateSettings,
  type FillSettings,
  generateDefaults,
  type GenerateSettings,
  type ListenSettings,
  plannedDefaults,
  preprocessDefaults,
  type PreprocessSettings,
  type QuickstartSettings,
  type Roots,
  type ScoreSettings,
  trainDefaults,
  type TrainSettings,
  type VarySettings,
} from "./lib/phases/settings.ts";
export { type Run } from "./lib/phases/run.ts";

// What else notebooks do.
export {
  type Audition,
  audition,
  type AuditionSettings,
  type AuditionVariant,
  type Chosen,
  keep,
  type Kept,
} from "./lib/notebook/audition.ts";
export { again, bolder, calmer, fromBar, refill } from "./lib/notebook/further.ts";
export { type BarChange, changeBar, showPlan } from "./lib/notebook/plan.ts";
export { type GlassSettings, underTheGlass } from "./lib/notebook/glass.ts";
export { look, type LookSettings } from "./lib/notebook/look.ts";

// What the phases read and write.
export {
  type Corpus,
  type CorpusPiece,
  type CorpusStyle,
  loadCorpus,
} from "./lib/corpus/corpus.ts";
export { type Report, type ReportEntry, type ReportTotals } from "./lib/corpus/report.ts";
export { type FormWishes, type NewPlan, newPlan } from "./lib/generate/form.ts";
export { type Key, keyName, parseKey } from "./lib/tokens/key.ts";
export type { Range } from "./lib/generate/ranges.ts";
export { readReference, type Reference } from "./lib/generate/reference.ts";
export { readRecipe, type Recipe } from "./lib/generate/recipe.ts";
export {
  type MidiLimits,
  midiLimits,
  type Music,
  type Note,
  type Part,
  type PedalChange,
  type TempoChange,
  type TimeSignature,
} from "./lib/midi/music.ts";
export { readMidi } from "./lib/midi/read.ts";
export { type ToneMidi, toTone } from "./lib/midi/tone.ts";
export { type PianoOutput, writeMidi } from "./lib/midi/write.ts";
export { type ArraySpec } from "./lib/model/arrays.ts";
export {
  type AdaptedFrom,
  type ModelManifest,
  type Opening,
  readModelManifest,
  type TrainedWith,
} from "./lib/model/bundle.ts";
export { type LoadedModel, loadModel } from "./lib/model/load.ts";
export {
  type ByPitch,
  type Model,
  type ModelKind,
  type Past,
  type Sampling,
} from "./lib/model/model.ts";
export { SAMPLING_RULES, type SamplingRule } from "./lib/model/rules.ts";
export { buildStarter, type StarterSettings } from "./lib/starter/build.ts";
export { type Manifest } from "./lib/store/artifact.ts";
export { exists, type FileRecord } from "./lib/store/files.ts";
export { findMidiFiles, type MidiFiles } from "./lib/store/midi_files.ts";
export { decodeCombination, encodeCombination } from "./lib/tokens/combination.ts";
export { type Frame, HELD, isHeld, pitchOf, REST } from "./lib/tokens/frame.ts";
export { decodeFrames, encodeFrames, type GridNote } from "./lib/tokens/grid.ts";
export { type Grid, type Metre, type Piece } from "./lib/tokens/piece.ts";
export { type BarPlan, type Likeness, type Plan, planOf } from "./lib/tokens/plan.ts";
export { checkPlan, decodePlan, encodePlan, type PlanOfPiece } from "./lib/tokens/plan_text.ts";
export {
  type GridLoss,
  tokenize,
  type Tokenized,
  type TokenizeSettings,
} from "./lib/tokens/tokenize.ts";
export { Vocabulary } from "./lib/tokens/vocabulary.ts";
export { type TouchStyle } from "./lib/touch/learn.ts";
export { type EpochRecord, type History, type StepRecord } from "./lib/train/history.ts";
export { type Budget, type Ending, type Position } from "./lib/train/loop.ts";
export { type LayerRow } from "./lib/train/trainer.ts";
export { type Baselines } from "./lib/evaluate/baselines.ts";
export { type Comparison, type OfEach, type OfHalves } from "./lib/evaluate/comparison.ts";
export { type CopiedPassage, type Copying } from "./lib/evaluate/copying.ts";
export { type Area } from "./lib/evaluate/area.ts";
export { type Critique, type TellingFeature } from "./lib/evaluate/critic.ts";
export { type Liveliness } from "./lib/evaluate/liveliness.ts";
export { type Passage } from "./lib/evaluate/passages.ts";
export { type Overlap } from "./lib/evaluate/overlap.ts";
export { type Histogram, type Statistics } from "./lib/evaluate/statistics.ts";
export { type Scorer } from "./lib/evaluate/training.ts";
export { type Likelihood } from "./lib/evaluate/likelihood.ts";
export { type Evaluation, type MusicRead, type Prediction } from "./lib/evaluate/report.ts";

// What the phases compute on.
export { type Backend, startBackend, stopBackend } from "./lib/model/combination/backend.ts";
export { type Heap, type HeapOptions } from "./lib/wasm/heap.ts";
export { type Progress, type ProgressListener } from "./lib/progress.ts";
export { Random, type RandomState } from "./lib/random.ts";

// What notebooks and terminals show.
export { player, type PlayerOptions } from "./lib/audio/player.ts";
export {
  comparisonPlot,
  type PieceSet,
  pitchPlot,
  polyphonyPlot,
} from "./lib/show/distribution.ts";
export { criticPlot, type ShownCritique } from "./lib/show/critic.ts";
export {
  type EvaluatedModel,
  likelihoodPlot,
  type Quality,
  type ShownHistogram,
  statisticsPlot,
  structurePlot,
} from "./lib/show/evaluation.ts";
export { type Gain, gainPlot } from "./lib/show/gain.ts";
export {
  type LossHistory,
  lossPlot,
  type LossPlotOptions,
  type LossPoint,
} from "./lib/show/loss.ts";
export { midiRoll, type MidiRollOptions } from "./lib/show/midi_roll.ts";
export { pianoRoll, type PianoRollOptions } from "./lib/show/piano_roll.ts";
export { type PlannedMusic, planRoll, type PlanRollOptions } from "./lib/show/plan_roll.ts";
export { planStrip, type PlanStripOptions } from "./lib/show/plan_strip.ts";
export { type Plot, type PlotOptions, type VegaLiteSpec } from "./lib/show/plot.ts";
export { type ProgressDisplay, progressDisplay } from "./lib/show/progress.ts";
export { show } from "./lib/show/show.ts";
export {
  type Displayed,
  JUPYTER_DISPLAY,
  type MimeBundle,
  type Shown,
  type SummaryTable,
} from "./lib/show/summary.ts";
export { trainingDisplay } from "./lib/show/training.ts";
export { type Verdict, type VerdictTable, verdictTable } from "./lib/show/verdicts.ts";
export { type CountedVocabulary, frequencyEntropy, vocabularyPlot } from "./lib/show/vocabulary.ts";

enterNotebook();
