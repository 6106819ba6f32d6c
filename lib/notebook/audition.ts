import { basename, dirname, join } from "node:path";
import { type Auditioned, nameOf, sourceOf, variantsOf } from "../phases/audition.ts";
import { generate, type GeneratedPiece } from "../phases/generate.ts";
import type { Run } from "../phases/run.ts";
import type { GenerateSettings } from "../phases/settings/generate.ts";
import { auditionHtml, auditionText } from "../show/audition.ts";
import { JUPYTER_DISPLAY, type MimeBundle } from "../show/summary.ts";
import { checkName, exists, requireNoLink } from "../store/files.ts";
import { writeTogether } from "../store/write.ts";
import { inCell, note } from "./cell.ts";
import { personsPaths } from "./paths.ts";
import { starterFor } from "./starter.ts";

/** What variants are made of, and how many. */
export interface AuditionSettings extends Omit<GenerateSettings, "count" | "recipe"> {
  /** How many variants of each of `each`, with one seed after the other. Default 3. */
  readonly count?: number;
  /** Settings that tell variants apart: `[{ temperature: 0.9 }, { temperature: 1.1 }]`. Default: none. */
  readonly each?: readonly Partial<GenerateSettings>[];
  /** Seconds of each that can be heard in the page. Default 30. */
  readonly hear?: number;
  /** Thousands of bits of sound per second. Default 40. */
  readonly kilobits?: 32 | 40 | 48 | 64 | 80 | 96 | 112 | 128 | 160;
}

/** Several pieces to be heard side by side; shows itself. */
export interface Audition {
  /** From the left, number 1 first. */
  readonly variants: readonly {
    /** The music. */
    readonly piece: GeneratedPiece;
    /** What it was made with. */
    readonly settings: GenerateSettings;
  }[];
  /** What they were asked for with. */
  readonly settings: AuditionSettings;
  /** The pieces with their pictures and sound as HTML, and a line for each as plain text. */
  [JUPYTER_DISPLAY](): MimeBundle;
}

/** One of the variants, as {@linkcode keep} and the others take it. */
export type AuditionVariant = Audition["variants"][number];

let latest: Audition | undefined;
let outputs = 0;

/** The audition that was made last. */
export function latestAudition(): Audition | undefined {
  return latest;
}

/** How many the latest audition had, and how much of each could be heard. */
export function asBefore(): Pick<AuditionSettings, "count" | "hear" | "kilobits"> {
  const { count, hear, kilobits } = latest?.settings ?? {};
  return { count, hear, kilobits };
}

/** Settings that say how long a piece is to be; without one of them it has {@linkcode BARS}. */
const SAY_HOW_LONG = [
  ...["frames", "bars", "seconds"] as const,
  ...["fill", "vary", "melody", "accompaniment"] as const,
];
const BARS = 16;
const COUNT = 3;
const HEAR_SECONDS = 30;
const KILOBITS = 40;

/**
 * Makes some pieces and puts them side by side, to be heard, seen and taken away. What pleases is
 * kept with {@linkcode keep}; {@linkcode again}, {@linkcode bolder}, {@linkcode calmer} and
 * {@linkcode fromBar} go on from there.
 * @throws {Error} as {@linkcode generate} does
 * @example
 * ```ts
 * import { audition } from "../../mod.ts";
 * const { variants } = await audition({ model: "mine", count: 3, bars: 8 });
 * console.log(variants.length);
 * ```
 */
export function audition(settings: AuditionSettings): Promise<Audition> {
  return auditionOf(() => settings);
}

/** What is asked for is looked up in the cell's own work: nothing of it may be there after a stop. */
export function auditionOf(
  settings: () => AuditionSettings | Promise<AuditionSettings>,
): Promise<Audition> {
  return inCell({
    work: async (run) => await makeAudition(personsPaths(await settings()), run),
    shows: (made) => [made],
  });
}

async function makeAudition(settings: AuditionSettings, run: Run): Promise<Audition> {
  const { count = COUNT, each = [{}], hear: _, kilobits: __, ...rest } = settings;
  const variants: AuditionVariant[] = [];
  for (const differing of each) {
    const asked: GenerateSettings = { ...rest, ...personsPaths(differing) };
    const all = SAY_HOW_LONG.some((one) => asked[one] !== undefined)
      ? asked
      : { bars: BARS, ...asked };
    await starterFor(all, run);
    const { pieces } = await generate({ ...all, count }, run);
    pieces.forEach((piece, at) =>
      variants.push({ piece, settings: { ...all, seed: (all.seed ?? 1) + at } })
    );
  }
  const made = variants.map(({ settings }, at) =>
    madeWith(settings, each[Math.floor(at / count)]!)
  );
  return await heard(variants, made, settings, run);
}

