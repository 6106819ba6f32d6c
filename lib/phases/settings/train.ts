import { chosen, number, onOff, type Table, text, whole } from "./declare.ts";
import { modelName, type Roots, roots, SEED, seed, threads } from "./shared.ts";

/** Settings of `train`. */
export interface TrainSettings extends Roots {
  /** Name of the training corpus. */
  readonly corpus: string;
  /** Name of the new model. */
  readonly name: string;
  /**
   * Architecture: `pitchwise`, the default, plays better; `combination`: the original, one class
   * per combination.
   */
  readonly model?: "combination" | "pitchwise";
  /**
   * Initial weights of a `pitchwise` model: `base`, which ships, any other model, or `nothing`.
   * Default `base`.
   */
  readonly from?: string;
  /** Context length in frames, 4 to 1,000; `combination` only. Default 40. */
  readonly window?: number;
  /** Frames predicted per optimizer step, at least 1. Default 1,024; `pitchwise`: 32. */
  readonly batchSize?: number;
  /**
   * Number of passes over the frames; not together with `minutes`. Default 10; `pitchwise`:
   * `minutes`.
   */
  readonly epochs?: number;
  /** Longest training time in minutes. Default 2 for `pitchwise`. */
  readonly minutes?: number;
  /**
   * Adam's step size, above 0. Default 0.001; `pitchwise` from nothing: 0.002, from a model: less.
   */
  readonly learningRate?: number;
  /**
   * Held-out share of the frames, in whole pieces, on which the loss is measured. Default 0: none.
   */
  readonly holdout?: number;
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed of all random numbers in the run. Default 1. */
  readonly seed?: number;
  /** Whether to resume the stopped run of this name. Default false. */
  readonly resume?: boolean;
  /** Whether to replace a model of this name. Default false: an existing one is kept. */
  readonly overwrite?: boolean;
}

/** Defaults of {@linkcode TrainSettings} for every architecture. */
export const trainDefaults = {
  model: "pitchwise",
  from: "base",
  window: 40,
  epochs: 10,
  minutes: 2,
  holdout: 0,
  seed: SEED,
} as const;

/** Schema of {@linkcode TrainSettings}. */
export const trainTable: Table<TrainSettings> = {
  corpus: text("NAME", "Corpus to learn from", { required: true }),
  name: modelName,
  model: chosen<"combination" | "pitchwise">("Architecture", {
    choices: ["combination", "pitchwise"],
    default: trainDefaults.model,
  }),
  from: text("NAME", "Starting point of pitchwise: base, a model of yours, nothing", {
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
  epochs: whole("N", "Maximum number of passes over the music", {
    least: 1,
    usually: `combination: ${trainDefaults.epochs}`,
  }),
  minutes: number("M", "Maximum training time in minutes, instead of --epochs", {
    least: 0.001,
    most: 100_000,
    usually: `pitchwise: ${trainDefaults.minutes}`,
  }),
  learningRate: number("R", "Learning rate of Adam", {
    above: 0,
    most: 1,
    usually: "0.001; pitchwise: found by a trial, from nothing 0.002",
  }),
  holdout: number(
    "SHARE",
    "Share of the music, in whole pieces, held out to measure the loss",
    { default: trainDefaults.holdout },
  ),
  threads,
  seed,
  resume: onOff("Continues a stopped run"),
  overwrite: onOff("Replaces an existing model of this name"),
  ...roots,
};
