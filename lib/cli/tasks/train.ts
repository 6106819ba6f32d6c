import type { Command } from "../command.ts";
import { dataFlag, modelsFlag, rootsOf, seedFlag, settingsOf, threadsFlag } from "../flags.ts";
import { trainDefaults, type TrainSettings } from "../../phases/settings.ts";

/** `deno task train` */
export const train: Command = {
  name: "train",
  summary: "Trains a model on a corpus.",
  flags: [
    { name: "corpus", type: "text", value: "NAME", help: "Corpus to learn from", required: true },
    { name: "name", type: "text", value: "NAME", help: "Name of the model", required: true },
    {
      name: "model",
      type: "text",
      value: "KIND",
      choices: ["combination", "pitchwise"],
      help: "Architecture",
      default: trainDefaults.model,
    },
    {
      name: "from",
      type: "text",
      value: "NAME",
      help: "Starts from this model: base, one of yours, or nothing (pitchwise)",
      default: trainDefaults.from,
    },
    {
      name: "window",
      type: "integer",
      value: "N",
      help: "Past frames that predict the next (combination)",
      default: trainDefaults.window,
    },
    {
      name: "batch-size",
      type: "integer",
      value: "N",
      help: "Frames per optimizer step",
      default: "1024; pitchwise: 32",
    },
    {
      name: "epochs",
      type: "integer",
      value: "N",
      help: "Times that every frame is learned from",
      default: "10; pitchwise: see --minutes",
    },
    {
      name: "minutes",
      type: "number",
      value: "M",
      help: "Learns for M minutes, less where no more is to be gained",
      default: "2 for pitchwise",
    },
    {
      name: "learning-rate",
      type: "number",
      value: "R",
      help: "Step size of Adam",
      default: "0.001; pitchwise: 0.0005, from nothing 0.002",
    },
    {
      name: "holdout",
      type: "number",
      value: "SHARE",
      help: "Share of the music, in whole pieces, kept aside to measure the loss on",
      default: trainDefaults.holdout,
    },
    threadsFlag,
    seedFlag,
    { name: "resume", type: "switch", help: "Goes on with the run that was stopped" },
    { name: "overwrite", type: "switch", help: "Replaces a model of this name" },
    dataFlag,
    modelsFlag,
  ],
  example: "deno task train --corpus favourites --name favourites --minutes 10",
  needs: (values) => ({ read: [rootsOf(values).data], write: [rootsOf(values).models] }),
  run: async (values, run) => {
    const { train } = await import("../../phases/train.ts");
    return await train(settingsOf<TrainSettings>(values), run);
  },
};
