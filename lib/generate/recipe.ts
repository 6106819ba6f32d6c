import { metresShape } from "../corpus/shapes.ts";
import { MOST_BAR_CANDIDATES } from "../model/rules.ts";
import { MOST_STYLE, type Sampling, samplingShape } from "../model/sampling.ts";
import { readFileUpTo, reason } from "../store/files.ts";
import { fields, list, number, oneOf, optional, type Shape, text, whole } from "../store/shape.ts";
import type { BarRange } from "../tokens/bar_range.ts";
import type { Key } from "../tokens/key.ts";
import type { Metre } from "../tokens/piece.ts";
import type { BarPlan, Plan } from "../tokens/plan.ts";
import { checkPlan } from "../tokens/plan_text.ts";

/** Fields common to all recipes. */
interface AnyRecipe {
  /** The model's name, and the SHA-256 of its weights and vocabulary. */
  readonly model: { readonly name: string; readonly hash: string };
  /** Weight of the model's own style against its base's; absent: 1. */
  readonly style?: number;
  /** Source of the plan, or the change made, in words. */
  readonly form: string;
  /** Settings of the sampling. */
  readonly sampling: Sampling;
  /** Seed of the sampling. */
  readonly seed: number;
  /** Expressiveness of new notes: 0 as typed, 1 in full. */
  readonly touch: number;
  /** SHA-256 of the resulting MIDI file. */
  readonly midi: string;
}

/** Recipe of a new piece: with the same model, it gives the same bytes again. */
export interface PieceRecipe extends AnyRecipe {
  /** Always `recipe`. */
  readonly kind: "recipe";
  /** Version of the recipe's layout. */
  readonly formatVersion: 2;
  /** Frames of the primer, as combinations' texts, and their metres. */
  readonly start: {
    readonly frames: readonly string[];
    readonly metres: readonly Metre[];
    /** Number of the last of these frames that may be written. */
    readonly written: number;
  };
  /** Whether the primer is left out of the file. */
  readonly dropPrimer: boolean;
  /** Number of new frames. */
  readonly frames: number;
  /** Plan of each bar, from the primer's first frame on; null: the model is free. */
  readonly plan: Plan | null;
  /** Key of the plan, in which its end should close. */
  readonly key?: Key;
  /** Equal frames in a row after which a different one must follow; 0: any number. */
  readonly stuckAfter: number;
  /** Bars sampled for each kept one; absent: one. */
  readonly barCandidates?: number;
  /** Longest copy from the training music, in beats, that a chosen bar may continue. */
  readonly mostCopied?: number;
  /** Weight of the discriminator in that choice; absent: 0. */
  readonly discriminator?: number;
  /** Quarter notes per minute; unused on grids in seconds. */
  readonly beatsPerMinute: number;
  /** Mean velocity of the notes, 1 to 127. */
  readonly velocity: number;
  /** Title in the MIDI file. */
  readonly title: string;
}

/** Recipe of the change of a file: with the same model, it gives the same bytes again. */
export interface ChangeRecipe extends AnyRecipe {
  /** Always `recipe of a change`. */
  readonly kind: "recipe of a change";
  /** Version of the recipe's layout. */
  readonly formatVersion: 1;
  /** The changed file: its path at the time, and its bytes in base 64. */
  readonly source: { readonly name: string; readonly midi: string };
  /** Bars to change; null: all. */
  readonly range: BarRange | null;
  /** Selection of their notes to be replaced. */
  readonly scope: Scope;
  /** Plans of the bars, each filling following one; similarities refer to the piece's bars. */
  readonly plans: readonly { readonly bars: readonly BarPlan[] }[];
  /** Whether the plans' chords replace the file's chord symbols; absent: they are the same. */
  readonly newChords?: boolean;
  /** Fillings sampled at once, one of which is kept. */
  readonly candidates: number;
  /** Longest copy from the training music, in beats. */
  readonly mostCopied: number;
}

/** The recipe of a new piece or of a change. */
export type Recipe = PieceRecipe | ChangeRecipe;

/** Largest recipe file in bytes; a recipe of the longest piece has a tenth of this. */
const MOST_BYTES = 2 ** 26;

const any = {
  model: fields({ name: text(200), hash: text(200) }),
  style: optional(number(0, MOST_STYLE)),
  form: text(10_000),
  seed: whole(Number.MIN_SAFE_INTEGER),
  midi: text(64),
};
const planShape = fields({ bars: list(fields({ frames: whole(1, 1_000_000) }), 1_000_000) });

const pieceShape = fields({
  ...any,
  start: fields({
    frames: list(text(1000), 1_000_000),
    metres: metresShape,
    written: whole(0, 1_000_000),
  }),
  dropPrimer: oneOf(true, false),
  frames: whole(1, 1_000_000),
  plan: (plan, where) => plan === null ? undefined : planShape(plan, where),
  sampling: fields({ ...samplingShape, rules: list(text(100), 100) }),
  key: optional(fields({ tonic: whole(0, 11), mode: oneOf("major", "minor") })),
  stuckAfter: whole(0, 1e9),
  barCandidates: optional(whole(1, MOST_BAR_CANDIDATES)),
  mostCopied: optional(number(0, 1e9)),
  discriminator: optional(number(0, 1e6)),
  beatsPerMinute: number(1e-3, 1e8),
  velocity: whole(1, 127),
  title: text(1000),
});

