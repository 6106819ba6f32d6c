import type { FuzzSettings } from "../fuzz.ts";
import type { Command } from "../command.ts";
import { settingsOf } from "../flags.ts";

/** `deno task fuzz` */
export const fuzz: Command = {
  name: "fuzz",
  summary: "Tries damaged and random MIDI files and keeps those that bring out a mistake.",
  flags: [
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
  needs: ({ midi, failures }) => ({
    read: midi === undefined ? [] : [String(midi)],
    write: [String(failures ?? "tests/midi/regressions")],
  }),
  run: async (values, run) => {
    const { fuzz } = await import("../fuzz.ts");
    return await fuzz(settingsOf<FuzzSettings>(values), run);
  },
};
