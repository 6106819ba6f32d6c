import { join } from "node:path";
import { preprocess } from "../phases/preprocess.ts";
import { STARTER, STARTER_MINUTES } from "../phases/quickstart.ts";
import type { Run } from "../phases/run.ts";
import type { GenerateSettings } from "../phases/settings/generate.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { train } from "../phases/train.ts";
import { buildStarter } from "../starter/build.ts";
import { exists } from "../store/files.ts";

/** Makes the starter music's MIDI files if it is these that are asked for and they are not there. */
export async function starterMidi(midi: string, { data = "data" }: Roots): Promise<void> {
  const folder = join(data, "midi", STARTER);
  const asked = midi === folder || midi.startsWith(join(folder, "/"));
  if (asked && !await exists(midi)) await buildStarter({ out: folder });
}

/** Makes all of the starter's that is asked for and is not there: its model, and its MIDI files. */
export async function starterFor(settings: GenerateSettings, run: Run): Promise<void> {
  const { model, fill, vary, melody, accompaniment, primerMidi, form } = settings;
  if (model !== undefined) await starterModel(model, settings, run);
  for (const midi of [fill?.midi, vary?.midi, melody, accompaniment, primerMidi, form]) {
    if (typeof midi === "string") await starterMidi(midi, settings);
  }
}

/** Makes the starter corpus if it is this that is asked for and it is not there. */
export async function starterCorpus(name: string, roots: Roots, run: Run): Promise<void> {
  const { data = "data" } = roots;
  if (name !== STARTER || await exists(join(data, "corpora", STARTER))) return;
  const midi = join(data, "midi", STARTER);
  await starterMidi(midi, roots);
  await preprocess({ ...rootsOf(roots), midi, name: STARTER }, run);
}

/** Makes the starter model if it is this that is asked for and it is not there. */
export async function starterModel(name: string, roots: Roots, run: Run): Promise<void> {
  if (name !== STARTER || await exists(join(roots.models ?? "models", STARTER))) return;
  const quiet = { ...run, onMessage: undefined }; // somebody wants to hear music
  await starterCorpus(STARTER, roots, quiet);
  await train(
    { ...rootsOf(roots), corpus: STARTER, name: STARTER, minutes: STARTER_MINUTES },
    quiet,
  );
}

/** Where the artifacts lie, without what else the settings say. */
export function rootsOf({ data, models }: Roots): Roots {
  return { data, models };
}
