import { dirname } from "node:path";
import { listenTable } from "../../phases/tables.ts";
import type { Command } from "../command.ts";
import { given, taskOf } from "../flags.ts";

/** `deno task listen` */
export const listen: Command = taskOf({
  name: "listen",
  summary: "Turns a MIDI file into sound: a WAV file.",
  table: listenTable,
  example: "deno task listen data/generated/starter.mid",
  needs: ({ midi, out, soundFont }) => ({
    read: given(`${midi}`, soundFont),
    write: [dirname(out ?? `${midi}`)],
  }),
  run: async (settings, run) =>
    await (await import("../../phases/listen.ts")).listen(settings, run),
});
