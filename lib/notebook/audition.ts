import { basename } from "node:path";
import { type Auditioned, cardScript, nameOf, sourceOf, variantsOf } from "../phases/audition.ts";
import { openModel } from "../model/bundle.ts";
import type { GeneratedPiece } from "../phases/generate.ts";
import { generate } from "../phases/on_demand.ts";
import { modelFolder, type Run, SHIPPED_MODEL } from "../phases/run.ts";
import { type GenerateSettings, SAME_MUSIC } from "../phases/settings/generate.ts";
import { auditionHtml, auditionText } from "../show/audition.ts";
import { JUPYTER_DISPLAY, type MimeBundle } from "../show/summary.ts";
import { countText } from "../show/text.ts";
import { sha256 } from "../store/files.ts";
import { readRecipe } from "../generate/recipe.ts";
import { inNotebook } from "../show/jupyter.ts";
import { inCell } from "./cell.ts";
import { personsPaths } from "./paths.ts";
import { isKeptShort, soundFor } from "./sound.ts";
import { starterFor } from "./starter.ts";

/** Settings of an audition. */
export interface AuditionSettings extends Omit<GenerateSettings, "count" | "recipe"> {
  /** Number of variants for each entry of `each`, with consecutive seeds. Default 3. */
  readonly count?: number;
  /** Settings that differ between variants: `[{ temperature: 0.9 }, { temperature: 1.1 }]`. */
  readonly each?: readonly Partial<Omit<GenerateSettings, "recipe">>[];
  /** Seconds of audio of each variant in the page. Default: all. */
  readonly hear?: number;
  /** Bit rate of the audio in thousands of bits per second. Default 40. */
  readonly kilobits?: 16 | 24 | 32 | 40 | 48 | 64 | 80 | 96 | 112 | 128 | 160;
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
  const variants: AuditionVariant[] = [], made: string[] = [];
  for (const given of each) {
    const differing = personsPaths(given), asked: GenerateSettings = { ...rest, ...differing };
    const all = SAY_HOW_LONG.some((one) => asked[one] !== undefined)
      ? asked
      : { bars: BARS, ...asked };
    await starterFor(all, run);
    for (const { piece, settings, temperature } of await differentPieces({ ...all, count }, run)) {
      variants.push({ piece, settings });
      made.push(madeWith(settings, { ...given, ...temperature }));
    }
  }
  return await heard(variants, made, settings, run);
}

/**
 * Maximum number of attempts to replace music that resembles an existing piece, each with more
 * freedom.
 */
const TRIES = 3;

/** Factor of the temperature from try to try. */
const FREER = 1.25;

/** A variant, and the temperature if it had to be raised to get another piece. */
interface DifferentPiece extends AuditionVariant {
  readonly temperature?: { readonly temperature: number };
}

/**
 * Pieces that differ from each other: where a seed leads to music that is there already, further
 * ones are tried at a higher temperature. If that does not help either, there are fewer, and
 * `onMessage` says so.
 */
async function differentPieces(
  { count, ...all }: GenerateSettings & { readonly count: number },
  run: Run,
): Promise<DifferentPiece[]> {
  const found = new Map<string, DifferentPiece>(), seed = all.seed ?? 1;
  const take = async (pieces: readonly GeneratedPiece[], from: GenerateSettings, more = {}) => {
    for (const [at, piece] of pieces.entries()) {
      const music = sha256(await Deno.readFile(piece.midi));
      const settings = { ...from, seed: (from.seed ?? 1) + at };
      if (!found.has(music)) found.set(music, { piece, settings, ...more });
    }
  };
  const { pieces } = await generate({ ...all, count }, {
    ...run,
    onMessage: (line) => line.includes(SAME_MUSIC) || run.onMessage?.(line),
  });
  await take(pieces, all);
  for (let more = 1; found.size < count && more <= TRIES; more++) {
    const { sampling } = await readRecipe(pieces[0]!.recipe);
    const temperature = Math.round(100 * sampling.temperature * FREER ** more) / 100;
    const missing = count - found.size;
    const freer = { ...all, seed: seed + more * count, temperature };
    const { pieces: others } = await generate({ ...freer, count: missing }, {
      ...run,
      onMessage: undefined,
    });
    await take(others, freer, { temperature: { temperature } });
  }
  if (found.size < count) {
    const pieces = countText(found.size, "different piece");
    run.onMessage?.(
      `Found only ${pieces}, whatever the seed, even at a higher temperature: ` +
        "ask for more bars to get others",
    );
  }
  return [...found.values()];
}

const auditions = new Map<string, Audition>();

/** The audition with an identifier, if it was made in this session. */
export function auditionWith(id: string): Audition | undefined {
  return auditions.get(id);
}

/** Identifier of this session of the kernel; undefined outside notebooks. */
export const KERNEL = inNotebook() ? `${Deno.pid}-${performance.timeOrigin}` : undefined;

/** Renders the variants' audio and makes them the latest audition. */
export async function heard(
  variants: readonly AuditionVariant[],
  madeWith: readonly string[],
  settings: AuditionSettings,
  run: Run,
): Promise<Audition> {
  const { hear, kilobits = KILOBITS } = settings;
  const auditioned = await Promise.all(
    variants.map(async ({ piece, settings }, at): Promise<Auditioned> => ({
      piece,
      made: madeWith[at]!,
      source: sourceOf(settings),
      isAdapted: await isAdapted(settings),
    })),
  );
  const shown = await variantsOf(auditioned, soundFor({ seconds: hear, kilobits }), run);
  const id = `audition-${outputs++}-${nameOf(variants[0]!.piece)}`;
  const kernel = isKeptShort() ? undefined : KERNEL;
  const place = { id, script: await cardScript(kernel !== undefined), kernel };
  latest = {
    variants,
    settings,
    [JUPYTER_DISPLAY]: () => ({
      "text/html": auditionHtml(shown, place),
      "text/plain": auditionText(shown),
    }),
  };
  auditions.set(id, latest);
  return latest;
}

/** Whether the model of these settings was adapted from another one. */
async function isAdapted({ model = SHIPPED_MODEL, ...roots }: GenerateSettings): Promise<boolean> {
  const { adaptedFrom } = (await openModel(modelFolder(roots, model))).manifest;
  return adaptedFrom !== undefined;
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
