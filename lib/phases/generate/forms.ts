import { planBetween } from "../../generate/plan/between.ts";
import { type FormWishes, planInFormOf } from "../../generate/plan/new_plan.ts";
import type { Primer } from "../../generate/primer.ts";
import type { Random } from "../../random.ts";
import { attempt } from "../../store/files.ts";
import { readMusicFile } from "../../store/music_files.ts";
import type { Key } from "../../tokens/key.ts";
import type { Plan, PlanOfPiece } from "../../tokens/plan.ts";
import { planOf } from "../../tokens/plan_of.ts";
import { checkPlan } from "../../tokens/plan_text.ts";
import { tokenize, type TokenizeSettings } from "../../tokens/tokenize.ts";
import { generateDefaults, type GenerateSettings } from "../settings/generate.ts";

/** A plan, with further properties of the form's piece. */
export interface MadePlan {
  readonly plan: Plan;
  /** Source of the plan, in words. */
  readonly form: string;
  /** Key in which the plan closes. */
  readonly key: Key;
  /** Tempo of the form's piece. */
  readonly beatsPerMinute?: number;
  /** Remark for the user, if any. */
  readonly remark?: string;
}

/** A planner for new pieces. */
export interface MakePlan {
  /** @param most new frames, where a number of frames is requested */
  readonly plan: (primer: Primer, most: number | undefined, random: Random) => MadePlan;
  /** Tempo of the form's piece, where it is known. */
  readonly beatsPerMinute?: number | undefined;
}

/** A planner that always gives the plan of a MIDI file, or a given plan. */
export async function formOf(
  form: string | Plan,
  { bars }: GenerateSettings,
  wishes: FormWishes,
  plans: readonly PlanOfPiece[],
  tokenizing: TokenizeSettings,
): Promise<MakePlan> {
  const given = typeof form === "string"
    ? await planOfFile(form, tokenizing)
    : { name: "a given plan", plan: checked(form) };
  const { name, beatsPerMinute } = given, { grid } = tokenizing;
  return {
    plan: (_, most) => ({
      ...planInFormOf(given, most === undefined ? bars : undefined, wishes, grid, plans),
      form: `that of ${name}`,
      ...(beatsPerMinute ? { beatsPerMinute } : {}),
    }),
    beatsPerMinute,
  };
}

/** Form of music between two pieces. */
export const BETWEEN = "between";

/** A planner for the form of one piece with bars of another. */
export async function formBetween(
  [one, other]: readonly [string, string],
  { bars, share = generateDefaults.share, take = generateDefaults.take }: GenerateSettings,
  wishes: FormWishes,
  plans: readonly PlanOfPiece[],
  tokenizing: TokenizeSettings,
): Promise<MakePlan> {
  const { grid } = tokenizing;
  const first = await planOfFile(one, tokenizing), second = await planOfFile(other, tokenizing);
  const part = take === "bars" ? "from" : `with the ${take} of`;
  return {
    plan: (_, most, random) => ({
      ...planBetween(
        { first, second, share, take },
        most === undefined ? bars : undefined,
        wishes,
        grid,
        plans,
        random,
      ),
      form: `that of ${first.name}, ${
        Math.round(100 * share)
      } % of its bars ${part} ${second.name}`,
    }),
    beatsPerMinute: first.beatsPerMinute,
  };
}

/** @throws {TypeError} if settings of {@linkcode formBetween} are missing or contradicted */
export function requireOneForm({ form, between, share, take }: GenerateSettings): void {
  if (between === undefined) {
    const alone = share !== undefined ? "share" : take !== undefined ? "take" : undefined;
    if (alone === undefined) return;
    throw new TypeError(`Cannot use --${alone} without --between: say between which two files`);
  }
  if (form === undefined) return;
  throw new TypeError("Cannot follow two forms: give one of --form, --between");
}

function checked(plan: Plan): Plan {
  checkPlan(plan);
  return plan;
}

async function planOfFile(path: string, how: TokenizeSettings): Promise<PlanOfPiece> {
  return await attempt(`take the form of ${path}`, async () => {
    const { frames, metres, beatsPerMinute } = tokenize(await readMusicFile(path), how);
    return { name: path, plan: planOf({ frames, metres }, how.grid), beatsPerMinute };
  });
}
