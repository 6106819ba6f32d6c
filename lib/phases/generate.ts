import { basename, dirname, join } from "node:path";
import { continueMusic } from "../generate/continue.ts";
import { framesToMidi, secondsPerFrame } from "../generate/output.ts";
import { framesToMake } from "../generate/length.ts";
import { readRecipe, type Recipe } from "../generate/recipe.ts";
import { checkSampling } from "../generate/sampling.ts";
import {
  endOf,
  framesFromText,
  type Seed,
  seedAtRandom,
  seedFromNotes,
  seedFromOpening,
  seedFromPiece,
} from "../generate/seed.ts";
import { type LoadedModel, loadModel } from "../model/load.ts";
import { rulesInForce } from "../model/rules.ts";
import { type Shown, shown } from "../show/summary.ts";
import { Random } from "../random.ts";
import { checkName, reason, sha256 } from "../store/files.ts";
import { readMidiFile } from "../store/midi_files.ts";
import { seal } from "../store/seal.ts";
import { type Naming, writeTogether } from "../store/write.ts";
import { encodeCombination } from "../tokens/combination.ts";
import type { Frame } from "../tokens/frame.ts";
import type { Metre, Piece } from "../tokens/piece.ts";
import { tokenize } from "../tokens/tokenize.ts";
import { generatedFolder, modelFolder, nextStep, type Run } from "./run.ts";
import { generateDefaults, type GenerateSettings } from "./settings.ts";

/** One piece that {@linkcode generate} made. */
export interface GeneratedPiece {
  /** The MIDI file. */
  readonly midi: string;
  /** The recipe that makes it again. */
  readonly recipe: string;
  /** All frames that were written, the seed's first. */
  readonly piece: Piece;
  /** How many of them are the seed's. */
  readonly seedFrames: number;
}

/** What {@linkcode generate} made. */
export interface GenerateSummary {
  /** One per piece that was asked for. */
  readonly pieces: readonly GeneratedPiece[];
  /** New frames per second of computing. */
  readonly framesPerSecond: number;
}

/**
 * From a model to new music: choose what to start from, let the model go on, write MIDI files and
 * their recipes. Needs the model's bundle and nothing else.
 * @throws {Error} if the model or a seed cannot be read, a setting is out of range, or a recipe
 *   belongs to another model
 */
export async function generate(
  settings: GenerateSettings,
  run: Run = {},
): Promise<GenerateSummary & Shown> {
  const recipe = settings.recipe === undefined ? undefined : await readRecipe(settings.recipe);
  const modelName = recipe?.model.name ?? settings.model;
  if (modelName === undefined) throw new TypeError("Cannot generate: give --model or --recipe");
  const outputName = checkName(
    settings.name ?? (settings.recipe ? basename(settings.recipe, ".json") : modelName),
  );
  const folder = modelFolder(settings, modelName, "--model");
  const loaded = await loadModel(folder, { threads: settings.threads });
  try {
    const hash = modelHash(loaded);
    if (recipe && recipe.model.hash !== hash) {
      throw new Error(
        `Cannot make ${settings.recipe} again: model "${modelName}" is no longer the one that it was made with`,
      );
    }
    const plans = recipe ? [recipe] : await planPieces(settings, modelName, hash, loaded, run);
    const started = performance.now();
    const music = await continueMusic(loaded.model, plans.map(seedOf), {
      sampling: plans[0]!.sampling,
      lengths: plans.map(({ frames }) => frames),
      seeds: plans.map(({ seed }) => seed),
      stuckAfter: plans[0]!.stuckAfter,
      onFrame: async (done, total) => {
        run.onProgress?.({ task: "generate", done, total });
        if (done % 16 === 0) await new Promise((resolve) => setTimeout(resolve)); // Ctrl-C gets its turn
        run.signal?.throwIfAborted();
      },
    });
    const seconds = (performance.now() - started) / 1000;
    const pieces: GeneratedPiece[] = [];
    const path = join(generatedFolder(settings), outputName);
    for (const [index, plan] of plans.entries()) {
      const number = plans.length === 1 ? undefined : index + 1;
      const naming = { number, overwrite: settings.overwrite };
      pieces.push(await writePiece(path, naming, plan, music[index]!, loaded, run));
    }
    const frames = plans.reduce((sum, plan) => sum + plan.frames, 0);
    return summarize(pieces, frames / seconds, loaded, modelName, settings);
  } finally {
    loaded.model.dispose();
  }
}

/** Which model it was: the SHA-256 of its weights and of its vocabulary. */
function modelHash({ manifest: { files } }: LoadedModel): string {
  return sha256(files["weights.bin"]!.sha256 + files["vocabulary.tsv"]!.sha256);
}

function seedOf({ start: { frames, metres, written } }: Recipe): Seed {
  return { frames: framesFromText(frames), metres, written };
}

