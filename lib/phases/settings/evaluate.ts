import { path, type Table, text } from "./declare.ts";
import { modelName, type Roots, roots, seed, threads } from "./shared.ts";

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
