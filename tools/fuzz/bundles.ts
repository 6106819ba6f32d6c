/**
 * Damaged models: every field of every file, in bundles that count as this program's own.
 * @module
 */
import { Random } from "../../lib/random.ts";
import { evaluate } from "../../lib/phases/evaluate.ts";
import { generate } from "../../lib/phases/generate.ts";
import { type Change, randomChanges } from "./changes.ts";
import type { FuzzInput } from "./inputs.ts";
import type { FuzzTarget } from "./target.ts";
import { KINDS, putBundle, refused, type Workbench, workbench } from "./workbench.ts";

/** An input: the model, and the changes to it. */
export interface Damage {
  readonly model: string;
  readonly changes: readonly Change[];
}

const FILES = [
  ...new Array<string>(5).fill("manifest.json"),
  ...["weights.bin", "vocabulary.tsv", "openings.json", "back_off.json"],
  ...["plans.txt", "ranges.json", "passages.bin"],
];

/** File extension of kept failures. */
export const ending = "json";

/** Damage number `index`, the same for the same seed. */
export function makeInput(seed: number, index: number): FuzzInput {
  return damageOf(FILES, seed, index);
}

/** Decodes damage, limited to certain files. */
export function damageOf(files: readonly string[], seed: number, index: number): FuzzInput {
  const random = new Random(seed * 2 ** 32 + index);
  const model = KINDS[index % KINDS.length]!;
  const damage: Damage = { model, changes: randomChanges(random, files) };
  return { kind: model, bytes: new TextEncoder().encode(JSON.stringify(damage)) };
}

/** Fuzz target that uses a damaged bundle, which must work or be refused with a reason. */
export function damageTarget(
  name: string,
  use: (bench: Workbench, damage: Damage) => Promise<unknown>,
): FuzzTarget {
  return {
    name,
    async check({ bytes }) {
      const damage: Damage = JSON.parse(new TextDecoder().decode(bytes));
      const bench = await workbench();
      return await refused(() => use(bench, damage)) ? "skipped" : "used";
    },
  };
}

/**
 * Fuzz targets that generate with the damaged model, or evaluate it where a file was changed that
 * only evaluation reads.
 */
export const fuzzTargets: readonly FuzzTarget[] = [
  damageTarget("bundle", async (bench, { model, changes }) => {
    const { roots, midi } = bench, name = await putBundle(bench, model, changes);
    return changes.some(({ file }) => file === "back_off.json")
      ? await evaluate({ ...roots, model: name, midi })
      : await generate({ ...roots, model: name, frames: 8, candidates: 2, overwrite: true });
  }),
];
