import { onOff, path, type Table, text, whole } from "./declare.ts";
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

/** What a blind test needs: `midi`, `generated` and how many excerpts of them are heard. */
export interface BlindTestSettings extends EvaluateSettings {
  /** 2 to 400. Default 40; 155 answers of one who guesses exclude that 60 % are found out. */
  readonly excerpts?: number;
}

/** {@linkcode EvaluateSettings} as the shell has them, where one flag makes a blind test of them. */
export interface EvaluateWords extends BlindTestSettings {
  readonly blind?: boolean;
}

/** Excerpts of a blind test where nobody says. */
export const EXCERPTS = 40;

/** What {@linkcode EvaluateWords} may be. */
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
