/**
 * New piano music in the manner of your own favourite MIDI files.
 *
 * Each phase is one function whose result is stored on disk: {@linkcode preprocess} makes a corpus
 * from MIDI files, {@linkcode train} a model from a corpus, {@linkcode generate} new music with a
 * model, {@linkcode listen} audio from a MIDI file. Notebooks, tasks and tests call the same
 * functions.
 *
 * @example
 * ```ts
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
import { enterNotebook } from "./lib/notebook/enter.ts";

// The phases, in processing order; in a notebook they display their own results.
export { evaluate, generate, preprocess, train } from "./lib/notebook/phases.ts";
export { beats, duet, listen, quickstart, score, transcribe } from "./lib/notebook/file_phases.ts";
export type { WithPlots } from "./lib/notebook/in_notebook.ts";
export { clean } from "./lib/phases/clean.ts";

// Settings of the phases.
export type { BeatsSettings } from "./lib/phases/settings/beats.ts";
export type { CleanSettings } from "./lib/phases/settings/clean.ts";
export type { DuetSettings } from "./lib/phases/settings/duet.ts";
export type { EvaluateSettings } from "./lib/phases/settings/evaluate.ts";
export type { GenerateSettings } from "./lib/phases/settings/generate.ts";
export type { ListenSettings } from "./lib/phases/settings/listen.ts";
export type { PreprocessSettings } from "./lib/phases/settings/preprocess.ts";
export type { QuickstartSettings } from "./lib/phases/settings/quickstart.ts";
export type { ScoreSettings } from "./lib/phases/settings/score.ts";
export type { SamplingWishes } from "./lib/model/sampling.ts";
export type { Roots } from "./lib/phases/settings/shared.ts";
export type { TranscribeSettings } from "./lib/phases/settings/transcribe.ts";
export type { TrainSettings } from "./lib/phases/settings/train.ts";
export type { Run } from "./lib/phases/run.ts";

// Summaries returned by the phases.
export type { BeatsSummary } from "./lib/phases/beats.ts";
export type { DuetSummary } from "./lib/phases/duet.ts";
export type { EvaluateSummary } from "./lib/phases/evaluate.ts";
export type { GeneratedPiece, GenerateSummary } from "./lib/phases/generate/pieces.ts";
export type { ListenSummary } from "./lib/phases/listen.ts";
export type { PreprocessSummary } from "./lib/phases/preprocess/summary.ts";
export type { ScoreSummary } from "./lib/phases/score.ts";
export type { TranscribeSummary } from "./lib/phases/transcribe.ts";
export type { History, TrainSummary } from "./lib/train/history.ts";
export type { Report } from "./lib/corpus/report.ts";
export type { Evaluation, OfEach, Prediction } from "./lib/evaluate/report.ts";
export type { Copying } from "./lib/evaluate/copying.ts";
export type { Critique } from "./lib/evaluate/critic.ts";
export type { Passage } from "./lib/evaluate/passages.ts";
export type { Histogram, Statistics } from "./lib/evaluate/statistics.ts";
export type { JUPYTER_DISPLAY, MimeBundle, Shown } from "./lib/show/summary.ts";

// Further functions for notebooks.
export {
  type Audition,
  audition,
  type AuditionSettings,
  type Chosen,
} from "./lib/notebook/audition.ts";
export { again, bolder, calmer, fromBar, refill } from "./lib/notebook/further.ts";
export { keep } from "./lib/notebook/keep.ts";
export { changeBar, showPlan } from "./lib/notebook/plan.ts";
export { chooseMusic, type MusicChoice } from "./lib/notebook/own_music.ts";
export { underTheGlass } from "./lib/notebook/glass.ts";
export type { GlassSettings } from "./lib/notebook/glass_steps.ts";
export { look, type LookSettings } from "./lib/notebook/look.ts";

// MIDI files and their frames, for other programs.
export { readMidi } from "./lib/midi/read.ts";
export { type PianoOutput, writeMidi } from "./lib/midi/write.ts";
export { type ToneMidi, toTone } from "./lib/midi/tone.ts";
export { tokenize, type Tokenized, type TokenizeSettings } from "./lib/tokens/tokenize.ts";
export { loadExamples, loadLayersModel, midiRoll } from "./lib/notebook/files.ts";
export { type ProgressDisplay, progressDisplay } from "./lib/show/progress.ts";

// Argument and result types of these functions.
export type { MidiLimits, Music, Note, Part } from "./lib/midi/music.ts";
export type { Frame } from "./lib/tokens/frame.ts";
export type { Grid, Piece } from "./lib/tokens/piece.ts";
export type { Chord, ChordQuality } from "./lib/tokens/chord.ts";
export type { BarPlan, Plan } from "./lib/tokens/plan.ts";
export type { MidiRollOptions } from "./lib/show/piano_roll.ts";
export type { Plot } from "./lib/show/plot.ts";
export type { Progress } from "./lib/progress.ts";

enterNotebook();
