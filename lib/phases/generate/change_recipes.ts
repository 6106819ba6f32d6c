import { prepareChange } from "../../generate/change/prepare.ts";
import type { Scope } from "../../generate/change/scope.ts";
import type { ChangeRecipe } from "../../generate/change/recipe.ts";
import { fillSampling, plansForChange } from "../../generate/change/fill.ts";
import { touchNear } from "../../generate/change/new_notes.ts";
import { readReference } from "../../generate/reference.ts";
import type { Music } from "../../midi/music.ts";
import type { PlacedMusic } from "../../tokens/placed.ts";
import type { Player } from "./pieces.ts";
import type { ChangeWish } from "./wishes.ts";
import { type GenerateSettings, withDefaults } from "../settings/generate.ts";

/** A file, read and put on the model's grid. */
export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly music: Music;
  readonly placed: PlacedMusic;
}

/** Fillings at once: so many frames in all, but not fewer or more than these. */
const FRAMES_AT_ONCE = 8000, LEAST_FILLINGS = 12, USUAL_FILLINGS = 48;

/**
 * Recipes of the changes that the settings ask for, each with the next seed.
 * @throws {RangeError} if the file has no such place
 */
export function changeRecipesFor(
  { scope: asked, range }: ChangeWish,
  source: Source,
  settings: GenerateSettings,
  { loaded, model }: Player,
): ChangeRecipe[] {
  const { grid } = loaded.model, { plans: others } = readReference(loaded.files);
  const { seed, count, mostCopied } = withDefaults(settings);
  const { temperature = fillSampling.temperature, topK = 0, topP = fillSampling.topP } = settings;
  const sampling = { ...fillSampling, temperature, topK, topP };
  return Array.from({ length: count }, (_, index) => {
    const own = seed + index;
    const scope: Scope = asked.kind === "share" ? { ...asked, seed: own } : asked;
    const prepared = prepareChange(source.placed, range, scope, grid, source.name);
    return {
      kind: "recipe of a change",
      formatVersion: 1,
      model,
      source: { name: source.name, midi: source.bytes.toBase64() },
      range: range ?? null,
      scope,
      plans: plansForChange(prepared, scope, others, grid, own),
      form: formOf(scope, range, source.name),
      sampling,
      candidates: candidatesOf(settings, prepared.givens.length),
      mostCopied,
      seed: own,
      touch: settings.touch ?? touchNear(source.placed, prepared),
      midi: "",
    };
  });
}

function candidatesOf({ candidates }: GenerateSettings, frames: number): number {
  const usual = Math.round(FRAMES_AT_ONCE / Math.max(1, frames));
  return candidates ?? Math.min(USUAL_FILLINGS, Math.max(LEAST_FILLINGS, usual));
}

/** What is done, in words. */
function formOf(scope: Scope, range: ChangeWish["range"], name: string): string {
  const place = (bar: number, beat: number | undefined) =>
    beat === undefined ? `${bar}` : `${bar}.${beat}`;
  const [first, last] = range
    ? [place(range.first, range.firstBeat), place(range.last, range.lastBeat)]
    : [];
  const bars = first === undefined
    ? "all bars"
    : first === last
    ? `bar ${first}`
    : `bars ${first} to ${last}`;
  const what = {
    all: "made anew",
    above: "made anew from a pitch on",
    below: "made anew below a pitch",
    track: "made anew in one track",
    share: "varied",
    melody: "made below the top line",
    accompaniment: "made above what is given",
  }[scope.kind];
  return `${bars} of ${name}, ${what}`;
}
