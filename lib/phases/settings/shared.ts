import { path, type Setting, type Table, text, whole } from "./declare.ts";

/** Where the artifacts of all phases lie. */
export interface Roots {
  /** Folder of corpora, generated music and evaluations. Default `data`. */
  readonly data?: string;
  /** Folder of models. Default `models`. */
  readonly models?: string;
}

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

/** The seed that a phase has unless it is told. */
export const SEED = 1;

/** Seed of everything random. */
export const seed: Setting<number> = whole("N", "Seed of everything random", { default: SEED });

/** Name of a model, without which a phase cannot do. */
export const modelName: Setting<string> = text("NAME", "Name of the model", { required: true });

/** The MIDI file, without which a phase cannot do. */
export const midiFile: Setting<string> = path("FILE.mid", "MIDI file", {
  required: true,
  positional: true,
});
