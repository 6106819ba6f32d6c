import type { Command } from "./command.ts";
import { clean } from "./tasks/clean.ts";
import { evaluate } from "./tasks/evaluate.ts";
import { generate } from "./tasks/generate.ts";
import { listen } from "./tasks/listen.ts";
import { preprocess } from "./tasks/preprocess.ts";
import { quickstart } from "./tasks/quickstart.ts";
import { score } from "./tasks/score.ts";
import { train } from "./tasks/train.ts";

/** All tasks that call a phase, in the order of the music's way. */
export const commands: readonly Command[] = [
  quickstart,
  preprocess,
  train,
  generate,
  listen,
  score,
  evaluate,
  clean,
];
