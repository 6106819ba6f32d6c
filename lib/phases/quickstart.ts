import { join } from "node:path";
import { nextStep } from "../show/next_step.ts";
import { type Shown, shown } from "../show/summary.ts";
import { buildStarter } from "../starter/build.ts";
import { generate } from "./generate.ts";
import { listen } from "./listen.ts";
import { preprocess } from "./preprocess.ts";
import { ifPossible, type Run } from "./run.ts";
import { checkSettings } from "./settings/declare.ts";
import { type QuickstartSettings, quickstartTable } from "./settings/quickstart.ts";
import { train } from "./train.ts";

/** What the starter's corpus, model and music are called. No other name is ever made of starter music. */
export const STARTER = "starter";

/** Enough for the starter music to be recognised, short enough to wait for. */
export const STARTER_MINUTES = 0.5;

/**
 * The whole way with the starter music, as a person would go it: MIDI files, a corpus, a model
 * that starts from the one that ships, new music, its sound.
 * @returns the new music, and its sound; undefined where the piano's recordings could not be had
 * @throws {Error} as the phases do
 * @example
 * ```ts
 * import { quickstart } from "../../mod.ts";
 * console.log(`${await quickstart({ seed: 2 })}`);
 * ```
 */
export async function quickstart(
  settings: QuickstartSettings,
  run: Run = {},
): Promise<{ readonly midi: string; readonly wav: string | undefined } & Shown> {
  checkSettings("run quickstart", quickstartTable, settings);
  const { data = "data", models = "models", threads, seed } = settings;
  const say = (summary: unknown) => run.onMessage?.(`${summary}\n`);
  const roots = { data, models }, given = { threads, seed };
  const midi = join(data, "midi", STARTER);
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
  const { midi: made } = piece!; // it is there even where the piano that plays it is not
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
