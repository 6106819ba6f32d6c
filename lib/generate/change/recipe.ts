import type { Sampling } from "../../model/model.ts";
import {
  fields,
  list,
  number,
  oneOf,
  optional,
  type Shape,
  text,
  whole,
} from "../../store/shape.ts";
import type { BarPlan } from "../../tokens/plan.ts";
import { checkPlan } from "../../tokens/plan_text.ts";
import { anyRecipe, anySampling, parseRecipe, readRecipeText } from "../recipe.ts";
import type { BarRange } from "./prepare.ts";
import type { Scope } from "./scope.ts";

/** All that the change of a piece depends on: with the same model, it gives the same bytes again. */
export interface ChangeRecipe {
  /** Always `recipe of a change`. */
  readonly kind: "recipe of a change";
  /** Version of the recipe's layout. */
  readonly formatVersion: 1;
  /** The model's name, and the SHA-256 of its weights and vocabulary. */
  readonly model: { readonly name: string; readonly hash: string };
  /** The file that is changed: its path then, and its bytes in base 64. */
  readonly source: { readonly name: string; readonly midi: string };
  /** Which bars; null: all. */
  readonly range: BarRange | null;
  /** Which of their notes are made anew. */
  readonly scope: Scope;
  /** Ways in which the bars may go, as the model is told; likenesses count the piece's bars. */
  readonly plans: readonly { readonly bars: readonly BarPlan[] }[];
  /** What was done, in words. */
  readonly form: string;
  /** How frames are drawn. */
  readonly sampling: Sampling;
  /** Fillings that are drawn at once, of which one is kept. */
  readonly candidates: number;
  /** Beats in a row that may stand in the training music. */
  readonly mostCopied: number;
  /** Seed of the sampling. */
  readonly seed: number;
  /** How far new notes are played rather than typed. */
  readonly touch: number;
  /** SHA-256 of the MIDI file that came of it. */
  readonly midi: string;
}

const pitch = whole(0, 127);

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

const shape = fields({
  ...anyRecipe,
  source: fields({ name: text(10_000), midi: text(2 ** 25) }),
  range: (range, where) =>
    range === null ? undefined : fields({
      first: whole(1, 1_000_000),
      last: whole(1, 1_000_000),
      firstBeat: optional(whole(1, 1000)),
      lastBeat: optional(whole(1, 1000)),
    })(range, where),
  scope: (scope, where) => {
    const kinds = Object.keys(SCOPES) as Scope["kind"][];
    const wrong = fields({ kind: oneOf(...kinds) })(scope, where);
    return wrong ?? SCOPES[(scope as Scope).kind](scope, where);
  },
  plans: list(fields({ bars: list(bar, 1_000_000) }), 1000),
  sampling: fields({ ...anySampling, rules: optional(list(text(100), 100)) }),
  candidates: whole(1, 1024),
  mostCopied: number(0, 1e9),
  touch: number(0, 2),
});

/**
 * Reads the recipe of a change; undefined if the file holds one of another kind.
 * @throws {Error} if it is missing, no recipe, of another version, or out of bounds
 */
export async function readChangeRecipe(path: string): Promise<ChangeRecipe | undefined> {
  const recipe = parseRecipe(await readRecipeText(path), path) as unknown as ChangeRecipe;
  if (recipe.kind !== "recipe of a change") return undefined;
  const what = `Cannot read recipe ${path}`;
  if (recipe.formatVersion !== 1) throw new Error(`${what}: it is of another version`);
  const wrong = shape(recipe, "");
  if (wrong !== undefined) throw new Error(`${what}: ${wrong}`);
  if (recipe.plans.length === 0) throw new Error(`${what}: it has no plans`);
  for (const { bars } of recipe.plans) {
    checkPlan({ bars: bars.map((bar) => ({ ...bar, like: null })), ends: false });
  }
  return recipe;
}
