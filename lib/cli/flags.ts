import type { Flag, Values } from "./command.ts";

/** Where corpora and generated music lie. */
export const dataFlag: Flag = {
  name: "data",
  type: "path",
  value: "DIR",
  help: "Folder of corpora and generated music",
  default: "data",
};
/** Where models lie. */
export const modelsFlag: Flag = {
  name: "models",
  type: "path",
  value: "DIR",
  help: "Folder of models",
  default: "models",
};
/** How many threads compute. */
export const threadsFlag: Flag = {
  name: "threads",
  type: "integer",
  value: "N",
  help: "Threads to compute with",
  default: "all cores, at most 8",
};
/** Where everything random starts. */
export const seedFlag: Flag = {
  name: "seed",
  type: "integer",
  value: "N",
  help: "Seed of everything random",
  default: 1,
};

/** Values of flags as settings: `steps-per-beat` becomes `stepsPerBeat`. */
export function settingsOf<T>(values: Values): T {
  const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [camelCase(name), value]),
  ) as T;
}

/** The folders that the flags name, or their defaults. */
export function rootsOf(values: Values): { data: string; models: string } {
  return { data: String(values.data ?? "data"), models: String(values.models ?? "models") };
}
