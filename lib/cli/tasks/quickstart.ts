import type { Command } from "../command.ts";
import { dataFlag, modelsFlag, rootsOf, seedFlag, settingsOf, threadsFlag } from "../flags.ts";

/** `deno task quickstart` */
export const quickstart: Command = {
  name: "quickstart",
  summary: "The whole way with the starter music: preprocess, train, generate, listen.",
  flags: [threadsFlag, seedFlag, dataFlag, modelsFlag],
  example: "deno task quickstart",
  needs: (values) => ({ read: [], write: [rootsOf(values).data, rootsOf(values).models] }),
  run: async (values, run) => {
    const { quickstart } = await import("../../phases/quickstart.ts");
    return await quickstart(settingsOf(values), run);
  },
};
