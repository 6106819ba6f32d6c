import type { Command } from "../command.ts";
import { dirname } from "node:path";
import { dataFlag, modelsFlag } from "../flags.ts";
import type { ListenSettings } from "../../phases/listen.ts";

/** `deno task listen` */
export const listen: Command = {
  name: "listen",
  summary: "Turns a MIDI file into sound: a WAV file.",
  positional: { name: "FILE.mid", help: "MIDI file to play", required: true },
  flags: [
    {
      name: "out",
      type: "path",
      value: "FILE.wav",
      help: "WAV file to write",
      default: "beside FILE.mid",
    },
    {
      name: "soundfont",
      type: "path",
      value: "FILE",
      help: "SoundFont (SF2, SF3, DLS) to play on",
      default: "the piano that comes along",
    },
    {
      name: "overwrite",
      type: "switch",
      help: "Replaces a file that this program did not write",
    },
    dataFlag,
    modelsFlag,
  ],
  example: "deno task listen data/generated/starter.mid",
  needs: ({ _: midi, out, soundfont }) => ({
    read: [String(midi), ...(soundfont === undefined ? [] : [String(soundfont)])],
    write: [dirname(String(out ?? midi))],
  }),
  run: async ({ _: midi, out, soundfont, overwrite }, run) => {
    const { listen } = await import("../../phases/listen.ts");
    const settings = { midi, out, overwrite, soundFont: soundfont } as unknown as ListenSettings;
    return await listen(settings, run);
  },
};
