import { fillSampling } from "../../generate/change/fill.ts";
import {
  changeRecipe,
  type ChangeSource,
  changeSource,
  makeChange,
} from "../../generate/change/make.ts";
import type { ChangeRecipe } from "../../generate/change/recipe.ts";
import type { Scope } from "../../generate/change/scope.ts";
import { readReference } from "../../generate/reference.ts";
import { secondsAt } from "../../midi/tempo.ts";
import type { LoadedModel } from "../../model/load.ts";
import { attempt } from "../../store/files.ts";
import { readMidiBytes } from "../../store/midi_files.ts";
import { type GenerateSettings, withDefaults } from "../settings/generate.ts";
import { copyFinder, type Player, problemsOf, type Work } from "./pieces.ts";
import type { Change, ChangeWish } from "./wishes.ts";

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
  const { style } = loaded.manifest;
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
      const { bytes, frames, ...made } = await makeChange(
        byPitch,
        recipe,
        source,
        style,
        copies,
        onFrame,
      );
      const last = source.placed.all.reduce((t, n) => Math.max(t, n.endTicks), 0);
      return {
        piece: {
          ...made,
          primerFrames: 0,
          seconds: secondsAt(source.music, last),
          form: recipe.form,
        },
        recipe,
        bytes,
        computed: recipe.candidates * frames,
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
): Promise<ChangeSource> {
  if (tokenize.grid.unit !== "beat") {
    throw new TypeError("Cannot change bars: the model's grid is in seconds, which have none");
  }
  const name = recipe ? recipe.source.name : wish.midi;
  return await attempt(`change ${name}`, async () => {
    const bytes = recipe
      ? Uint8Array.fromBase64(recipe.source.midi)
      : await readMidiBytes(wish.midi);
    return changeSource(name, bytes, tokenize);
  });
}

/**
 * Recipes of the changes that the settings ask for, each with the next seed.
 * @throws {RangeError} if the file has no such place
 */
function changeRecipesFor(
  { scope: asked, range }: ChangeWish,
  source: ChangeSource,
  settings: GenerateSettings,
  { loaded, model }: Player,
): ChangeRecipe[] {
  const { plans } = readReference(loaded.files);
  const { seed, count, mostCopied } = withDefaults(settings), { candidates, touch } = settings;
  const { temperature = fillSampling.temperature, topK = 0, topP = fillSampling.topP } = settings;
  const sampling = { ...fillSampling, temperature, topK, topP };
  return Array.from({ length: count }, (_, index) => {
    const own = seed + index;
    const scope: Scope = asked.kind === "share" ? { ...asked, seed: own } : asked;
    const wish = { model, range, scope, sampling, candidates, mostCopied, seed: own, touch };
    return changeRecipe(wish, source, plans, loaded.manifest.style);
  });
}
