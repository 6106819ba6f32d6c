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

/** Settings of an audition. */
export interface AuditionSettings extends Omit<GenerateSettings, "count" | "recipe"> {
  /** Number of variants for each entry of `each`, with consecutive seeds. Default 3. */
  readonly count?: number;
  /**
   * Settings that differ between variants: `[{ temperature: 0.9 }, { temperature: 1.1 }]`. Default:
   * none.
   */
  readonly each?: readonly Partial<GenerateSettings>[];
  /** Seconds of audio of each variant in the page. Default 30. */
  readonly hear?: number;
  /** Bit rate of the audio in thousands of bits per second. Default 40. */
  readonly kilobits?: 32 | 40 | 48 | 64 | 80 | 96 | 112 | 128 | 160;
}

/** Several pieces for comparison side by side; displays itself. */
export interface Audition {
  /** The variants from the left, number 1 first. */
  readonly variants: readonly {
    /** The music. */
    readonly piece: GeneratedPiece;
    /** Settings of the variant. */
    readonly settings: GenerateSettings;
  }[];
  /** Settings of the audition. */
  readonly settings: AuditionSettings;
  /** The pieces with their pictures and audio as HTML, and one line for each as plain text. */
  [JUPYTER_DISPLAY](): MimeBundle;
}

/** One of the variants, as accepted by {@linkcode keep} and other functions. */
export type AuditionVariant = Audition["variants"][number];

let latest: Audition | undefined;
let outputs = 0;

/** The latest audition. */
export function latestAudition(): Audition | undefined {
  return latest;
}

/** Number of variants and audio settings of the latest audition. */
export function asBefore(): Pick<AuditionSettings, "count" | "hear" | "kilobits"> {
  const { count, hear, kilobits } = latest?.settings ?? {};
  return { count, hear, kilobits };
}

/** Settings of a piece's length; without any of them it has {@linkcode BARS}. */
const SAY_HOW_LONG = [
  ...["frames", "bars", "seconds"] as const,
  ...["fill", "vary", "melody", "accompaniment"] as const,
];
const BARS = 16;
const COUNT = 3;
const HEAR_SECONDS = 30;
const KILOBITS = 40;

/**
 * Makes several pieces for comparison side by side, to be heard, seen and downloaded. Good ones are
 * kept with {@linkcode keep}; {@linkcode again}, {@linkcode bolder}, {@linkcode calmer} and
 * {@linkcode fromBar} continue from there.
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

/**
 * Makes an audition; its settings are computed in the cell's own work, so that none of it runs
 * after a stop.
 */
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

/** Renders the variants' audio and makes them the latest audition. */
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

/** Short text of a setting's value: the name of a path, the distance of a change. */
function inWords(value: unknown): string {
  if (typeof value === "string") return basename(value);
  if (typeof value !== "object" || value === null) return String(value);
  const { distance = "", bars = distance } = value as { distance?: number; bars?: string | number };
  return typeof bars === "object" ? "" : String(bars);
}

/** A variant itself, or its number in the latest audition, from 1. */
export type Chosen = Audition["variants"][number] | number;

/** The chosen variant. @throws {Error} if there is none */
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
 * Moves a variant, its recipe and its audio to `data/favourites`, where nothing is ever replaced:
 * if the name is taken, the next free number is added.
 * @param name without extension
 * @returns the new paths of the MIDI file and its recipe, and all `files` including the audio
 * @throws {Error} if there is no such variant, or its files are missing
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

/** Paths of a kept variant. */
type Kept = Awaited<ReturnType<typeof keep>>;

/** Paths of the variants that were kept. */
const keptAs = new WeakMap<GeneratedPiece, Kept>();

/** Current paths of a variant's files. */
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
