import { join } from "node:path";
import { preprocess, train } from "../phases/on_demand.ts";
import { STARTER, STARTER_MINUTES } from "../phases/settings/quickstart.ts";
import type { Run } from "../phases/run.ts";
import type { GenerateSettings } from "../phases/settings/generate.ts";
import type { Roots } from "../phases/settings/shared.ts";
import { buildStarter } from "../starter/build.ts";
import { exists } from "../store/files.ts";

/** Makes the starter music's MIDI files if requested and missing. */
export async function starterMidi(midi: string, { data = "data" }: Roots): Promise<void> {
  const folder = join(data, "midi", STARTER);
  const asked = midi === folder || midi.startsWith(join(folder, "/"));
  if (asked && !await exists(midi)) await buildStarter({ out: folder });
}

/** Makes the requested and missing parts of the starter: its model, and its MIDI files. */
export async function starterFor(settings: GenerateSettings, run: Run): Promise<void> {
  const { model, fill, vary, melody, accompaniment, primerMidi, form, between = [] } = settings;
  if (model !== undefined) await starterModel(model, settings, run);
  for (
    const midi of [fill?.midi, vary?.midi, melody, accompaniment, primerMidi, form, ...between]
  ) {
    if (typeof midi === "string") await starterMidi(midi, settings);
  }
}

/** Makes the starter corpus if requested and missing. */
export async function starterCorpus(name: string, roots: Roots, run: Run): Promise<void> {
  const { data = "data" } = roots;
  if (name !== STARTER || await exists(join(data, "corpora", STARTER))) return;
  const midi = join(data, "midi", STARTER);
  await starterMidi(midi, roots);
  await preprocess({ data, midi, name: STARTER }, run);
}

/** Makes the starter model if requested and missing. */
export async function starterModel(name: string, roots: Roots, run: Run): Promise<void> {
  if (name !== STARTER || await exists(join(roots.models ?? "models", STARTER))) return;
  const quiet = { ...run, onMessage: undefined }; // the user wants to hear music
  await starterCorpus(STARTER, roots, quiet);
  const { data, models } = roots;
  await train({ data, models, corpus: STARTER, name: STARTER, minutes: STARTER_MINUTES }, quiet);
}
