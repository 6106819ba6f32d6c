import type { CopyFinder } from "../../generate/candidates.ts";
import { prepareChange, type Prepared } from "../../generate/change/prepare.ts";
import type { Scope } from "../../generate/change/given.ts";
import type { ChangeRecipe } from "../../generate/change/recipe.ts";
import { fillChange } from "../../generate/change/fill.ts";
import { chooseFilling, type ChosenFilling } from "../../generate/change/choose.ts";
import { newNotes } from "../../generate/change/new_notes.ts";
import type { Filling } from "../../generate/change/particles.ts";
import { changeNotes } from "../../midi/edit.ts";
import { readMidi } from "../../midi/read.ts";
import { secondsAt } from "../../midi/tempo.ts";
import { type LoadedModel, loadModel } from "../../model/load.ts";
import type { ByPitch } from "../../model/model.ts";
import { type Shown, shown } from "../../show/summary.ts";
import { attempt } from "../../store/files.ts";
import { readMidiBytes } from "../../store/midi_files.ts";
import type { Naming } from "../../store/write.ts";
import { type PlacedMusic, placeOnGrid } from "../../tokens/placed.ts";
import type { BarPlan } from "../../tokens/plan.ts";
import {
  copyFinder,
  type GeneratedPiece,
  type GenerateSummary,
  modelHash,
  namingOf,
  outputPath,
  problemsOf,
  writeMusic,
} from "./pieces.ts";
import { changeRecipesFor, type Source } from "./change_recipes.ts";
import type { Change } from "./wishes.ts";
import { framesReported, modelFolder, nextStep, type Run, SHIPPED_MODEL } from "../run.ts";
import type { GenerateSettings } from "../settings/generate.ts";
import { planOf } from "../../tokens/plan_of.ts";

/**
 * Changes some of a MIDI file's notes: finds what is to go, plans what is to come from what stands
 * around it, lets the model fill it many times, keeps the filling after which the model foresees the
 * music that follows best, and writes the file with these notes in their place.
 * @throws {Error} if the file or the model cannot be read, or there is no such place in the file
 */
export async function changeMusic(
  change: Change,
  settings: GenerateSettings,
  run: Run,
): Promise<GenerateSummary & Shown> {
  const modelName = "recipe" in change ? change.recipe.model.name : settings.model ?? SHIPPED_MODEL;
  const path = await outputPath(settings, modelName);
  const folder = modelFolder(settings, modelName, "--model");
  const loaded = await loadModel(folder, { threads: settings.threads });
  try {
    const { model } = loaded, hash = modelHash(loaded);
    if (!model.byPitch) {
      throw new TypeError(
        `Cannot change music with the ${model.kind} model "${modelName}": it cannot draw with ` +
          `notes given; train a pitchwise one`,
      );
    }
    const source = await sourceOf(change, loaded);
    const recipes = "recipe" in change
      ? [sameModel(change.recipe, hash, settings)]
      : changeRecipesFor(change.wish, source, settings, loaded, { name: modelName, hash });
    const copies = copyFinder(loaded), pieces: GeneratedPiece[] = [];
    const started = performance.now();
    let frames = 0;
    for (const [index, recipe] of recipes.entries()) {
      const watch = framesReported(run, index, recipes.length, 8);
      const made = await fillOne(model.byPitch, recipe, source, loaded, copies, watch);
      frames += recipe.candidates * made.prepared.givens.length;
      const naming = namingOf(settings, index, recipes.length);
      pieces.push(await writeChange(path, naming, recipe, source, made, loaded, run));
    }
    const seconds = (performance.now() - started) / 1000;
    return summarize(pieces, frames / seconds, modelName, settings);
  } finally {
    loaded.model.dispose();
  }
}

async function sourceOf(change: Change, { manifest }: LoadedModel): Promise<Source> {
  const { tokenize } = manifest.style;
  if (tokenize.grid.unit !== "beat") {
    throw new TypeError("Cannot change bars: the model's grid is in seconds, which have none");
  }
  const name = "recipe" in change ? change.recipe.source.name : change.wish.midi;
  return await attempt(`change ${name}`, async () => {
    const bytes = "recipe" in change
      ? Uint8Array.fromBase64(change.recipe.source.midi)
      : await readMidiBytes(change.wish.midi);
    const music = readMidi(bytes);
    return { name, bytes, music, placed: placeOnGrid(music, tokenize) };
  });
}

function sameModel(
  recipe: ChangeRecipe,
  hash: string,
  { recipe: path }: GenerateSettings,
): ChangeRecipe {
  if (recipe.model.hash === hash) return recipe;
  throw new Error(
    `Cannot make ${path} again: model "${recipe.model.name}" is no longer the one that it was made with`,
  );
}