const pitch = whole(0, 127);

/** Selection of the notes to be made anew in some bars; all others are fixed. */
export type Scope =
  | { readonly kind: "all" }
  /** Notes of this pitch and above. */
  | { readonly kind: "above"; readonly pitch: number }
  /** Notes below this pitch. */
  | { readonly kind: "below"; readonly pitch: number }
  /** Notes of a track, numbered from 0. */
  | { readonly kind: "track"; readonly track: number }
  /** A share of the notes, 0 to 1, beat by beat, in an order decided by a seed. */
  | { readonly kind: "share"; readonly distance: number; readonly seed: number }
  /** All notes below the fixed melodic contour. */
  | { readonly kind: "melody" }
  /** New notes above the file's notes, which are all fixed. */
  | { readonly kind: "accompaniment" };

const SCOPES: Readonly<Record<Scope["kind"], Shape>> = {
  all: fields({}),
  above: fields({ pitch }),
  below: fields({ pitch }),
  track: fields({ track: whole(0, 65_535) }),
  share: fields({ distance: number(0, 1), seed: whole(Number.MIN_SAFE_INTEGER) }),
  melody: fields({}),
  accompaniment: fields({}),
};

const bar = fields({
  frames: whole(1, 1_000_000),
  like: (like, where) =>
    like == null ? undefined : fields({
      bar: whole(0, 1_000_000),
      degree: number(0, 1),
      transpose: whole(-12, 12),
    })(like, where),
});

const changeShape = fields({
  ...any,
  source: fields({ name: text(10_000), midi: text(2 ** 25) }),
  range: (range, where) =>
    range === null ? undefined : fields({
      first: whole(0, 1_000_000),
      last: whole(0, 1_000_000),
      firstBeat: optional(whole(1, 1000)),
      lastBeat: optional(whole(1, 1000)),
    })(range, where),
  scope: (scope, where) => {
    const kinds = Object.keys(SCOPES) as Scope["kind"][];
    const wrong = fields({ kind: oneOf(...kinds) })(scope, where);
    return wrong ?? SCOPES[(scope as Scope).kind](scope, where);
  },
  plans: list(fields({ bars: list(bar, 1_000_000) }), 1000, 1),
  sampling: fields(samplingShape),
  newChords: optional(oneOf(true, false)),
  candidates: whole(1, 1024),
  mostCopied: number(0, 1e9),
  touch: number(0, 2),
});

/** Schema of each kind of recipe, and the format version that is written and read. */
export const RECIPES: Readonly<Record<Recipe["kind"], { version: number; shape: Shape }>> = {
  "recipe": { version: 2, shape: pieceShape },
  "recipe of a change": { version: 1, shape: changeShape },
};

/**
 * Reads a recipe, possibly edited by hand.
 * @throws {Error} if it is missing, not a recipe, of another version, or out of bounds
 */
export async function readRecipe(path: string): Promise<Recipe> {
  const what = `Cannot read recipe ${path}`;
  let text: string;
  try {
    text = new TextDecoder().decode(await readFileUpTo(path, MOST_BYTES));
  } catch (cause) {
    throw new Error(`${what}: ${reason(cause)}`, { cause });
  }
  const recipe = parse(text);
  const known = recipe && Object.hasOwn(RECIPES, recipe.kind) ? RECIPES[recipe.kind] : undefined;
  if (!recipe || !known) throw new Error(`${what}: it is not one that "deno task generate" wrote`);
  if (recipe.formatVersion !== known.version) {
    const found = Number.isInteger(recipe.formatVersion)
      ? `format version ${recipe.formatVersion}`
      : "no format version";
    throw new Error(
      `${what}: it has ${found}, this program reads ${known.version}; make a new piece with ` +
        '"deno task generate"',
    );
  }
  const wrong = known.shape(recipe, "");
  if (wrong !== undefined) throw new Error(`${what}: ${wrong}`);
  for (const plan of plansOf(recipe)) checkPlan(plan);
  return recipe;
}

function parse(text: string): Recipe | undefined {
  try {
    const { checksum: _, ...recipe } = JSON.parse(text);
    return recipe;
  } catch {
    return undefined;
  }
}

/** Plans in a recipe; bars to be filled may resemble later ones, which no plan's bars do. */
function plansOf(recipe: Recipe): Plan[] {
  if (recipe.kind === "recipe") return recipe.plan ? [recipe.plan] : [];
  return recipe.plans.map(({ bars }) => ({
    bars: bars.map((bar) => ({ ...bar, like: null })),
    ends: false,
  }));
}
