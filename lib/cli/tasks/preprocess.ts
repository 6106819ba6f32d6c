import type { Command } from "../command.ts";
import { dataFlag, modelsFlag, rootsOf, settingsOf } from "../flags.ts";
import { preprocessDefaults, type PreprocessSettings } from "../../phases/settings.ts";

/** `deno task preprocess` */
export const preprocess: Command = {
  name: "preprocess",
  summary: "Makes a corpus (frames, combinations, vocabulary) from a folder of MIDI files.",
  flags: [
    { name: "midi", type: "path", value: "DIR", help: "Folder of MIDI files", required: true },
    { name: "name", type: "text", value: "NAME", help: "Name of the corpus", required: true },
    {
      name: "steps-per-beat",
      type: "integer",
      value: "N",
      help: "Steps in a quarter note",
      default: preprocessDefaults.stepsPerBeat,
    },
    {
      name: "frames-per-second",
      type: "integer",
      value: "N",
      help: "Frames in a second, instead, for recordings that follow no beat",
      default: "none",
    },
    {
      name: "attacks",
      type: "switch",
      negated: true,
      help: "Does not tell struck notes from held ones",
    },
    {
      name: "tracks",
      type: "text",
      value: "WHICH",
      choices: ["piano", "first", "all"],
      help: "Parts to read",
      default: preprocessDefaults.tracks,
    },
    { name: "melody", type: "switch", help: "Keeps the highest note of each step only" },
    { name: "pedal", type: "switch", help: "Lets the sustain pedal lengthen notes" },
    dataFlag,
    modelsFlag,
  ],
  example: "deno task preprocess --midi ~/Music/piano --name favourites",
  needs: (values) => ({ read: [String(values.midi)], write: [rootsOf(values).data] }),
  run: async (values, run) => {
    const { preprocess } = await import("../../phases/preprocess.ts");
    return await preprocess(settingsOf<PreprocessSettings>(values), run);
  },
};