/** A filling that was chosen for a change. */
interface Made extends ChosenFilling {
  readonly prepared: Prepared;
  /** How many fillings there were. */
  readonly candidates: number;
}

async function fillOne(
  model: ByPitch,
  recipe: ChangeRecipe,
  source: Source,
  { model: { grid } }: LoadedModel,
  copies: CopyFinder | undefined,
  onFrame: (done: number, total: number) => Promise<void>,
): Promise<Made> {
  const { scope, range, sampling, seed } = recipe;
  const prepared = prepareChange(source.placed, range ?? undefined, scope, grid, source.name);
  const isChange = prepared.removed.size > 0 || scope.kind !== "share";
  const drawing = { particles: isChange ? recipe.candidates : 1, sampling, seed, onFrame };
  const fillings = isChange
    ? await fillChange(model, prepared, recipe.plans, grid, drawing)
    : [unchanged(prepared)];
  const checks = { copies, mostCopied: recipe.mostCopied };
  return {
    prepared,
    candidates: fillings.length,
    ...chooseFilling(fillings, prepared, scope, checks),
  };
}

function unchanged({ was, from, end }: Prepared): Filling {
  return { frames: was.frames.slice(from, end), way: 0, logWeight: 0, foreseen: 0 };
}

async function writeChange(
  path: string,
  naming: Naming,
  recipe: ChangeRecipe,
  { name, bytes, music, placed }: Source,
  { prepared, filling, problems, dropped, candidates }: Made,
  { manifest, model: { grid } }: LoadedModel,
  run: Run,
): Promise<GeneratedPiece> {
  const { scope } = recipe, { kept, was, from, end, fromBar, endBar } = prepared;
  const ownTrack = trackFor(scope, bytes, placed);
  const added = scope.kind === "share" && prepared.removed.size === 0 ? [] : newNotes(
    filling.frames,
    prepared,
    { music, placed, scope, grid, touch: recipe.touch, style: manifest.style, ownTrack },
  );
  const trackName = scope.kind === "accompaniment" ? "Melody" : "Accompaniment";
  const { removed } = prepared;
  const changed = await attempt(
    `change ${name}`,
    () => changeNotes(bytes, placed.all, { removed, added, trackName }),
  );
  const plan = planOf(was, grid), last = placed.all.reduce((t, n) => Math.max(t, n.endTicks), 0);
  return {
    ...await writeMusic(path, naming, recipe, changed, run),
    piece: {
      ...kept,
      frames: [...kept.frames.slice(0, from), ...filling.frames, ...kept.frames.slice(end)],
    },
    primerFrames: 0,
    seconds: secondsAt(music, last),
    plan: {
      ...plan,
      bars: [
        ...plan.bars.slice(0, fromBar),
        ...recipe.plans[filling.way]!.bars.map((bar) => likeEarlier(bar, endBar)),
        ...plan.bars.slice(endBar),
      ],
    },
    form: recipe.form,
    candidates,
    dropped,
    problems,
  };
}

/** A bar's plan as it is read from left to right: it can be like earlier bars only. */
function likeEarlier(bar: BarPlan, endBar: number): BarPlan {
  return bar.like && bar.like.bar >= endBar ? { ...bar, like: null } : bar;
}

/** The new track that notes beside a given voice go to; undefined where the file can have none. */
function trackFor(scope: Scope, bytes: Uint8Array, { all }: PlacedMusic): number | undefined {
  if (scope.kind !== "melody" && scope.kind !== "accompaniment") return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(8) !== 1) return undefined;
  return Math.max(view.getUint16(10), ...all.map(({ track }) => track + 1));
}

function summarize(
  pieces: readonly GeneratedPiece[],
  framesPerSecond: number,
  model: string,
  settings: GenerateSettings,
): GenerateSummary & Shown {
  const [{ form, recipe, midi }] = pieces as [GeneratedPiece];
  const candidates = pieces.reduce((sum, piece) => sum + piece.candidates, 0);
  const dropped = pieces.reduce((sum, piece) => sum + piece.dropped.length, 0);
  return shown({ pieces, framesPerSecond }, {
    title: `Music changed by model "${model}"`,
    rows: [
      ...pieces.map(({ midi, seconds }) => [midi, `${seconds.toFixed(1)} s`] as const),
      ["changed", form],
      [
        "candidates",
        [`${candidates} sampled, ${dropped} dropped`, ...problemsOf(pieces)].join("; "),
      ],
      ["again", nextStep("generate", { recipe }, settings)],
      ["next", nextStep("listen", { _: midi })],
    ],
  });
}