/** Recipes of the pieces that the settings ask for. */
async function planPieces(
  settings: GenerateSettings,
  model: string,
  hash: string,
  loaded: LoadedModel,
  run: Run,
): Promise<Recipe[]> {
  const given = Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  );
  const { temperature, topK, topP, stuckAfter, seed, count, dropSeed, velocity } = {
    ...generateDefaults,
    ...given,
  } as typeof generateDefaults & GenerateSettings;
  const sampling = { temperature, topK, topP, rules: rulesInForce([], false) };
  checkSampling(sampling);
  const { grid } = loaded.model;
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw new RangeError(`Cannot make ${count} pieces: a whole number from 1 to 1,000 is needed`);
  }
  if (!(stuckAfter >= 0)) {
    throw new RangeError(`Cannot use --stuck-after ${stuckAfter}: needed 0 or more beats`);
  }
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot use --seed ${seed}: needed a whole number`);
  }
  const stepsPerBeat = grid.unit === "beat" ? grid.steps : grid.steps / 2;
  return await Promise.all(Array.from({ length: count }, async (_, index): Promise<Recipe> => {
    const start = await chooseSeed(settings, loaded, new Random(seed + index));
    if (start.remark !== undefined && index === 0) run.onMessage?.(start.remark);
    return {
      kind: "recipe",
      formatVersion: 1,
      model: { name: model, hash },
      start: {
        frames: start.frames.map(encodeCombination),
        metres: start.metres,
        written: start.written,
      },
      dropSeed,
      frames: framesToMake(settings, generateDefaults.frames, loaded.manifest.style, start),
      sampling,
      stuckAfter: Math.ceil(stuckAfter * stepsPerBeat),
      seed: seed + index,
      velocity: velocityOf(velocity, loaded),
      title: `${model}, seed ${seed + index}`,
      midi: "",
    };
  }));
}

async function chooseSeed(
  settings: GenerateSettings,
  { model, manifest, vocabulary, openings }: LoadedModel,
  random: Random,
): Promise<Seed> {
  const { seedNote, seedMidi, seedRandom } = settings;
  if ([seedNote, seedMidi, seedRandom || undefined].filter((way) => way !== undefined).length > 1) {
    throw new TypeError(
      "Cannot start in two ways: give one of --seed-note, --seed-midi, --seed-random",
    );
  }
  const { tokenize: how, timeSignature: [numerator, denominator] } = manifest.style;
  const metres: Metre[] = how.grid.unit === "beat"
    ? [{ frame: 0, stepsPerBar: how.grid.steps * 4 * numerator / denominator, phase: 0 }]
    : [];
  if (seedNote !== undefined) return seedFromNotes(seedNote, vocabulary, metres);
  if (seedRandom) return seedAtRandom(vocabulary, metres, random);
  if (seedMidi === undefined) return seedFromOpening(openings, how.grid, random);
  try {
    const { frames, metres } = tokenize(await readMidiFile(seedMidi), how);
    return seedFromPiece({ name: seedMidi, frames, metres }, model.window);
  } catch (cause) {
    throw new Error(`Cannot start from ${seedMidi}: ${reason(cause)}`, { cause });
  }
}

function velocityOf(velocity: number | "corpus", { manifest }: LoadedModel): number {
  if (velocity === "corpus") return Math.round(manifest.style.meanVelocity);
  if (Number.isInteger(velocity) && velocity >= 1 && velocity <= 127) return velocity;
  throw new RangeError(`Cannot use velocity ${velocity}: it is 1 to 127, or "corpus"`);
}

async function writePiece(
  path: string,
  naming: Naming,
  plan: Recipe,
  made: readonly Frame[],
  { manifest }: LoadedModel,
  run: Run,
): Promise<GeneratedPiece> {
  const { frames: context, metres, written } = plan.start;
  const seedFrames = plan.dropSeed ? 0 : written;
  const whole = { name: path, frames: [...framesFromText(context), ...made], metres };
  const piece = endOf(whole, seedFrames + made.length);
  const bytes = framesToMidi(piece.frames, manifest.style, plan.velocity, plan.title);
  const hash = sha256(bytes);
  if (plan.midi !== "" && plan.midi !== hash) {
    run.onMessage?.(
      "This is not the music that the recipe was written with: the recipe was changed, or this " +
        "machine computes in another way (other threads, other instructions)",
    );
  }
  const files = { ".json": seal({ ...plan, midi: hash }), ".mid": bytes }; // no music is ever without its recipe
  const at = await writeTogether(dirname(path), basename(path), files, naming);
  return { midi: `${at}.mid`, recipe: `${at}.json`, piece, seedFrames };
}

function summarize(
  pieces: readonly GeneratedPiece[],
  framesPerSecond: number,
  { manifest }: LoadedModel,
  model: string,
  settings: GenerateSettings,
): GenerateSummary & Shown {
  const { style } = manifest;
  const each = secondsPerFrame(style.tokenize.grid, style.beatsPerMinute);
  return shown({ pieces, framesPerSecond }, {
    title: `New music by model "${model}"`,
    rows: [
      ...pieces.map(({ midi, piece: { frames } }) =>
        [midi, `${(frames.length * each).toFixed(1)} s, ${frames.length} frames`] as const
      ),
      ["speed", `${Math.round(framesPerSecond).toLocaleString("en-US")} frames per second`],
      ["again", nextStep("generate", { recipe: pieces[0]!.recipe }, settings)],
      ["next", nextStep("listen", { _: pieces[0]!.midi })],
    ],
  });
}
