import { preprocessTable } from "../../phases/tables.ts";
import type { Command } from "../command.ts";
import { rootsOf, taskOf } from "../flags.ts";

/** `deno task preprocess` */
export const preprocess: Command = taskOf({
  name: "preprocess",
  summary: "Makes a corpus (frames, combinations, vocabulary) from a folder of MIDI files.",
  table: preprocessTable,
  example: "deno task preprocess --midi ~/Music/piano --name favourites",
  needs: (settings) => ({ read: [settings.midi], write: [rootsOf(settings).data] }),
  run: async (settings, run) =>
    await (await import("../../phases/preprocess.ts")).preprocess(settings, run),
});
