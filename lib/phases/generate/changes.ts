import type { CopyFinder } from "../../generate/candidates.ts";
import { prepareChange, type Prepared } from "../../generate/change/prepare.ts";
import type { Scope } from "../../generate/change/scope.ts";
import type { ChangeRecipe } from "../../generate/change/recipe.ts";
import { fillChange } from "../../generate/change/fill.ts";
import { chooseFilling, type ChosenFilling } from "../../generate/change/choose.ts";
import { newNotes } from "../../generate/change/new_notes.ts";
import type { Filling } from "../../generate/change/particles.ts";
import { changeNotes } from "../../midi/edit.ts";
import { readMidi } from "../../midi/read.ts";
import { secondsAt } from "../../midi/tempo.ts";
import type { LoadedModel } from "../../model/load.ts";
import type { ByPitch } from "../../model/model.ts";
import { attempt } from "../../store/files.ts";
import { readMidiBytes } from "../../store/midi_files.ts";
import { type PlacedMusic, placeOnGrid } from "../../tokens/placed.ts";
import type { BarPlan } from "../../tokens/plan.ts";
import { planOf } from "../../tokens/plan_of.ts";
import { copyFinder, type MadePiece, type Player, problemsOf, type Work } from "./pieces.ts";
import { changeRecipesFor, type Source } from "./change_recipes.ts";
import type { Change } from "./wishes.ts";
import type { GenerateSettings } from "../settings/generate.ts";

/**
 * Changes some of a MIDI file's notes: finds what is to go, plans what is to come from what stands
 * around it, lets the model fill it many times, keeps the filling after which the model foresees the
 * music that follows best, and writes the file with these notes in their place.
 * @throws {Error} if the file cannot be read, or there is no such place in it
 */
export async function changedMusic(
  change: Change,
  settings: GenerateSettings,
  player: Player,
): Promise<Work> {
  const { loaded, model: { name } } = player, { byPitch, kind } = loaded.model;
  if (!byPitch) {
    throw new TypeError(
      `Cannot change music with the ${kind} model "${name}": it cannot draw with notes given; ` +
        `train a pitchwise one`,
    );
  }
  const source = await sourceOf(change, loaded);
  const recipes = change.recipe
    ? [change.recipe]
    : changeRecipesFor(change.wish, source, settings, player);
  const copies = copyFinder(loaded);
  return {
    pieces: recipes.map((recipe) => async (onFrame) => {
      const filled = await fill(byPitch, recipe, source, loaded, copies, onFrame);
      return {
        ...await changedPiece(recipe, source, filled, loaded),
        computed: recipe.candidates * filled.prepared.givens.length,
      };
    }),
    title: `Music changed by model "${name}"`,
    rows: (pieces) => {
      const candidates = pieces.reduce((sum, piece) => sum + piece.candidates, 0);
      const dropped = pieces.reduce((sum, piece) => sum + piece.dropped.length, 0);
      return [
        ...pieces.map(({ midi, seconds }) => [midi, `${seconds.toFixed(1)} s`] as const),
        ["changed", pieces[0]!.form],
        [
          "candidates",
          [`${candidates} sampled, ${dropped} dropped`, ...problemsOf(pieces)].join("; "),
        ],
      ];
    },
  };
}

async function sourceOf(
  { recipe, wish }: Change,
  { manifest: { style: { tokenize } } }: LoadedModel,
): Promise<Source> {
  if (tokenize.grid.unit !== "beat") {
    throw new TypeError("Cannot change bars: the model's grid is in seconds, which have none");
  }
  const name = recipe ? recipe.source.name : wish.midi;
  return await attempt(`change ${name}`, async () => {
    const bytes = recipe
      ? Uint8Array.fromBase64(recipe.source.midi)
      : await readMidiBytes(wish.midi);
    const music = readMidi(bytes);
    return { name, bytes, music, placed: placeOnGrid(music, tokenize) };
  });
}

/** A filling that was chosen for a change. */
interface Filled extends ChosenFilling {
  readonly prepared: Prepared;
  /** How many fillings there were. */
  readonly candidates: number;
}

async function fill(
  model: ByPitch,
  recipe: ChangeRecipe,
  source: Source,
  { model: { grid } }: LoadedModel,
  copies: CopyFinder | undefined,
  onFrame: (done: number, total: number) => Promise<void>,
): Promise<Filled> {
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

async function changedPiece(
  recipe: ChangeRecipe,
  { name, bytes, music, placed }: Source,
  { prepared, filling, ...chosen }: Filled,
  { manifest, model: { grid } }: LoadedModel,
): Promise<Omit<MadePiece, "computed">> {
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
  const piece = {
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
    ...chosen,
  };
  return { piece, recipe, bytes: changed };
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
