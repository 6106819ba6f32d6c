import type { MidiLimits } from "../../midi/music.ts";
import type { ToneMidi } from "../../midi/tone.ts";
import type { ModelKind } from "../../model/model.ts";

/** Where the artifacts of all phases lie. */
export interface Roots {
  /** Folder of corpora, generated music and evaluations. Default `data`. */
  readonly data?: string;
  /** Folder of models. Default `models`. */
  readonly models?: string;
}

/** What `preprocess` reads and how it cuts time. */
export interface PreprocessSettings extends Roots {
  /** Folder of MIDI files, read with all folders in it; or one MIDI file. Never written to. */
  readonly midi: string;
  /** Name of the corpus to be made. */
  readonly name: string;
  /** Steps per beat (quarter note), 1 to 96; the tempo does not matter. Default 4. */
  readonly stepsPerBeat?: number;
  /** Frames per second, 1 to 200, instead of steps per beat: for recordings that follow no beat. */
  readonly framesPerSecond?: number;
  /** Whether frames tell struck notes from held ones, so that repeated notes survive. Default true. */
  readonly attacks?: boolean;
  /** Which parts are read: `piano`, `first`, or `all` but drums. Default `piano`. */
  readonly tracks?: "piano" | "first" | "all";
  /** Keeps only the highest sounding note of each step. Default false. */
  readonly melody?: boolean;
  /** Lets the sustain pedal lengthen notes. Default false. */
  readonly pedal?: boolean;
  /** What a MIDI file may hold before it is skipped. */
  readonly limits?: Partial<MidiLimits>;
}

/** Defaults of {@linkcode PreprocessSettings}. */
export const preprocessDefaults = {
  stepsPerBeat: 4,
  attacks: true,
  tracks: "piano",
  melody: false,
  pedal: false,
} as const;

/** What `train` learns from and for how long. */
export interface TrainSettings extends Roots {
  /** Name of the corpus to learn from. */
  readonly corpus: string;
  /** Name of the model to be made. */
  readonly name: string;
  /** `pitchwise`, the default, plays better; `combination`: the original, one class a combination. */
  readonly model?: ModelKind;
  /**
   * What a `pitchwise` model starts from: `base`, which ships, any model of one's own, or `nothing`.
   * Default `base`.
   */
  readonly from?: string;
  /** How many past frames predict the next one, 4 to 1,000; `combination` only. Default 40. */
  readonly window?: number;
  /** Frames predicted per optimizer step, at least 1. Default 1,024; `pitchwise`: 32. */
  readonly batchSize?: number;
  /** How often every frame is learned from; not together with `minutes`. Default 10; `pitchwise`: `minutes`. */
  readonly epochs?: number;
  /** How long to learn at most, in minutes. Default 2 for `pitchwise`. */
  readonly minutes?: number;
  /** Adam's step size, above 0. Default 0.001; `pitchwise` from nothing: 0.002, from a model: less. */
  readonly learningRate?: number;
  /** Share of the frames, in whole pieces, kept aside to measure the loss on. Default 0: none. */
  readonly holdout?: number;
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed of everything random in the run. Default 1. */
  readonly seed?: number;
  /** Goes on with the run that was stopped under this name. Default false. */
  readonly resume?: boolean;
  /** Replaces a model of this name. Default false: one that is there is left alone. */
  readonly overwrite?: boolean;
}

/** Defaults of {@linkcode TrainSettings} that hold for every architecture. */
export const trainDefaults = {
  model: "pitchwise",
  from: "base",
  window: 40,
  epochs: 10,
  minutes: 2,
  holdout: 0,
  seed: 1,
} as const;

/** What `listen` plays, and on what. */
export interface ListenSettings {
  /** Path of a MIDI file, or a `Midi` object of `@tonejs/midi`; then `out` is needed. */
  readonly midi: string | ToneMidi;
  /** Path of the WAV file to be made. Default: beside the MIDI file, with its name. */
  readonly out?: string;
  /** Replaces a file that this program did not write. Default false. */
  readonly overwrite?: boolean;
  /** Path of a SoundFont (SF2, SF3 or DLS) to play on. Default: the piano that comes along. */
  readonly soundFont?: string;
}

/** What `score` engraves, and how. */
export interface ScoreSettings {
  /** Path of a MIDI file. */
  readonly midi: string;
  /** Path of the SVG file to be made. Default: beside the MIDI file, with its name. */
  readonly out?: string;
  /** What stands above the music. Default: the MIDI file's name. */
  readonly title?: string;
  /** Divides all beats alike, 1 to 48. Default: each beat as its notes ask for. */
  readonly stepsPerBeat?: number;
}

/** What `evaluate` measures. */
export interface EvaluateSettings extends Roots {
  /** Name of the model. */
  readonly model: string;
  /**
   * Folder of MIDI files that the model did not learn from: how well does it predict them? Default:
   * the pieces of its corpus that it was trained without (`holdout`), if there are any.
   */
  readonly midi?: string;
  /**
   * Folder of MIDI files that the model made: are they copied, and like what it learned from? What a
   * piece started from is left out where its recipe lies beside it.
   */
  readonly generated?: string;
  /** Name of the report. Default: the model's name. */
  readonly name?: string;
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed of the halves that the training pieces are split into, and of the critic's parts. Default 1. */
  readonly seed?: number;
}

/** Defaults of {@linkcode EvaluateSettings}. */
export const evaluateDefaults = { seed: 1 } as const;

/** What `quickstart` may be told. */
export interface QuickstartSettings extends Roots {
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed of everything random. Default 1. */
  readonly seed?: number;
}

/** What `clean` removes. */
export interface CleanSettings extends Roots {
  /** Removes without asking. Default false. */
  readonly yes?: boolean;
}
