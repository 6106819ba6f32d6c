/**
 * `deno task fuzz`
 * @module
 */
import { type Command, helpText, parseFlags } from "../../lib/cli/command.ts";
import { progressDisplay } from "../../lib/show/progress.ts";
import { fuzz, type FuzzSettings } from "./fuzz.ts";

/** Modules of targets, and where the tests look for what brought out a mistake in them. */
const MODULES: Readonly<Record<string, string>> = {
  midi: "targets.ts",
  bundles: "bundles.ts",
  openings: "openings.ts",
  recipes: "recipes.ts",
  soundfonts: "soundfonts.ts",
};

const command: Pick<Command, "name" | "summary" | "flags" | "example"> = {
  name: "fuzz",
  summary: "Tries damaged and random files and keeps those that bring out a mistake.",
  flags: [
    {
      name: "what",
      type: "text",
      value: "WHAT",
      help: "What is damaged",
      default: "midi",
      choices: Object.keys(MODULES),
    },
    { name: "minutes", type: "number", value: "M", help: "How long to try", default: 1 },
    {
      name: "inputs",
      type: "integer",
      value: "N",
      help: "How many to try at most",
      default: "any",
    },
    { name: "seed", type: "integer", value: "N", help: "Another seed tries others", default: 0 },
    { name: "midi", type: "path", value: "DIR", help: "MIDI files to damage, besides random ones" },
    {
      name: "failures",
      type: "path",
      value: "DIR",
      help: "Where what brings out a mistake is kept",
      default: "tests/midi/regressions",
    },
  ],
  example: "deno task fuzz --minutes 10 --seed 7",
};

if (Deno.args.includes("--help")) console.log(helpText(command));
else {
  try {
    const { what = "midi", ...values } = parseFlags(command, Deno.args);
    const settings: FuzzSettings = {
      ...values,
      targets: new URL(MODULES[String(what)]!, import.meta.url).href,
    };
    const onProgress = progressDisplay();
    const summary = await fuzz(settings, { onProgress, onMessage: (line) => console.error(line) });
    onProgress.done();
    console.log(String(summary));
    if (summary.failures.length > 0) Deno.exit(1);
  } catch (error) {
    console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
    Deno.exit(1);
  }
}