/** Variants with their sound, which are the latest audition from now on. */
export async function heard(
  variants: readonly AuditionVariant[],
  made: readonly string[],
  settings: AuditionSettings,
  run: Run,
): Promise<Audition> {
  const { hear = HEAR_SECONDS, kilobits = KILOBITS } = settings;
  const auditioned = variants.map(({ piece, settings }, at): Auditioned => ({
    piece,
    made: made[at]!,
    source: sourceOf(settings),
  }));
  const shown = await variantsOf(auditioned, { seconds: hear, kilobits }, run);
  const id = `audition-${outputs++}-${nameOf(variants[0]!.piece)}`;
  return latest = {
    variants,
    settings,
    [JUPYTER_DISPLAY]: () => ({
      "text/html": auditionHtml(shown, id),
      "text/plain": auditionText(shown),
    }),
  };
}

function madeWith({ seed }: GenerateSettings, differing: Partial<GenerateSettings>): string {
  const rest = Object.entries(differing).filter(([name]) => name !== "seed")
    .map(([name, value]) => `${name} ${inWords(value)}`.trim());
  return [`seed ${seed}`, ...rest].join(", ");
}

/** What a setting says, in few words: of a path the name, of a change how far it goes. */
function inWords(value: unknown): string {
  if (typeof value === "string") return basename(value);
  if (typeof value !== "object" || value === null) return String(value);
  const { distance = "", bars = distance } = value as { distance?: number; bars?: string | number };
  return typeof bars === "object" ? "" : String(bars);
}

/** A variant itself, or its number in the latest audition, from 1. */
export type Chosen = Audition["variants"][number] | number;

/** The variant that is meant. @throws {Error} if there is none */
export function chosen(which: Chosen): AuditionVariant {
  if (typeof which !== "number") return which;
  if (!latest) throw new Error(`There is no variant ${which} yet: call audition(...) first`);
  const variant = latest.variants[which - 1];
  if (variant) return variant;
  throw new RangeError(
    `There is no variant ${which} in the latest audition: it has 1 to ${latest.variants.length}`,
  );
}

/**
 * Moves a variant, its recipe and its sound to `data/favourites`, where nothing is ever replaced:
 * where the name is taken, the next free number follows it.
 * @param name without ending
 * @returns where the MIDI file and its recipe lie now, and all `files` with its sound
 * @throws {Error} if there is no such variant, or its files are gone
 * @example
 * ```ts
 * import { audition, keep } from "../../mod.ts";
 * await audition({ model: "mine", count: 2, bars: 4 });
 * console.log(`${await keep(1, "evening")}`);
 * ```
 */
export async function keep(
  which: Chosen,
  name: string,
): Promise<Pick<GeneratedPiece, "midi" | "recipe"> & { readonly files: readonly string[] }> {
  return await inCell({
    work: async () => await move(chosen(which), checkName(name)),
    shows: ({ midi }) => [note(`Kept as ${midi}`)],
  });
}

/** Where what was kept lies. */
type Kept = Awaited<ReturnType<typeof keep>>;

/** What became of the variants that were kept. */
const keptAs = new WeakMap<GeneratedPiece, Kept>();

/** Where a variant's files lie now. */
export function whereabouts(
  piece: GeneratedPiece,
): { readonly midi: string; readonly recipe: string } {
  return keptAs.get(piece) ?? piece;
}

async function move({ piece, settings }: AuditionVariant, name: string): Promise<Kept> {
  const before = keptAs.get(piece);
  if (before) throw new Error(`Cannot keep ${piece.midi}: it was kept already, as ${before.midi}`);
  const from = join(dirname(piece.midi), basename(piece.midi, ".mid"));
  const files: Record<string, Uint8Array> = {};
  const sources: string[] = [];
  for (const ending of [".json", ".mid", ".musicxml", ".wav"]) {
    const path = `${from}${ending}`;
    if (!await exists(path)) continue;
    files[ending] = await Deno.readFile(path);
    sources.push(path);
  }
  if (files[".mid"] === undefined) {
    throw new Error(`Cannot keep ${piece.midi}: it is no longer there`);
  }
  const favourites = join(settings.data ?? "data", "favourites");
  await requireNoLink(favourites);
  const to = await writeTogether(favourites, name, files);
  for (const path of sources) await Deno.remove(path);
  const kept = {
    midi: `${to}.mid`,
    recipe: `${to}.json`,
    files: Object.keys(files).map((ending) => `${to}${ending}`),
  };
  keptAs.set(piece, kept);
  return kept;
}
