import type { Command } from "../command.ts";
import { dataFlag, modelsFlag, rootsOf, settingsOf } from "../flags.ts";

/** `deno task clean` */
export const clean: Command = {
  name: "clean",
  summary: "Removes what the phases wrote; never your MIDI files.",
  flags: [{ name: "yes", type: "switch", help: "Removes without asking" }, dataFlag, modelsFlag],
  example: "deno task clean",
  needs: (values) => ({ read: [], write: [rootsOf(values).data, rootsOf(values).models] }),
  run: async (values, { confirm }) => {
    const { clean } = await import("../../phases/clean.ts");
    return await clean(settingsOf(values), { confirm });
  },
};
