import { cleanTable } from "../../phases/tables.ts";
import type { Command } from "../command.ts";
import { rootsOf, taskOf } from "../flags.ts";

/** `deno task clean` */
export const clean: Command = taskOf({
  name: "clean",
  summary: "Removes what the phases wrote; never your MIDI files.",
  table: cleanTable,
  example: "deno task clean",
  needs: (settings) => ({ read: [], write: Object.values(rootsOf(settings)) }),
  run: async (settings, { confirm }) =>
    await (await import("../../phases/clean.ts")).clean(settings, { confirm }),
});
