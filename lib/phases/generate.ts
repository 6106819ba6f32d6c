import { pieceToMidi, secondsPerFrame } from "../generate/output.ts";
import { framesFromText } from "../generate/primer.ts";
import { endOf } from "../tokens/excerpt.ts";
import { readDiscriminator } from "../generate/discriminator.ts";
import { readRecipe } from "../generate/recipe.ts";
import { readReference } from "../generate/reference.ts";
import { type LoadedModel, loadModel } from "../model/load.ts";
import { type Shown, shown } from "../show/summary.ts";
import type { Naming } from "../store/write.ts";
import { givenOf } from "./settings/declare.ts";
import { choose, type Chosen, sampleCandidates } from "./generate/candidates.ts";
import { changeMusic } from "./generate/changes.ts";
import {
  copyFinder,
  type GeneratedPiece,
  type GenerateSummary,
  modelHash,
  namingOf,
  outputPath,
  problemsOf,
  writeMusic,
} from "./generate/pieces.ts";
import { recipesFor } from "./generate/recipes.ts";
import { checkGenerateSettings } from "./settings/generate_table.ts";
import { changeOf } from "./generate/wishes.ts";
import { modelFolder, nextStep, type Run } from "./run.ts";
import { generateDefaults, type GenerateSettings } from "./settings/generate.ts";

export type { GeneratedPiece, GenerateSummary };

/**
 * From a model to new music: choose what to start from, let the model go on, write MIDI files and
 * their recipes. Needs the model's bundle and nothing else. Or, with `fill`, `vary`, `melody` or
 * `accompaniment`, from a MIDI file to one that is changed in part.
 * @throws {Error} if the model or a seed cannot be read, a setting is out of range, or a recipe
 *   belongs to another model
 */
export async function generate(
  settings: GenerateSettings,
  run: Run = {},
): Promise<GenerateSummary & Shown> {
  checkGenerateSettings(settings);
  const change = await changeOf(settings);
  if (change) return await changeMusic(change, settings, run);
  const recipe = settings.recipe === undefined ? undefined : await readRecipe(settings.recipe);
  const { candidates, mostCopied } = { ...generateDefaults, ...givenOf(settings) };
  const modelName = recipe?.model.name ?? settings.model;
  if (modelName === undefined) throw new TypeError("Cannot generate: give --model or --recipe");
  const path = await outputPath(settings, modelName);
  const folder = modelFolder(settings, modelName, "--model");
  const loaded = await loadModel(folder, { threads: settings.threads });
  try {
    const hash = modelHash(loaded);
    if (recipe && recipe.model.hash !== hash) {
      throw new Error(
        `Cannot make ${settings.recipe} again: model "${modelName}" is no longer the one that it was made with`,
      );
    }
    const reference = readReference(loaded.files);
    const recipes = recipe ? [recipe] : await recipesFor(settings, {
      loaded,
      reference,
      model: { name: modelName, hash },
    }, run);
    const copies = copyFinder(loaded);
    const knows = { copies, discriminator: readDiscriminator(loaded.files, loaded.model.grid) };
    const checks = { grid: loaded.model.grid, ranges: reference.ranges, copies, mostCopied };
    const pieces: GeneratedPiece[] = [];
    const started = performance.now();
    let frames = 0, writing = 0;
    for (const [index, one] of recipes.entries()) {
      const music = await sampleCandidates(loaded.model, one, recipe ? 1 : candidates, knows, {
        done: index,
        of: recipes.length,
        run,
      });
      const chosen = choose(one, music, checks);
      frames += music.length * one.frames * (one.barCandidates ?? 1);
      const from = performance.now();
      const naming = namingOf(settings, index, recipes.length);
      pieces.push(await writePiece(path, naming, chosen, loaded, run));
      writing += performance.now() - from;
    }
    const seconds = (performance.now() - started - writing) / 1000;
    return summarize(pieces, frames / seconds, modelName, settings);
  } finally {
    loaded.model.dispose();
  }
}

async function writePiece(
  path: string,
  naming: Naming,
  { recipe: plan, made, candidates, dropped, problems }: Chosen,
  { manifest }: LoadedModel,
  run: Run,
): Promise<GeneratedPiece> {
  const { frames: context, metres, written } = plan.start;
  const primerFrames = plan.dropPrimer ? 0 : written;
  const whole = { name: path, frames: [...framesFromText(context), ...made], metres };
  const piece = endOf(whole, primerFrames + made.length);
  const { tokenize: { grid }, timeSignature } = manifest.style;
  const { beatsPerMinute, velocity, touch, title: name } = plan;
  const bytes = pieceToMidi(piece, {
    grid,
    timeSignature,
    beatsPerMinute,
    velocity,
    touch,
    style: manifest.style,
    name,
  });
  return {
    ...await writeMusic(path, naming, plan, bytes, run),
    piece,
    primerFrames,
    seconds: piece.frames.length * secondsPerFrame(grid, beatsPerMinute),
    plan: plan.plan,
    form: plan.form,
    candidates,
    dropped,
    problems,
  };
}

function summarize(
  pieces: readonly GeneratedPiece[],
  framesPerSecond: number,
  model: string,
  settings: GenerateSettings,
): GenerateSummary & Shown {
  return shown({ pieces, framesPerSecond }, {
    title: `New music by model "${model}"`,
    rows: [
      ...pieces.map(({ midi, seconds, piece: { frames } }) =>
        [midi, `${seconds.toFixed(1)} s, ${frames.length} frames`] as const
      ),
      ...pieces.length === 1 ? [["form", pieces[0]!.form] as const] : [],
      ["candidates", candidatesText(pieces)],
      ["speed", `${Math.round(framesPerSecond).toLocaleString("en-US")} frames per second`],
      ["again", nextStep("generate", { recipe: pieces[0]!.recipe }, settings)],
      ["next", nextStep("listen", { _: pieces[0]!.midi })],
    ],
  });
}

function candidatesText(pieces: readonly GeneratedPiece[]): string {
  const sampled = pieces.reduce((sum, { candidates }) => sum + candidates, 0);
  const dropped = pieces.flatMap((piece) => piece.dropped);
  const why = new Map<string, number>();
  for (const text of dropped) {
    for (const kind of new Set(text.split("; ").map(kindOf))) {
      why.set(kind, (why.get(kind) ?? 0) + 1);
    }
  }
  const reasons = [...why].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} ${kind}`);
  return [
    `${sampled} sampled, ${dropped.length} dropped${
      reasons.length ? `: ${reasons.join(", ")}` : ""
    }`,
    ...problemsOf(pieces),
  ].join("; ");
}

/** A problem without its numbers: `copied`, `mean pitch`. */
function kindOf(problem: string): string {
  return problem.replace(/(:| -?\d).*/, "");
}
