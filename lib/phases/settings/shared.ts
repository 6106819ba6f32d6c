import { path, type Setting, type Table, text, whole } from "./declare.ts";

/** Folders of the artifacts of all phases. */
export interface Roots {
  /** Folder of corpora, generated music and evaluations. Default `data`. */
  readonly data?: string;
  /** Folder of models. Default `models`. */
  readonly models?: string;
}

/** Schema of {@linkcode Roots}. */
export const roots: Table<Roots> = {
  data: path("DIR", "Folder of corpora and generated music", { default: "data" }),
  models: path("DIR", "Folder of models", { default: "models" }),
};

/** Number of threads of the backend. */
export const threads: Setting<number> = whole("N", "Number of threads", {
  least: 1,
  most: 8,
  usually: "all cores",
});

/** Default seed of a phase. */
export const SEED = 1;

/** Seed of all random numbers. */
export const seed: Setting<number> = whole("N", "Random seed", { default: SEED });

/** Required name of a model. */
export const modelName: Setting<string> = text("NAME", "Name of the model", { required: true });

/** Required MIDI file. */
export const midiFile: Setting<string> = path("FILE.mid", "MIDI file", {
  required: true,
  positional: true,
});
