/**
 * Writes `docs/options.md` from the settings of all phases: `deno task options`.
 * @module
 */
import { commands } from "../lib/cli/commands.ts";
import { optionsPage } from "../lib/cli/options.ts";
import { flagsFor } from "./task.ts";

flagsFor({
  name: "options",
  summary: "Writes docs/options.md from the settings of all phases.",
  example: "deno task options",
}, {});
await Deno.writeTextFile(
  new URL("../docs/options.md", import.meta.url),
  optionsPage(commands),
);
console.log("docs/options.md");
