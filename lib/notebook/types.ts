/** The types that the public API mentions. @module */
export type { PlayerOptions } from "../audio/player.ts";
export type { Report, ReportEntry, ReportTotals } from "../corpus/report.ts";
export type { Area } from "../evaluate/area.ts";
export type { Baselines } from "../evaluate/baselines.ts";
export type { Comparison, OfEach, OfHalves } from "../evaluate/comparison.ts";
export type { CopiedPassage, Copying } from "../evaluate/copying.ts";
export type { Critique, TellingFeature } from "../evaluate/critic.ts";
export type { Likelihood } from "../evaluate/likelihood.ts";
export type { Liveliness } from "../evaluate/liveliness.ts";
export type { Overlap } from "../evaluate/overlap.ts";
export type { Passage } from "../evaluate/passages.ts";
export type { Evaluation, MusicRead, Prediction } from "../evaluate/report.ts";
export type { Histogram, Statistics } from "../evaluate/statistics.ts";
export type { Scorer } from "../evaluate/training.ts";
export type {
  MidiLimits,
  Music,
  Note,
  Part,
  PedalChange,
  TempoChange,
  TimeSignature,
} from "../midi/music.ts";
export type { ToneMidi } from "../midi/tone.ts";
export type { PianoOutput } from "../midi/write.ts";
export type { AdaptedFrom } from "../model/bundle.ts";
export type { ModelKind } from "../model/model.ts";
export type { Audition, AuditionSettings, AuditionVariant, Chosen, Kept } from "./audition.ts";
export type { LayersModel } from "./files.ts";
export type { GlassSettings } from "./glass.ts";
export type { LookSettings } from "./look.ts";
export type { BarChange } from "./plan.ts";
export type { CleanRun, CleanSummary } from "../phases/clean.ts";
export type { EvaluateSummary } from "../phases/evaluate.ts";
export type { GeneratedPiece, GenerateSummary } from "../phases/generate_pieces.ts";
export type { ListenSummary } from "../phases/listen.ts";
export type { PreprocessSummary } from "../phases/preprocess.ts";
export type { QuickstartSummary } from "../phases/quickstart.ts";
export type { Run } from "../phases/run.ts";
export type { ScoreSummary } from "../phases/score.ts";
export type { TrainSummary } from "../phases/train_summary.ts";
export type { Progress, ProgressListener } from "../progress.ts";
export type { MidiRollOptions } from "../show/midi_roll.ts";
export type { PianoRollOptions } from "../show/piano_roll.ts";
export type { Plot, PlotOptions, VegaLiteSpec } from "../show/plot.ts";
export type { ProgressDisplay } from "../show/progress.ts";
export type { Displayed, JUPYTER_DISPLAY, MimeBundle, Shown } from "../show/summary.ts";
export type { Frame } from "../tokens/frame.ts";
export type { Grid, Metre, Piece } from "../tokens/piece.ts";
export type { BarPlan, Likeness, Line, Plan } from "../tokens/plan.ts";
export type { GridLoss, Tokenized, TokenizeSettings } from "../tokens/tokenize.ts";
export type { EpochRecord, History, StepRecord } from "../train/history.ts";
export type { Ending } from "../train/loop.ts";
export type { LayerRow } from "../train/trainer.ts";
export type { HeapOptions } from "../wasm/heap.ts";
