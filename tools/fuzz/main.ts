/**
 * `deno task fuzz`
 * @module
 */
import { chosen, number, path, whole } from "../../lib/phases/settings/declare.ts";
import { progressDisplay } from "../../lib/show/progress.ts";
import { flagsFor } from "../task.ts";
import { fuzz, type FuzzSettings } from "./fuzz.ts";

/** Modules of targets, with the folders of their former failures. */
const MODULES: Readonly<Record<string, string>> = {
  midi: "targets.ts",
  bundles: "bundles.ts",
  openings: "openings.ts",
  recipes: "recipes.ts",
  scores: "scores.ts",
  soundfonts: "soundfonts.ts",
  sounds: "sounds.ts",
};

const { what, ...settings } = flagsFor<
  & Omit<FuzzSettings, "targets" | "hangSeconds">
  & { readonly what: string }
>({
  name: "fuzz",
  summary: "Tries damaged and random files and keeps those that bring out a mistake.",
  example: "deno task fuzz --minutes 10 --seed 7",
}, {
  what: chosen("What is damaged", { choices: Object.keys(MODULES), default: "midi" }),
  minutes: number("M", "How long to try", { default: 1 }),
  inputs: whole("N", "How many to try at most", { usually: "any" }),
  seed: whole("N", "Another seed tries others", { default: 0 }),
  midi: path("DIR", "MIDI files to damage, besides random ones"),
  failures: path("DIR", "Where what brings out a mistake is kept", {
    default: "tests/midi/regressions",
  }),
});
try {
  const onProgress = progressDisplay();
  const summary = await fuzz(
    { ...settings, targets: new URL(MODULES[what]!, import.meta.url).href },
    { onProgress, onMessage: (line) => console.error(line) },
  );
  onProgress.done();
  console.log(String(summary));
  if (summary.failures.length > 0) Deno.exit(1);
} catch (error) {
  console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
  Deno.exit(1);
}
