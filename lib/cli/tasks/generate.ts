import type { Command } from "../command.ts";
import { dataFlag, modelsFlag, rootsOf, seedFlag, settingsOf, threadsFlag } from "../flags.ts";
import { generateDefaults, type GenerateSettings } from "../../phases/settings.ts";

/** `deno task generate` */
export const generate: Command = {
  name: "generate",
  summary: "Makes new music with a model: a MIDI file and the recipe that makes it again.",
  flags: [
    {
      name: "model",
      type: "text",
      value: "NAME",
      help: "Model to play",
      default: "the recipe's",
    },
    {
      name: "name",
      type: "text",
      value: "OUT",
      help: "Name of the file",
      default: "the model's, with the next free number",
    },
    { name: "overwrite", type: "switch", help: "Replaces earlier music of this name" },
    {
      name: "frames",
      type: "integer",
      value: "N",
      help: "New frames",
      default: generateDefaults.frames,
    },
    { name: "bars", type: "integer", value: "N", help: "New bars; ends on a bar line" },
    { name: "seconds", type: "number", value: "S", help: "New music in seconds" },
    {
      name: "seed-note",
      type: "text",
      value: "NOTES",
      help: "Starts from silence and a note (C4) or combination (60,64,67)",
      default: "the first bar of a piece of the corpus",
    },
    {
      name: "seed-midi",
      type: "path",
      value: "FILE",
      help: "Starts from the end of a MIDI file",
    },
    { name: "seed-random", type: "switch", help: "Starts from random combinations" },
    { name: "drop-seed", type: "switch", help: "Leaves the seed out of the file" },
    {
      name: "temperature",
      type: "number",
      value: "T",
      help: "Below 1: likelier; above 1: bolder",
      default: generateDefaults.temperature,
    },
    {
      name: "top-k",
      type: "integer",
      value: "K",
      help: "Draws from the K likeliest; 0: all",
      default: generateDefaults.topK,
    },
    {
      name: "top-p",
      type: "number",
      value: "P",
      help: "Draws from the likeliest that together have probability P",
      default: generateDefaults.topP,
    },
    {
      name: "stuck-after",
      type: "number",
      value: "BEATS",
      help: "Beats after which a frame that stays the same must change; 0: never",
      default: generateDefaults.stuckAfter,
    },
    {
      name: "velocity",
      type: "text",
      value: "V",
      help: "Velocity of all notes, 1 to 127, or corpus for its mean",
      default: generateDefaults.velocity,
    },
    seedFlag,
    {
      name: "count",
      type: "integer",
      value: "N",
      help: "Pieces to make",
      default: generateDefaults.count,
    },
    { name: "recipe", type: "path", value: "FILE", help: "Makes again what a recipe says" },
    threadsFlag,
    dataFlag,
    modelsFlag,
  ],
  example: "deno task generate --model favourites --bars 32 --temperature 0.9",
  needs: (values) => ({
    read: [rootsOf(values).models, values["seed-midi"], values.recipe].flatMap((path) =>
      path === undefined ? [] : [String(path)]
    ),
    write: [`${rootsOf(values).data}/generated`],
  }),
  run: async (values, run) => {
    const { generate } = await import("../../phases/generate.ts");
    const { velocity } = values;
    const settings = settingsOf<GenerateSettings>({
      ...values,
      ...(velocity !== undefined && velocity !== "corpus" ? { velocity: Number(velocity) } : {}),
    });
    return await generate(settings, run);
  },
};
