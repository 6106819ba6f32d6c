import type { Command } from "../command.ts";
import { dirname } from "node:path";
import { dataFlag, modelsFlag, settingsOf } from "../flags.ts";
import type { ScoreSettings } from "../../phases/score.ts";

/** `deno task score` */
export const score: Command = {
  name: "score",
  summary: "Engraves the piano's part of a MIDI file: SVG pages, and MusicXML for MuseScore.",
  positional: { name: "FILE.mid", help: "MIDI file to engrave", required: true },
  flags: [
    {
      name: "out",
      type: "path",
      value: "FILE.svg",
      help: "SVG file to write; several pages are numbered",
      default: "beside FILE.mid",
    },
    {
      name: "title",
      type: "text",
      value: "TEXT",
      help: "What stands above the music",
      default: "the file's name",
    },
    {
      name: "steps-per-beat",
      type: "integer",
      value: "N",
      help: "Divides all beats alike, 1 to 48",
      default: "as each beat's notes ask for",
    },
    dataFlag,
    modelsFlag,
  ],
  example: "deno task score data/generated/starter.mid",
  needs: ({ _: midi, out }) => ({
    read: [String(midi)],
    write: [dirname(String(out ?? midi))],
  }),
  run: async ({ _: midi, ...values }, run) => {
    const { score } = await import("../../phases/score.ts");
    return await score(settingsOf<ScoreSettings>({ midi: midi!, ...values }), run);
  },
};
