/** Notebooks that take seconds where a person would give them minutes. */
import { join } from "node:path";
import { preprocess } from "../../lib/phases/preprocess.ts";
import { buildStarter } from "../../lib/starter/build.ts";
import { trainOnly } from "../phases/support.ts";

/** Puts the starter music, its corpus and a model of it, learned in seconds, into a copy of the project. */
export async function starterModel(folder: string, name: string): Promise<void> {
  const data = join(folder, "data"), midi = join(data, "midi", "starter");
  await buildStarter({ out: midi });
  await preprocess({ data, midi, name: "starter" });
  const models = join(folder, "models");
  await trainOnly({ data, models, corpus: "starter", name, minutes: 0.02 });
}

/** A notebook's text with seconds to learn, few candidates and short pieces to judge. */
export function shortened(notebook: string): string {
  return notebook.replace(/\b(minutes( =|: minutes \+)) [\d.]+/g, "$1 0.02")
    .replace("minutes: music.minutes", "minutes: 0.02")
    .replaceAll(/\bbars: (32|12)/g, "bars: 12, candidates: 1")
    .replaceAll("bars: 16", "bars: 8, candidates: 1")
    // The original model has no plan, and so no candidates for a bar.
    .replaceAll(
      /model: (music\.)?name\b|\(\{ model\b(?=, data)|(?<=each = \[\{ )model\b/g,
      "$&, barCandidates: 2",
    )
    .replaceAll(/audition\(\{ model, (?!bars|between)/g, "$&candidates: 2, ")
    .replaceAll(/(model|0\.5), bars, /g, "$&candidates: 1, barCandidates: 2, ");
}
