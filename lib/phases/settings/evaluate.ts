import { onOff, path, type Table, text, whole } from "./declare.ts";
import { modelName, type Roots, roots, seed, threads } from "./shared.ts";

/** Settings of `evaluate`. */
export interface EvaluateSettings extends Roots {
  /** Name of the model. */
  readonly model: string;
  /**
   * Folder of MIDI files unseen by the model, on which its predictions are measured. Default: the
   * held-out pieces of its corpus (`holdout`), if there are any.
   */
  readonly midi?: string;
  /**
   * Folder of MIDI files made by the model, tested for copies and for similarity to its training
   * music. A piece's primer is left out where its recipe lies beside it.
   */
  readonly generated?: string;
  /** Name of the report. Default: the model's name. */
  readonly name?: string;
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed for splitting the training pieces into halves, and for the critic's parts. Default 1. */
  readonly seed?: number;
}

/** Settings of a blind test: `midi`, `generated` and the number of excerpts. */
export interface BlindTestSettings extends EvaluateSettings {
  /**
   * Number of excerpts, 2 to 400. Default 40; 155 answers by guessing exclude a detection rate of
   * 60 %.
   */
  readonly excerpts?: number;
}

/** {@linkcode EvaluateSettings} on the command line, where a flag requests a blind test. */
export interface EvaluateWords extends BlindTestSettings {
  readonly blind?: boolean;
}

/** Default number of excerpts in a blind test. */
export const EXCERPTS = 40;

/** Schema of {@linkcode EvaluateWords}. */
export const evaluateTable: Table<EvaluateWords> = {
  model: modelName,
  midi: path("DIR", "MIDI files that the model did not learn from", {
    usually: "what it was trained without",
  }),
  generated: path("DIR", "MIDI files that the model made"),
  blind: onOff(
    "Makes a page on which you hear excerpts of --midi and --generated and say who made them",
  ),
  excerpts: whole("N", "Excerpts of a blind test", { least: 2, most: 400, default: EXCERPTS }),
  name: text("NAME", "Name of the report", { usually: "the model's" }),
  threads,
  seed,
  ...roots,
};
