import { trainTable } from "../../phases/tables.ts";
import type { Command } from "../command.ts";
import { rootsOf, taskOf } from "../flags.ts";

/** `deno task train` */
export const train: Command = taskOf({
  name: "train",
  summary: "Trains a model on a corpus.",
  table: trainTable,
  example: "deno task train --corpus favourites --name favourites --minutes 10",
  saves: true,
  needs: (settings) => ({ read: [rootsOf(settings).data], write: [rootsOf(settings).models] }),
  run: async (settings, run) => await (await import("../../phases/train.ts")).train(settings, run),
});
