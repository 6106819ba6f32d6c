import { BUNDLE } from "../../model/bundle_files.ts";
import { framesToMake } from "../../generate/length.ts";
import {
  type Primer,
  primerAtRandom,
  primerFromNotes,
  primerFromOpening,
  primerFromPiece,
} from "../../generate/primer.ts";
import type { PieceRecipe } from "../../generate/recipe.ts";
import type { LoadedModel } from "../../model/load.ts";
import { quartersIn } from "../../midi/metre.ts";
import { midiName } from "../../midi/tone.ts";
import { Random } from "../../random.ts";
import { attempt } from "../../store/files.ts";
import { readMusicFile } from "../../store/music_files.ts";
import { stepsPerBeat } from "../../tokens/bars.ts";
import { encodeCombination } from "../../tokens/combination.ts";
import type { Metre } from "../../tokens/piece.ts";
import { tokenize } from "../../tokens/tokenize.ts";
import { formFor, type Ingredients } from "./plans.ts";
import type { Run } from "../run.ts";
import { BARS_AT_ONCE, generateDefaults } from "../settings/generate.ts";
import type { PieceWish } from "./wishes.ts";

/** Most bars sampled at once; more would take much memory. */
const MOST_AT_ONCE = 512;

/** Recipes of the requested pieces. @throws {Error} if a wish is out of range */
export async function recipesFor(
  wish: PieceWish,
  ingredients: Ingredients,
  run: Run,
): Promise<PieceRecipe[]> {
  const { loaded, model, style: weight } = ingredients, { manifest: { style } } = loaded;
  const { stuckAfter, seed, count, dropPrimer, velocity, touch } = wish;
  const form = await formFor(wish.form, ingredients), isPlanned = form !== undefined;
  const sampling = wish.sampling[isPlanned ? "planned" : "free"];
  const barChoice = barChoiceOf(wish, loaded, isPlanned);
  const said = new Set<string>();
  const recipeOf = (primer: Primer, seed: number): PieceRecipe => {
    const planned = form?.(primer, new Random(seed));
    const beatsPerMinute = planned?.beatsPerMinute ?? primer.beatsPerMinute ?? style.beatsPerMinute;
    const { grid } = style.tokenize;
    const frames = planned?.frames ??
      framesToMake(wish.form.length, generateDefaults.frames, grid, beatsPerMinute, primer);
    if (planned?.remark && !said.has(planned.remark)) {
      said.add(planned.remark);
      run.onMessage?.(planned.remark);
    }
    return {
      kind: "recipe",
      formatVersion: 2,
      model,
      ...(weight === undefined ? {} : { style: weight }),
      start: {
        frames: primer.frames.map(encodeCombination),
        metres: planned?.metres ?? primer.metres,
        written: primer.written,
      },
      dropPrimer,
      frames,
      plan: planned?.plan ?? null,
      ...(planned ? { key: planned.key } : {}),
      form: planned?.form ?? "none",
      sampling,
      stuckAfter: Math.ceil(stuckAfter * stepsPerBeat(loaded.model.grid)),
      seed,
      ...barChoice,
      beatsPerMinute,
      velocity: velocity === "corpus" ? Math.round(style.meanVelocity) : velocity,
      touch,
      title: `${model.name}, seed ${seed}${weight === undefined ? "" : `, style ${weight}`}`,
      midi: "",
    };
  };
  const recipes: PieceRecipe[] = [];
  let primer: Primer | undefined;
  for (let index = 0; index < count; index++) {
    const own = seed + index;
    // A file is read once, even if many pieces start from it.
    if (!primer || wish.primer.primerMidi === undefined) {
      primer = await choosePrimer(wish.primer, loaded, isPlanned, new Random(own));
    }
    if (dropPrimer && primer.written === 0) {
      throw new TypeError("Cannot use --drop-primer: no primer is written, so none can be dropped");
    }
    if (primer.remark !== undefined && index === 0) run.onMessage?.(primer.remark);
    recipes.push(recipeOf(primer, own));
  }
  return recipes;
}

/** Settings for choosing each bar among candidates; none without a plan to compare them with. */
function barChoiceOf(
  { candidates, mostCopied, discriminator: weight, barCandidates: asked }: PieceWish,
  { files }: LoadedModel,
  isPlanned: boolean,
): Pick<PieceRecipe, "barCandidates" | "mostCopied" | "discriminator"> {
  const barCandidates = asked ?? Math.max(1, Math.round(BARS_AT_ONCE / candidates));
  if (barCandidates * candidates > MOST_AT_ONCE) {
    throw new RangeError(
      `Cannot sample ${barCandidates} candidates for a bar of each of ${candidates} pieces: needed ` +
        `1 to ${Math.floor(MOST_AT_ONCE / candidates)} of them`,
    );
  }
  const discriminator = weight ?? generateDefaults.discriminator;
  const knows = files.has(BUNDLE.discriminator), isChosen = isPlanned && barCandidates > 1;
  if (weight && !isChosen || !isPlanned && (asked ?? 1) > 1) {
    throw new TypeError(
      `Cannot use --${weight ? "discriminator" : "bar-candidates"}: ` +
        (isPlanned ? "each bar is sampled only once" : "without a plan, bars are not chosen"),
    );
  }
  if (weight && !knows) throw new TypeError("Cannot use --discriminator: the model has none");
  if (!isChosen) return {};
  return { barCandidates, mostCopied, ...(knows && discriminator > 0 ? { discriminator } : {}) };
}

async function choosePrimer(
  { primerNote, primerMidi, primerPiece, primerRandom }: PieceWish["primer"],
  loaded: LoadedModel,
  planned: boolean,
  random: Random,
): Promise<Primer> {
  const { model, manifest, openings } = loaded;
  const { tokenize: how, timeSignature } = manifest.style;
  const metres: Metre[] = how.grid.unit === "beat"
    ? [{
      ...{ frame: 0, phase: 0, signature: timeSignature },
      stepsPerBar: how.grid.steps * quartersIn(timeSignature),
    }]
    : [];
  if (primerNote !== undefined) return primerFromNotes(primerNote, loaded.vocabulary, metres);
  if (primerPiece) return { ...primerPiece, written: primerPiece.frames.length };
  if (primerRandom) return primerAtRandom(loaded.vocabulary, metres, random);
  if (primerMidi === undefined) {
    if (planned) return { frames: [], metres, written: 0 };
    return primerFromOpening(openings, how.grid, random);
  }
  const name = midiName(primerMidi);
  return await attempt(`start from ${name}`, async () => {
    const { frames, metres, beatsPerMinute } = tokenize(await readMusicFile(primerMidi), how);
    return { ...primerFromPiece({ name, frames, metres }, model.window), beatsPerMinute };
  });
}
