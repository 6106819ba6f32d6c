import { chosen, number, onOff, type Table, text, whole } from "./declare.ts";
import { modelName, type Roots, roots, SEED, seed, threads } from "./shared.ts";

/** What `train` learns from and for how long. */
export interface TrainSettings extends Roots {
  /** Name of the corpus to learn from. */
  readonly corpus: string;
  /** Name of the model to be made. */
  readonly name: string;
  /** `pitchwise`, the default, plays better; `combination`: the original, one class a combination. */
  readonly model?: "combination" | "pitchwise";
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
  seed: SEED,
} as const;

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
