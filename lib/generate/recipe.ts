import type { Metre } from "../tokens/piece.ts";
import type { Sampling } from "../model/model.ts";
import { reason } from "../store/files.ts";
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
  /** Quarter notes per minute; of no meaning on grids in seconds. */
  readonly beatsPerMinute: number;
  /** Of every note, 1 to 127. */
  readonly velocity: number;
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

/** Reads a recipe. @throws {Error} if it is missing, no recipe, or of another version */
export async function readRecipe(path: string): Promise<Recipe> {
  const what = `Cannot read recipe ${path}`;
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    throw new Error(`${what}: ${reason(cause)}`, { cause });
  }
  const foreign = `${what}: it is not one that "deno task generate" wrote`;
  let recipe: Recipe;
  try {
    const { checksum: _, ...body } = JSON.parse(text);
    recipe = body;
  } catch (cause) {
    throw new Error(foreign, { cause });
  }
  if (recipe.kind !== "recipe" || recipe.formatVersion !== 2) throw new Error(foreign);
  if (recipe.plan) checkPlan(recipe.plan);
  return recipe;
}
