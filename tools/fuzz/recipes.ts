/**
 * Damaged recipes.
 * @module
 */
import { join } from "node:path";
import { readRecipe } from "../../lib/generate/recipe.ts";
import { generate } from "../../lib/phases/generate.ts";
import { applied } from "./changes.ts";
import { damageOf, damageTarget } from "./bundles.ts";
import type { FuzzInput } from "./inputs.ts";
import type { FuzzTarget } from "./target.ts";
import { KINDS } from "./workbench.ts";

export { ending } from "./bundles.ts";

/** Damage number `index`, the same for the same seed. */
export function makeInput(seed: number, index: number): FuzzInput {
  return damageOf([`${KINDS[index % KINDS.length]}.json`], seed, index);
}

/** Maximum number of frames of a recipe that is followed; more would only take longer. */
const MOST_FRAMES = 200;

/** Fuzz targets that read the recipe, and follow it unless it is long. */
export const fuzzTargets: readonly FuzzTarget[] = [
  damageTarget("recipe", async ({ recipes, roots, folder }, { model, changes }) => {
    const recipe = join(folder, "recipe.json");
    await Deno.writeFile(recipe, changes.reduce(applied, recipes.get(`${model}.json`)!));
    const read = await readRecipe(recipe);
    if (read.kind !== "recipe") return;
    const much = [read.frames, read.start.frames.length, read.plan?.bars.length ?? 0];
    if (Math.max(...much) <= MOST_FRAMES) await generate({ ...roots, recipe, overwrite: true });
  }),
];
