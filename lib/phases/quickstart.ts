import { join } from "node:path";
import { fetchPiano } from "../audio/samples.ts";
import { nextStep } from "../show/next_step.ts";
import { type Shown, shown } from "../show/summary.ts";
import { buildStarter } from "../starter/build.ts";
import { generate } from "./generate.ts";
import { listen } from "./listen.ts";
import { preprocess } from "./preprocess.ts";
import { ifPossible, type Run } from "./run.ts";
import { checkSettings } from "./settings/declare.ts";
import {
  type QuickstartSettings,
  quickstartTable,
  STARTER,
  STARTER_MINUTES,
} from "./settings/quickstart.ts";
import { train } from "./train.ts";

/** Runs all phases on the starter music: the phase `quickstart`. */
export async function quickstart(
  settings: QuickstartSettings,
  run: Run = {},
): Promise<{ readonly midi: string; readonly wav: string | undefined } & Shown> {
  checkSettings("run quickstart", quickstartTable, settings);
  const { data = "data", models = "models", threads, seed } = settings;
  const say = (summary: unknown) => run.onMessage?.(`${summary}\n`);
  const roots = { data, models }, given = { threads, seed };
  const midi = join(data, "midi", STARTER);
  fetchPiano(); // while the model learns: one waits for the network, the other for the processor
  await buildStarter({ out: midi });
  say(await preprocess({ ...roots, midi, name: STARTER }, run));
  say(
    await train({
      ...roots,
      ...given,
      corpus: STARTER,
      name: STARTER,
      minutes: STARTER_MINUTES,
      overwrite: true,
    }, run),
  );
  const music = await generate({ ...roots, ...given, model: STARTER }, run);
  say(music);
  const [piece] = music.pieces;
  const { midi: made } = piece!; // it exists even where the piano to play it does not
  const sound = await ifPossible({ ...run, onMessage: say }, () => listen({ midi: made }, run));
  if (sound) say(sound);
  return shown({ midi: made, wav: sound?.file }, {
    title: "New music, made on this machine",
    rows: [
      ["music", made],
      ["sound", sound?.file ?? "none yet: see above"],
      ["more", nextStep("generate", { model: STARTER, seed: 2 }, roots)],
      ["your own", nextStep("preprocess", { midi: "FOLDER", name: "mine" }, roots)],
      ["then", nextStep("train", { corpus: "mine", name: "mine" }, roots)],
      ["and", nextStep("generate", { model: "mine" }, roots)],
    ],
  });
}
