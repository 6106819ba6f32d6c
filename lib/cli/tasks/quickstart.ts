import { quickstartTable } from "../../phases/tables.ts";
import type { Command } from "../command.ts";
import { rootsOf, taskOf } from "../flags.ts";

/** `deno task quickstart` */
export const quickstart: Command = taskOf({
  name: "quickstart",
  summary: "The whole way with the starter music: preprocess, train, generate, listen.",
  table: quickstartTable,
  example: "deno task quickstart",
  saves: true,
  needs: (settings) => ({ read: [], write: Object.values(rootsOf(settings)) }),
  run: async (settings, run) =>
    await (await import("../../phases/quickstart.ts")).quickstart(settings, run),
});
