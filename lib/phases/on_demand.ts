import type { Run } from "./run.ts";

/** A phase: its settings in, its summary out. */
type Phase<Settings, Summary> = (settings: Settings, run?: Run) => Promise<Summary>;

/** A phase whose modules are loaded when it is first called: the phases are most of the program. */
function onDemand<Settings, Summary>(
  load: () => Promise<Phase<Settings, Summary>>,
): Phase<Settings, Summary> {
  return async (settings, run) => await (await load())(settings, run);
}

// Phases of the same names, loaded on demand.
export const preprocess = onDemand(async () => (await import("./preprocess.ts")).preprocess);
export const train = onDemand(async () => (await import("./train.ts")).train);
export const generate = onDemand(async () => (await import("./generate.ts")).generate);
export const evaluate = onDemand(async () => (await import("./evaluate.ts")).evaluate);
export const listen = onDemand(async () => (await import("./listen.ts")).listen);
export const score = onDemand(async () => (await import("./score.ts")).score);
export const beats = onDemand(async () => (await import("./beats.ts")).beats);
export const duet = onDemand(async () => (await import("./duet.ts")).duet);
export const transcribe = onDemand(async () => (await import("./transcribe.ts")).transcribe);
export const quickstart = onDemand(async () => (await import("./quickstart.ts")).quickstart);
