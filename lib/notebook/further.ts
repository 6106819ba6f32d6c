import { readRecipe } from "../generate/recipe.ts";
import { nameOf } from "../phases/audition.ts";
import type { GeneratedPiece } from "../phases/generate.ts";
import type { GenerateSettings } from "../phases/settings/generate.ts";
import { barLines } from "../show/piano_roll.ts";
import { slice } from "../tokens/excerpt.ts";
import {
  asBefore,
  type Audition,
  auditionOf,
  type AuditionSettings,
  type AuditionVariant,
  type Chosen,
  chosen,
  latestAudition,
} from "./audition.ts";
import { whereabouts } from "./keep.ts";

/** First unused seed after those of the latest audition. */
function nextSeed(): number {
  const seeds = latestAudition()?.variants.map(({ settings }) => settings.seed ?? 1) ?? [0];
  return Math.max(...seeds) + 1;
}

/**
 * More pieces with the settings of the latest audition, or of one variant of it, with other seeds.
 * @param changes settings that are to be different: `{ density: "full" }`
 * @example
 * ```ts
 * import { again, audition } from "../../mod.ts";
 * await audition({ model: "mine", count: 2, bars: 4 });
 * await again(2); // others that are like the second
 * ```
 */
export function again(which?: Chosen, changes: Partial<AuditionSettings> = {}): Promise<Audition> {
  return auditionOf(() => {
    if (which !== undefined) {
      return { ...asBefore(), ...chosen(which).settings, seed: nextSeed(), ...changes };
    }
    const latest = latestAudition();
    if (!latest) throw new Error("There is nothing to make again: call audition(...) first");
    return { ...latest.settings, seed: nextSeed(), ...changes };
  });
}

/** Factor of the temperature from one boldness to the next. */
export const BOLDER = 1.15;

/**
 * More pieces with the settings of a variant, but bolder: less likely notes are sampled more often.
 * @example
 * ```ts
 * import { audition, bolder } from "../../mod.ts";
 * await audition({ model: "mine", count: 2, bars: 4 });
 * await bolder(2);
 * ```
 */
export function bolder(which: Chosen): Promise<Audition> {
  return warmer(which, BOLDER);
}

/**
 * More pieces with the settings of a variant, but calmer: likely notes are sampled more often.
 * @example
 * ```ts
 * import { audition, calmer } from "../../mod.ts";
 * await audition({ model: "mine", count: 2, bars: 4 });
 * await calmer(2);
 * ```
 */
export function calmer(which: Chosen): Promise<Audition> {
  return warmer(which, 1 / BOLDER);
}

function warmer(which: Chosen, factor: number): Promise<Audition> {
  return varied(which, async ({ piece }) => ({ temperature: await temperatureOf(piece, factor) }));
}

/**
 * More pieces with the settings of a variant but for some, which are computed in the cell's own
 * work, where files are found, and named on the cards.
 */
export function varied(
  which: Chosen,
  changes: (variant: AuditionVariant) => Promise<Partial<GenerateSettings>>,
): Promise<Audition> {
  return auditionOf(async () => {
    const variant = chosen(which), each = [await changes(variant)];
    return { ...asBefore(), ...variant.settings, seed: nextSeed(), each };
  });
}

/** Temperature at which a piece was made, times a factor. */
export async function temperatureOf(piece: GeneratedPiece, factor: number): Promise<number> {
  const { sampling } = await readRecipe(whereabouts(piece).recipe);
  return Math.round(sampling.temperature * factor * 100) / 100;
}

/**
 * Several new continuations of a variant from a bar on, of the same total length: everything before
 * the bar stays.
 * @param bar first bar to be made anew, from 2
 * @throws {RangeError} if the variant has no such bar
 * @example
 * ```ts
 * import { audition, fromBar } from "../../mod.ts";
 * await audition({ model: "mine", count: 2, bars: 8 });
 * await fromBar(5, 2); // the second as it is to bar 4, and on from there in other ways
 * ```
 */
export function fromBar(bar: number, which: Chosen): Promise<Audition> {
  return auditionOf(() => onwards(bar, chosen(which)));
}

async function onwards(
  bar: number,
  { piece, settings }: AuditionVariant,
): Promise<AuditionSettings> {
  const { frames, metres } = piece.piece;
  const lines = barLines(metres, 0, frames.length);
  const at = lines.find((line) => line.bar === bar)?.frame;
  const last = lines.at(-1)?.bar ?? 0;
  if (at === undefined || bar < 2) {
    throw new RangeError(
      `Cannot go on from bar ${bar} of ${
        nameOf(piece)
      }: needed 2 to ${last}, a bar within the music`,
    );
  }
  const recipe = await readRecipe(whereabouts(piece).recipe);
  const primerPiece = {
    ...slice({ frames, metres }, 0, at),
    ...("beatsPerMinute" in recipe ? { beatsPerMinute: recipe.beatsPerMinute } : {}),
  };
  const {
    primerNote: _,
    primerMidi: __,
    primerRandom: ___,
    frames: ____,
    seconds: _____,
    ...rest
  } = settings;
  return { ...asBefore(), ...rest, bars: last + 1 - bar, primerPiece, seed: nextSeed() };
}

/**
 * Makes some bars of a variant anew, to fit the music before and after them; everything else stays
 * as it is.
 * @param bars first and last bar, such as `5-8`, or a single one, numbered as in the variant
 * @throws {RangeError} if the variant has no such bars
 * @example
 * ```ts
 * import { audition, refill } from "../../mod.ts";
 * await audition({ model: "mine", count: 2, bars: 8 });
 * await refill("3-4", 2); // bars 3 and 4 of the second made anew
 * ```
 */
export function refill(bars: string | number, which: Chosen): Promise<Audition> {
  return auditionOf(() => {
    const { piece, settings: { model, data, models, touch, style, threads } } = chosen(which);
    const fill = { midi: whereabouts(piece).midi, bars };
    return { ...asBefore(), model, data, models, touch, style, threads, fill, seed: nextSeed() };
  });
}
