/**
 * Damaged openings and vocabularies of models, which generation without a form continues.
 * @module
 */
import { generate } from "../../lib/phases/generate.ts";
import { damageOf, damageTarget } from "./bundles.ts";
import type { FuzzInput } from "./inputs.ts";
import type { FuzzTarget } from "./target.ts";
import { putBundle } from "./workbench.ts";

export { ending } from "./bundles.ts";

/** Damage number `index`, the same for the same seed. */
export function makeInput(seed: number, index: number): FuzzInput {
  return damageOf(
    ["openings.json", "openings.json", "openings.json", "vocabulary.tsv"],
    seed,
    index,
  );
}

/** Fuzz targets that generate from an opening, or from the combinations of a changed vocabulary. */
export const fuzzTargets: readonly FuzzTarget[] = [
  damageTarget("openings", async (bench, { model, changes }) => {
    const name = await putBundle(bench, model, changes);
    const primerRandom = changes.some(({ file }) => file === "vocabulary.tsv");
    const settings = { model: name, form: "none", frames: 4, candidates: 1, primerRandom };
    await generate({ ...bench.roots, ...settings, overwrite: true });
  }),
];
