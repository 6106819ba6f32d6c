import { chosen, number, onOff, path, type Setting, type Table, text, whole } from "./declare.ts";
import {
  type CleanSettings,
  type EvaluateSettings,
  type ListenSettings,
  preprocessDefaults,
  type PreprocessSettings,
  type QuickstartSettings,
  type Roots,
  type ScoreSettings,
  trainDefaults,
  type TrainSettings,
} from "./settings.ts";

/** Where the artifacts of all phases lie. */
export const roots: Table<Roots> = {
  data: path("DIR", "Folder of corpora and generated music", { default: "data" }),
  models: path("DIR", "Folder of models", { default: "models" }),
};

/** Threads of the backend. */
export const threads: Setting<number> = whole("N", "Threads to compute with", {
  least: 1,
  most: 8,
  usually: "all cores",
});

/** Seed of everything random. */
export const seed: Setting<number> = whole("N", "Seed of everything random", {
  default: trainDefaults.seed,
});

const modelName = text<string>("NAME", "Name of the model", { required: true });

/** What {@linkcode QuickstartSettings} may be. */
export const quickstartTable: Table<QuickstartSettings> = { threads, seed, ...roots };

/** What {@linkcode PreprocessSettings} may be; `limits` are for programs. */
export const preprocessTable: Table<Omit<PreprocessSettings, "limits">> = {
  midi: path(
    "DIR",
    "Folder of MIDI files (.mid, .midi, .kar, .rmi), with all folders in it; never written to",
    { required: true },
  ),
  name: text("NAME", "Name of the corpus", { required: true }),
  stepsPerBeat: whole("N", "Steps in a quarter note, whatever the tempo", {
    least: 1,
    most: 96,
    default: preprocessDefaults.stepsPerBeat,
  }),
  framesPerSecond: whole("N", "Frames in a second instead, for recordings that follow no beat", {
    least: 1,
    most: 200,
  }),
  attacks: onOff("Does not tell struck notes from held ones: repeated notes become one", {
    default: preprocessDefaults.attacks,
  }),
  tracks: chosen<"piano" | "first" | "all">(
    "Pianos by their programmes, the first part, or all but drums",
    { choices: ["piano", "first", "all"], default: preprocessDefaults.tracks },
  ),
  melody: onOff("Keeps the highest sounding note of each step only"),
  pedal: onOff("Lets the sustain pedal lengthen notes"),
  ...roots,
};

/** What {@linkcode TrainSettings} may be. */
export const trainTable: Table<TrainSettings> = {
  corpus: text("NAME", "Corpus to learn from", { required: true }),
  name: modelName,
  model: chosen<"combination" | "pitchwise">("Architecture", {
    choices: ["combination", "pitchwise"],
    default: trainDefaults.model,
  }),
  from: text("NAME", "What pitchwise starts from: base, a model of yours, nothing", {
    default: trainDefaults.from,
  }),
  window: whole("N", "Past frames that predict the next (combination)", {
    least: 4,
    most: 1000,
    default: trainDefaults.window,
  }),
  batchSize: whole("N", "Frames per optimizer step", {
    least: 1,
    most: 65_536,
    usually: "1024; pitchwise: 32",
  }),
  epochs: whole("N", "How often every frame is learned from at most", {
    least: 1,
    usually: `combination: ${trainDefaults.epochs}`,
  }),
  minutes: number("M", "How long to learn at most, instead of --epochs", {
    least: 0.001,
    most: 100_000,
    usually: `pitchwise: ${trainDefaults.minutes}`,
  }),
  learningRate: number("R", "Step size of Adam", {
    above: 0,
    most: 1,
    usually: "0.001; pitchwise: found by a trial, from nothing 0.002",
  }),
  holdout: number(
    "SHARE",
    "Share of the music, in whole pieces, kept aside to measure the loss on",
    { default: trainDefaults.holdout },
  ),
  threads,
  seed,
  resume: onOff("Goes on with the run that was stopped"),
  overwrite: onOff("Replaces a model of this name"),
  ...roots,
};

const midiFile = path<string>("FILE.mid", "MIDI file", { required: true, positional: true });

/** What {@linkcode ListenSettings} may be. */
export const listenTable: Table<ListenSettings & Roots> = {
  midi: midiFile,
  out: path("FILE.wav", "WAV file to write", { usually: "beside FILE.mid" }),
  soundFont: path("FILE", "SoundFont (SF2, SF3, DLS) to play on", {
    flag: "soundfont",
    usually: "the piano that comes along",
  }),
  overwrite: onOff("Replaces a file that this program did not write"),
  ...roots,
};

/** What {@linkcode ScoreSettings} may be. */
export const scoreTable: Table<ScoreSettings & Roots> = {
  midi: midiFile,
  out: path("FILE.svg", "SVG file to write; several pages are numbered", {
    usually: "beside FILE.mid",
  }),
  title: text("TEXT", "What stands above the music", { usually: "the file's name" }),
  stepsPerBeat: whole("N", "Divides all beats alike", {
    least: 1,
    most: 48,
    usually: "as each beat's notes ask for",
  }),
  ...roots,
};

/** What {@linkcode EvaluateSettings} may be. */
export const evaluateTable: Table<EvaluateSettings> = {
  model: modelName,
  midi: path("DIR", "MIDI files that the model did not learn from", {
    usually: "what it was trained without",
  }),
  generated: path("DIR", "MIDI files that the model made"),
  name: text("NAME", "Name of the report", { usually: "the model's" }),
  threads,
  seed,
  ...roots,
};

/** What {@linkcode CleanSettings} may be. */
export const cleanTable: Table<CleanSettings> = {
  yes: onOff("Removes without asking"),
  ...roots,
};
