import { join } from "node:path";
import { type PieceRecipe, readRecipe } from "../generate/recipe.ts";
import { recipeText } from "../generate/recipe_text.ts";
import { barWithChords } from "../generate/plan/chords.ts";
import { transposeContent } from "../generate/plan/content.ts";
import { parseChords } from "../harmony/chord_text.ts";
import { nameOf } from "../phases/audition.ts";
import type { GeneratedPiece } from "../phases/generate.ts";
import { generate } from "../phases/on_demand.ts";
import type { Run } from "../phases/run.ts";
import { barLines } from "../show/piano_roll.ts";
import { planRoll } from "../show/plan_roll.ts";
import type { BarPlan } from "../tokens/plan.ts";
import {
  asBefore,
  type Audition,
  type AuditionVariant,
  type Chosen,
  chosen,
  heard,
} from "./audition.ts";
import { whereabouts } from "./keep.ts";
import { inCell } from "./cell.ts";

/**
 * Shows the plan of a variant above its music.
 * @example
 * ```ts
 * import { audition, showPlan } from "../../mod.ts";
 * await audition({ model: "mine", count: 2, bars: 4 });
 * await showPlan(1);
 * ```
 */
export async function showPlan(which: Chosen): Promise<void> {
  await inCell({
    work: () => Promise.resolve(chosen(which)),
    shows: ({ piece }) => [planRoll(piece, { title: nameOf(piece) })],
  });
}

/**
 * Changes a bar of a variant's plan, and makes the music again with the same random numbers:
 * everything before the bar stays, the bar follows the plan, and the music continues from there.
 * Shows the plan above the music; {@linkcode showPlan} shows the original one.
 * @param bar bar number in the variant, from 1
 * @param change changes of the bar
 * @throws {Error} if the variant has no plan or no such bar
 * @example
 * ```ts
 * import { audition, changeBar } from "../../mod.ts";
 * await audition({ model: "mine", count: 2, bars: 8 });
 * await changeBar(5, { like: 1, higher: 2 }, 1); // bar 5 is as bar 1, a tone higher
 * ```
 */
export async function changeBar(
  bar: number,
  change: {
    /** Number of an earlier bar to be repeated. */
    readonly like?: number;
    /** Semitones to transpose up; below 0: down. */
    readonly higher?: number;
    /** Chords of the bar, as a symbol or as in `parseChords` for one bar: `Dm7 . G7 .` */
    readonly chord?: string;
    /** Other fields of the bar's plan. */
    readonly plan?: Partial<BarPlan>;
  },
  which: Chosen,
): Promise<Audition> {
  return await inCell({
    work: (run) => remake(bar, change, chosen(which), run),
    shows: (audition) => {
      const { piece } = audition.variants[0]!;
      return [planRoll(piece, { title: `${nameOf(piece)}, bar ${bar} changed`, bar }), audition];
    },
  });
}

/** Changes of a bar in a plan. */
type BarChange = Parameters<typeof changeBar>[1];

async function remake(
  bar: number,
  change: BarChange,
  { piece, settings }: AuditionVariant,
  run: Run,
): Promise<Audition> {
  const recipe = await readRecipe(whereabouts(piece).recipe);
  if (recipe.kind !== "recipe") {
    throw new Error(`Cannot change a bar of ${nameOf(piece)}: it is a file that was changed`);
  }
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "recipe.json");
    await Deno.writeTextFile(path, recipeText(changed(recipe, piece, bar, change)));
    const { data, models, threads } = settings;
    const name = nameOf(piece).replace(/-\d+$/, "");
    const quiet = { ...run, onMessage: undefined }; // the change of the recipe needs no report
    const { pieces: [after] } = await generate(
      { data, models, threads, name, recipe: path },
      quiet,
    );
    const made = `bar ${bar} changed`;
    const variant = { piece: after!, settings };
    return await heard([variant], [made], { ...settings, ...asBefore() }, run);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function changed(
  recipe: PieceRecipe,
  { piece }: GeneratedPiece,
  bar: number,
  { like, higher, chord, plan: more }: BarChange,
): PieceRecipe {
  if (!recipe.plan) throw new Error("Cannot change a bar: there was no plan, the model was free");
  const index = indexOf(recipe, piece, bar), { bars } = recipe.plan;
  let changed = bars[index]!;
  if (like !== undefined) {
    const other = indexOf(recipe, piece, like);
    if (other >= index) {
      throw new RangeError(`Cannot make bar ${bar} like ${like}, which is not an earlier bar`);
    }
    changed = { ...bars[other]!, like: { bar: other, degree: 1, transpose: 0 } };
  }
  if (higher !== undefined) changed = { ...transposeContent(changed, higher), like: null };
  if (chord !== undefined) {
    const [beatsPerBar] = changed.signature ?? recipe.plan.bars[index]!.signature ?? [4];
    const { bars: sheet } = parseChords(chord, { beatsPerBar });
    if (sheet.length !== 1) {
      throw new RangeError(`Cannot make bar ${bar} "${chord}": needed the chords of one bar`);
    }
    changed = barWithChords(changed, sheet[0]!, beatsPerBar);
  }
  return { ...recipe, plan: { ...recipe.plan, bars: bars.with(index, { ...changed, ...more }) } };
}

/** Index of a bar in a plan: the music's bars are numbered from its own first one. */
function indexOf(
  { plan }: PieceRecipe,
  { frames, metres }: GeneratedPiece["piece"],
  bar: number,
): number {
  const { bars } = plan!, lines = barLines(metres, 0, frames.length);
  const at = lines.find((line) => line.bar === bar)?.frame;
  let start = frames.length - bars.reduce((sum, { frames }) => sum + frames, 0);
  const index = bars.findIndex(({ frames }) => (start += frames) - frames === at);
  if (at !== undefined && index >= 0) return index;
  throw new RangeError(`There is no bar ${bar} to change: the music has 1 to ${lines.at(-1)?.bar}`);
}
