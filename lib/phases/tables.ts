import type { Setting, Table } from "./declare.ts";
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
  data: {
    type: "path",
    value: "DIR",
    help: "Folder of corpora and generated music",
    default: "data",
  },
  models: { type: "path", value: "DIR", help: "Folder of models", default: "models" },
};

/** Threads of the backend. */
export const threads: Setting<number> = {
  type: "integer",
  value: "N",
  help: "Threads to compute with",
  least: 1,
  most: 8,
  usually: "all cores",
};

/** Seed of everything random. */
export const seed: Setting<number> = {
  type: "integer",
  value: "N",
  help: "Seed of everything random",
  default: trainDefaults.seed,
};

const modelName: Setting<string> = {
  type: "text",
  value: "NAME",
  help: "Name of the model",
  required: true,
};

/** What {@linkcode QuickstartSettings} may be. */
export const quickstartTable: Table<QuickstartSettings> = { threads, seed, ...roots };

/** What {@linkcode PreprocessSettings} may be; `limits` are for programs. */
export const preprocessTable: Table<Omit<PreprocessSettings, "limits">> = {
  midi: {
    type: "path",
    value: "DIR",
    help:
      "Folder of MIDI files (.mid, .midi, .kar, .rmi), with all folders in it; never written to",
    required: true,
  },
  name: { type: "text", value: "NAME", help: "Name of the corpus", required: true },
  stepsPerBeat: {
    type: "integer",
    value: "N",
    help: "Steps in a quarter note, whatever the tempo",
    least: 1,
    most: 96,
    default: preprocessDefaults.stepsPerBeat,
  },
  framesPerSecond: {
    type: "integer",
    value: "N",
    help: "Frames in a second instead, for recordings that follow no beat",
    least: 1,
    most: 200,
  },
  attacks: {
    type: "switch",
    help: "Does not tell struck notes from held ones: repeated notes become one",
    default: preprocessDefaults.attacks,
  },
  tracks: {
    type: "text",
    help: "Pianos by their programmes, the first part, or all but drums",
    choices: ["piano", "first", "all"],
    default: preprocessDefaults.tracks,
  },
  melody: { type: "switch", help: "Keeps the highest sounding note of each step only" },
  pedal: { type: "switch", help: "Lets the sustain pedal lengthen notes" },
  ...roots,
};

/** What {@linkcode TrainSettings} may be. */
export const trainTable: Table<TrainSettings> = {
  corpus: { type: "text", value: "NAME", help: "Corpus to learn from", required: true },
  name: modelName,
  model: {
    type: "text",
    help: "Architecture",
    choices: ["combination", "pitchwise"],
    default: trainDefaults.model,
  },
  from: {
    type: "text",
    value: "NAME",
    help: "What pitchwise starts from: base, a model of yours, nothing",
    default: trainDefaults.from,
  },
  window: {
    type: "integer",
    value: "N",
    help: "Past frames that predict the next (combination)",
    least: 4,
    most: 1000,
    default: trainDefaults.window,
  },
  batchSize: {
    type: "integer",
    value: "N",
    help: "Frames per optimizer step",
    least: 1,
    most: 65_536,
    usually: "1024; pitchwise: 32",
  },
  epochs: {
    type: "integer",
    value: "N",
    help: "How often every frame is learned from at most",
    least: 1,
    usually: `combination: ${trainDefaults.epochs}`,
  },
  minutes: {
    type: "number",
    value: "M",
    help: "How long to learn at most, instead of --epochs",
    least: 0.001,
    most: 100_000,
    usually: `pitchwise: ${trainDefaults.minutes}`,
  },
  learningRate: {
    type: "number",
    value: "R",
    help: "Step size of Adam",
    above: 0,
    most: 1,
    usually: "0.001; pitchwise: found by a trial, from nothing 0.002",
  },
  holdout: {
    type: "number",
    value: "SHARE",
    help: "Share of the music, in whole pieces, kept aside to measure the loss on",
    default: trainDefaults.holdout,
  },
  threads,
  seed,
  resume: { type: "switch", help: "Goes on with the run that was stopped" },
  overwrite: { type: "switch", help: "Replaces a model of this name" },
  ...roots,
};

const midiFile: Setting<string> = {
  type: "path",
  value: "FILE.mid",
  help: "MIDI file",
  required: true,
  positional: true,
};

/** What {@linkcode ListenSettings} may be. */
export const listenTable: Table<ListenSettings & Roots> = {
  midi: midiFile,
  out: { type: "path", value: "FILE.wav", help: "WAV file to write", usually: "beside FILE.mid" },
  soundFont: {
    type: "path",
    value: "FILE",
    flag: "soundfont",
    help: "SoundFont (SF2, SF3, DLS) to play on",
    usually: "the piano that comes along",
  },
  overwrite: { type: "switch", help: "Replaces a file that this program did not write" },
  ...roots,
};

/** What {@linkcode ScoreSettings} may be. */
export const scoreTable: Table<ScoreSettings & Roots> = {
  midi: midiFile,
  out: {
    type: "path",
    value: "FILE.svg",
    help: "SVG file to write; several pages are numbered",
    usually: "beside FILE.mid",
  },
  title: {
    type: "text",
    value: "TEXT",
    help: "What stands above the music",
    usually: "the file's name",
  },
  stepsPerBeat: {
    type: "integer",
    value: "N",
    help: "Divides all beats alike",
    least: 1,
    most: 48,
    usually: "as each beat's notes ask for",
  },
  ...roots,
};

/** What {@linkcode EvaluateSettings} may be. */
export const evaluateTable: Table<EvaluateSettings> = {
  model: modelName,
  midi: {
    type: "path",
    value: "DIR",
    help: "MIDI files that the model did not learn from",
    usually: "what it was trained without",
  },
  generated: { type: "path", value: "DIR", help: "MIDI files that the model made" },
  name: { type: "text", value: "NAME", help: "Name of the report", usually: "the model's" },
  threads,
  seed,
  ...roots,
};

/** What {@linkcode CleanSettings} may be. */
export const cleanTable: Table<CleanSettings> = {
  yes: { type: "switch", help: "Removes without asking" },
  ...roots,
};
