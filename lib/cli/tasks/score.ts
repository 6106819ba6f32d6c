import { dirname } from "node:path";
import { scoreTable } from "../../phases/tables.ts";
import type { Command } from "../command.ts";
import { taskOf } from "../flags.ts";

/** `deno task score` */
export const score: Command = taskOf({
  name: "score",
  summary: "Engraves the piano's part of a MIDI file: SVG pages, and MusicXML for MuseScore.",
  table: scoreTable,
  example: "deno task score data/generated/starter.mid",
  needs: ({ midi, out }) => ({ read: [midi], write: [dirname(out ?? midi)] }),
  run: async (settings, run) => await (await import("../../phases/score.ts")).score(settings, run),
});
