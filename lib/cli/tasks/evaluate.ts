import type { EvaluateSettings } from "../../phases/evaluate.ts";
import type { Command } from "../command.ts";
import { dataFlag, modelsFlag, rootsOf, seedFlag, settingsOf, threadsFlag } from "../flags.ts";

/** `deno task evaluate` */
export const evaluate: Command = {
  name: "evaluate",
  summary: "Measures how well a model predicts unseen music, and what tells its own music apart.",
  flags: [
    { name: "model", type: "text", value: "NAME", help: "Model to measure", required: true },
    {
      name: "midi",
      type: "path",
      value: "DIR",
      help: "MIDI files that the model did not learn from",
      default: "what it was trained without",
    },
    { name: "generated", type: "path", value: "DIR", help: "MIDI files that the model made" },
    {
      name: "name",
      type: "text",
      value: "NAME",
      help: "Name of the report",
      default: "the model's",
    },
    { name: "json", type: "switch", help: "Prints the report as JSON" },
    threadsFlag,
    seedFlag,
    dataFlag,
    modelsFlag,
  ],
  example: "deno task evaluate --model favourites --midi ~/Music/unseen",
  needs: (values) => ({
    read: [rootsOf(values).data, rootsOf(values).models, values.midi, values.generated]
      .flatMap((path) => path === undefined ? [] : [String(path)]),
    write: [`${rootsOf(values).data}/evaluations`],
  }),
  run: async ({ json, ...values }, run) => {
    const { evaluate } = await import("../../phases/evaluate.ts");
    const summary = await evaluate(settingsOf<EvaluateSettings>(values), run);
    return json ? JSON.stringify(summary, null, 1) : summary;
  },
};
