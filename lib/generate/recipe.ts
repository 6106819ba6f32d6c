import { metresShape } from "../corpus/shapes.ts";
import type { Sampling } from "../model/model.ts";
import { MOST_BAR_CANDIDATES } from "../model/rules.ts";
import { readFileUpTo, reason } from "../store/files.ts";
import { fields, list, number, oneOf, optional, text, whole } from "../store/shape.ts";
import type { Metre } from "../tokens/piece.ts";
import type { Plan } from "../tokens/plan.ts";
import { checkPlan } from "../tokens/plan_text.ts";

/** All that one generated piece depends on: with the same model, it gives the same bytes again. */
export interface Recipe {
  /** Always `recipe`. */
  readonly kind: "recipe";
  /** Version of the recipe's layout. */
  readonly formatVersion: 2;
  /** The model's name, and the SHA-256 of its weights and vocabulary. */
  readonly model: { readonly name: string; readonly hash: string };
  /** The frames that it started from, as combinations' texts, and their metres. */
  readonly start: {
    readonly frames: readonly string[];
    readonly metres: readonly Metre[];
    /** How many of the last of these frames may be written. */
    readonly written: number;
  };
  /** Whether the primer is left out of the file. */
  readonly dropPrimer: boolean;
  /** New frames. */
  readonly frames: number;
  /** What each bar is like, from the primer's first frame on; null: the model is free. */
  readonly plan: Plan | null;
  /** Where the plan came from, in words. */
  readonly form: string;
  /** How frames are drawn. */
  readonly sampling: Sampling;
  /** Equal frames in a row after which another one must come; 0: any number. */
  readonly stuckAfter: number;
  /** Seed of the sampling. */
  readonly seed: number;
  /** How many bars were drawn for each that was kept; absent: one. */
  readonly barCandidates?: number;
  /** Beats in a row that a bar might go on with from the training music, where it was chosen. */
  readonly mostCopied?: number;
  /** How much it counted for that choice what gives the model's music away; absent: nothing. */
  readonly discriminator?: number;
  /** Quarter notes per minute; of no meaning on grids in seconds. */
  readonly beatsPerMinute: number;
  /** Mean of the notes, 1 to 127. */
  readonly velocity: number;
  /** How far it is played rather than typed: 0 as typed, 1 in full. */
  readonly touch: number;
  /** The name in the MIDI file. */
  readonly title: string;
  /** SHA-256 of the MIDI file that came of it. */
  readonly midi: string;
}

/** A recipe as JSON that a person can read and change: a line for every bar of its plan. */
export function recipeText(recipe: object): string {
  const lines: string[] = [];
  const inLine = (value: unknown) => `\0${lines.push(JSON.stringify(value)) - 1}`;
  return JSON.stringify(recipe, (key, value) => {
    if (key === "start") return inLine(value);
    return key === "bars" ? value.map(inLine) : value;
  }, 1).replace(/"\\u0000(\d+)"/g, (_, line) => lines[line]!);
}

/** A recipe of the longest piece has a tenth of this. */
const MOST_BYTES = 2 ** 26;

const planShape = fields({ bars: list(fields({ frames: whole(1, 1_000_000) }), 1_000_000) });

/** What every recipe that a person may have changed must be like, and its sampling. */
export const anyRecipe = {
  model: fields({ name: text(200), hash: text(200) }),
  form: text(10_000),
  seed: whole(Number.MIN_SAFE_INTEGER),
  midi: text(64),
};
export const anySampling = {
  temperature: number(1e-6, 1e6),
  topK: whole(0),
  topP: number(1e-9, 1),
};

/** What a recipe that a person may have changed must be like. */
const recipeShape = fields({
  ...anyRecipe,
  start: fields({
    frames: list(text(1000), 1_000_000),
    metres: metresShape,
    written: whole(0, 1_000_000),
  }),
  dropPrimer: oneOf(true, false),
  frames: whole(1, 1_000_000),
  plan: (plan, where) => plan === null ? undefined : planShape(plan, where),
  sampling: fields({ ...anySampling, rules: list(text(100), 100) }),
  stuckAfter: whole(0, 1e9),
  barCandidates: optional(whole(1, MOST_BAR_CANDIDATES)),
  mostCopied: optional(number(0, 1e9)),
  discriminator: optional(number(0, 1e6)),
  beatsPerMinute: number(1e-3, 1e8),
  velocity: whole(1, 127),
  title: text(1000),
});

/** Reads a recipe. @throws {Error} if it is missing, no recipe, of another version, or out of bounds */
export async function readRecipe(path: string): Promise<Recipe> {
  const recipe = parseRecipe(await readRecipeText(path), path) as unknown as Recipe;
  if (recipe.kind !== "recipe" || recipe.formatVersion !== 2) throw foreign(path);
  const wrong = recipeShape(recipe, "");
  if (wrong !== undefined) throw new Error(`Cannot read recipe ${path}: ${wrong}`);
  if (recipe.plan) checkPlan(recipe.plan);
  return recipe;
}

/** The text of a recipe's file. @throws {Error} if it cannot be read */
export async function readRecipeText(path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readFileUpTo(path, MOST_BYTES));
  } catch (cause) {
    throw new Error(`Cannot read recipe ${path}: ${reason(cause)}`, { cause });
  }
}

/** What a recipe's file says, without its checksum; of any kind. @throws {Error} if it is no object */
export function parseRecipe(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const { checksum: _, ...body } = JSON.parse(text);
    return body;
  } catch (cause) {
    throw foreign(path, cause);
  }
}

function foreign(path: string, cause?: unknown): Error {
  return new Error(
    `Cannot read recipe ${path}: it is not one that "deno task generate" wrote`,
    { cause },
  );
}
