import { basename, dirname, join } from "node:path";
import { MOST_STYLE } from "../model/sampling.ts";
import type { CardPress, Wishes } from "../page/messages.ts";
import { SHIPPED_MODEL } from "../phases/run.ts";
import type { GenerateSettings } from "../phases/settings/generate.ts";
import { show } from "../show/show.ts";
import { type AuditionVariant, auditionWith, KERNEL } from "./audition.ts";
import { note } from "./cell.ts";
import { duet } from "./file_phases.ts";
import {
  again,
  BOLDER,
  bolder,
  calmer,
  fromBar,
  refill,
  temperatureOf,
  varied,
} from "./further.ts";
import { keep } from "./keep.ts";

/**
 * Handles a press of a button on a card; presses meant for another kernel are left to it.
 * @throws {Error} as the function of that name does
 */
export async function pressed(press: CardPress): Promise<void> {
  if (press.kernel !== KERNEL) return;
  const variant = auditionWith(press.card)?.variants[press.variant];
  if (!variant) return await show(note("This card is no longer known: run its cell again."));
  await ACTS[press.what](variant, press);
}

/** What the buttons do. */
const ACTS: Readonly<
  Record<CardPress["what"], (variant: AuditionVariant, press: CardPress) => Promise<unknown>>
> = {
  keep: (variant) => keep(variant),
  bolder,
  calmer,
  again: (variant) => again(variant),
  from: (variant, { bar = 1 }) => fromBar(bar, variant),
  refill: (variant, { bar = 1 }) => refill(bar, variant),
  page: barsPage,
  ask: (variant, { wishes = {} }) => varied(variant, (own) => settingsFor(wishes, own)),
};

/** Shows the page in which bars of a variant can be made anew, and writes it beside the variant. */
async function barsPage({ piece: { midi }, settings }: AuditionVariant): Promise<void> {
  const { model = SHIPPED_MODEL, data, models } = settings;
  const pageFile = join(dirname(midi), `${basename(midi, ".mid")}-bars.html`);
  await duet({ model, midi, pageFile, ...(data ? { data } : {}), ...(models ? { models } : {}) });
}

/** Weights of the model's style, from only its base to the furthest beyond the model itself. */
const STYLES = [0, 0.5, 1, 1.25, MOST_STYLE] as const;

/** Settings for the positions of the sliders; a slider in the middle requests nothing. */
export async function settingsFor(
  { density = 0, register = 0, boldness = 0, style = 0 }: Wishes,
  { piece }: AuditionVariant,
): Promise<Partial<GenerateSettings>> {
  return {
    ...(density === 0 ? {} : { density: density < 0 ? "sparse" : "full" }),
    ...(register === 0 ? {} : { register: register < 0 ? "low" : "high" }),
    ...(boldness === 0 ? {} : { temperature: await temperatureOf(piece, BOLDER ** boldness) }),
    ...(style === 0 ? {} : { style: STYLES[style + 2]! }),
  };
}
