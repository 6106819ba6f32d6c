import { type ChangeRecipe, type PieceRecipe, readRecipe } from "../generate/recipe.ts";
import { readReference } from "../generate/reference.ts";
import { loadModel } from "../model/load.ts";
import { nextStep } from "../show/next_step.ts";
import { type Shown, shown } from "../show/summary.ts";
import { sha256 } from "../store/files.ts";
import { newMusic } from "./generate/new_music.ts";
import {
  type GeneratedPiece,
  type GenerateSummary,
  modelHash,
  namingOf,
  outputPath,
  type Player,
  type Work,
  writeMusic,
} from "./generate/pieces.ts";
import { recipesFor } from "./generate/recipes.ts";
import {
  changeOf,
  type ChangeWish,
  checkAgain,
  piecesOf,
  type PieceWish,
} from "./generate/wishes.ts";
import { breathing, modelFolder, type Run, SHIPPED_MODEL } from "./run.ts";
import { generateDefaults, type GenerateSettings, SAME_MUSIC } from "./settings/generate.ts";
import { checkGenerateSettings } from "./settings/generate_table.ts";

export type { GeneratedPiece, GenerateSummary };

/**
 * Generates new music with a model: chooses a primer, lets the model continue, and writes MIDI
 * files and their recipes. Needs nothing but the model's bundle. With `fill`, `vary`, `melody` or
 * `accompaniment`, it changes part of a MIDI file instead.
 * @throws {Error} if the model or a seed cannot be read, a setting is out of range, or a recipe
 *   belongs to another model
 */
export async function generate(
  settings: GenerateSettings,
  run: Run = {},
): Promise<GenerateSummary & Shown> {
  checkGenerateSettings(settings);
  const { recipe: path, threads } = settings;
  const again = path === undefined ? undefined : await readRecipe(path);
  if (again) checkAgain(settings, again.model.name);
  const asked = again ?? changeOf(settings) ?? piecesOf(settings);
  const usual = "scope" in asked ? SHIPPED_MODEL : undefined;
  const name = again?.model.name ?? settings.model ?? usual;
  if (name === undefined) throw new TypeError("Cannot generate: give --model or --recipe");
  const output = await outputPath(settings, name);
  const style = again ? again.style : settings.style === 1 ? undefined : settings.style;
  const loaded = await loadModel(modelFolder(settings, name, "--model"), { threads, style });
  try {
    const model = { name, hash: modelHash(loaded) };
    if (again && again.model.hash !== model.hash) {
      throw new Error(
        `Cannot make ${path} again: model "${name}" is no longer the one that it was made with`,
      );
    }
    const player = { loaded, model, ...(style === undefined ? {} : { style }) };
    const work = "scope" in asked
      ? await changeWork(asked, player, run)
      : await newWork(asked, player, output, run);
    const { overwrite, data, models } = settings;
    return await makeAll(work, output, { overwrite, data, models }, run);
  } finally {
    loaded.model.dispose();
  }
}

/** Music changed by a recipe or as requested; its modules are loaded when needed. */
async function changeWork(
  asked: ChangeRecipe | ChangeWish,
  player: Player,
  run: Run,
): Promise<Work> {
  const { changedMusic, openSource } = await import("./generate/changes.ts");
  return await changedMusic(asked, await openSource(asked, player), player, run);
}

/** New music, by a recipe or by recipes of the requested pieces. */
async function newWork(
  asked: PieceRecipe | PieceWish,
  player: Player,
  output: string,
  run: Run,
): Promise<Work> {
  const ingredients = { ...player, reference: readReference(player.loaded.files) };
  if (!("kind" in asked)) {
    return newMusic(await recipesFor(asked, ingredients, run), asked, ingredients, output);
  }
  const { mostCopied = generateDefaults.mostCopied } = asked;
  return newMusic([asked], { candidates: 1, mostCopied }, ingredients, output);
}

/** Makes one piece after the other, and writes each with its recipe as soon as it is complete. */
async function makeAll(
  { pieces: makers, title, rows }: Work,
  output: string,
  { overwrite, ...roots }: Pick<GenerateSettings, "overwrite" | "data" | "models">,
  run: Run,
): Promise<GenerateSummary & Shown> {
  const pieces: GeneratedPiece[] = [], firstOf = new Map<string, GeneratedPiece>();
  let frames = 0, milliseconds = 0;
  for (const [index, make] of makers.entries()) {
    const started = performance.now();
    const breathe = breathing(run);
    const made = await make((done, total) => {
      const all = { done: index * total + done, total: makers.length * total };
      run.onProgress?.({ task: "generate", ...all });
      return breathe();
    });
    frames += made.computed;
    milliseconds += performance.now() - started;
    const naming = namingOf(index, makers.length, overwrite);
    const piece = { ...await writeMusic(output, naming, made, run), ...made.piece };
    pieces.push(piece);
    const music = sha256(made.bytes), first = firstOf.get(music);
    if (first) run.onMessage?.(`${piece.midi} is the same music as ${first.midi}: ${SAME_MUSIC}`);
    else firstOf.set(music, piece);
  }
  const framesPerSecond = 1000 * frames / milliseconds;
  return shown({ pieces, framesPerSecond }, {
    title,
    rows: [
      ...rows(pieces, framesPerSecond),
      ["again", nextStep("generate", { recipe: pieces[0]!.recipe }, roots)],
      ["next", nextStep("listen", { _: pieces[0]!.midi })],
    ],
  });
}
