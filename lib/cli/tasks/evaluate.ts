import { evaluateTable } from "../../phases/tables.ts";
import type { Command } from "../command.ts";
import { given, rootsOf, taskOf } from "../flags.ts";

/** `deno task evaluate` */
export const evaluate: Command = taskOf({
  name: "evaluate",
  summary: "Measures how well a model predicts unseen music, and what tells its own music apart.",
  table: evaluateTable,
  extra: [{ name: "json", type: "switch", help: "Prints the report as JSON" }],
  example: "deno task evaluate --model favourites --midi ~/Music/unseen",
  needs: (settings) => ({
    read: [...Object.values(rootsOf(settings)), ...given(settings.midi, settings.generated)],
    write: [`${rootsOf(settings).data}/evaluations`],
  }),
  run: async (settings, run, { json }) => {
    const { evaluate } = await import("../../phases/evaluate.ts");
    const summary = await evaluate(settings, run);
    return json ? JSON.stringify(summary, null, 1) : summary;
  },
});
