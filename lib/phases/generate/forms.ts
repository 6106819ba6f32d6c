import { planBetween } from "../../generate/plan/between.ts";
import { primerBars } from "../../generate/after_primer.ts";
import {
  type FormWishes,
  type NewPlan,
  newPlan,
  planInFormOf,
} from "../../generate/plan/new_plan.ts";
import type { Primer } from "../../generate/primer.ts";
import type { Random } from "../../random.ts";
import { attempt } from "../../store/files.ts";
import { readMusicFile } from "../../store/music_files.ts";
import { keyOf } from "../../tokens/find_key.ts";
import type { Key } from "../../tokens/key.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type Plan, planFrames, type PlanOfPiece } from "../../tokens/plan.ts";
import { planOf } from "../../tokens/plan_of.ts";
import { checkPlan } from "../../tokens/plan_text.ts";
import { tokenize, type TokenizeSettings } from "../../tokens/tokenize.ts";
import { generateDefaults } from "../settings/generate.ts";
import type { FormWish } from "./wishes.ts";

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
interface MakePlan {
  /** @param most new frames, where a number of frames is requested */
  readonly plan: (primer: Primer, most: number | undefined, random: Random) => MadePlan;
  /** Tempo of the form's piece, where it is known. */
  readonly beatsPerMinute?: number | undefined;
}

/** The planner for a requested form: a new one, that of a piece, or one between two pieces. */
export async function planner(
  { form, between, length: { bars } }: Pick<FormWish, "form" | "between" | "length">,
  wishes: FormWishes,
  plans: readonly PlanOfPiece[],
  tokenizing: TokenizeSettings,
): Promise<MakePlan> {
  const { grid } = tokenizing;
  if (between) return await formBetween(between, bars, wishes, plans, tokenizing);
  if (form === "auto" || form === undefined) return newForm(bars, wishes, plans, grid);
  const given = typeof form === "string"
    ? await planOfFile(form, tokenizing)
    : { name: "a given plan", plan: checked(form) };
  const { name, beatsPerMinute } = given;
  return {
    plan: (_, most) => ({
      ...planInFormOf(given, most === undefined ? bars : undefined, wishes, grid, plans),
      form: `that of ${name}`,
      ...(beatsPerMinute ? { beatsPerMinute } : {}),
    }),
    beatsPerMinute,
  };
}

/**
 * A planner that makes a new plan each time from those of the corpus, in the primer's key and
 * metre.
 */
function newForm(
  bars: number = generateDefaults.bars,
  wishes: FormWishes,
  plans: readonly PlanOfPiece[],
  grid: Grid,
): MakePlan {
  const plan: MakePlan["plan"] = (primer, most, random) => {
    const key = wishes.key ?? keyOfPrimer(primer, grid);
    const asked = { ...metreOfPrimer(primer), ...wishes, ...(key ? { key } : {}) };
    const make = (count: number) => newPlan(plans, count, asked, grid, random);
    const { form, donors, ...made } = most === undefined
      ? make(bars)
      : longEnough(make, most + primer.frames.length - primerBars(primer, grid).frames);
    return { ...made, form: `form of ${form.name}, bars of ${donors.join(", ")}` };
  };
  return { plan };
}

/** A planner for the form of one piece with bars of another. */
async function formBetween(
  { files: [one, other], share, take }: NonNullable<FormWish["between"]>,
  bars: number | undefined,
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

/** A plan of at least the given number of frames. */
function longEnough(make: (bars: number) => NewPlan, frames: number): NewPlan {
  let count = Math.max(1, Math.ceil(frames / 16)), made = make(count);
  for (let tries = 0; planFrames(made.plan) < frames && tries < 20; tries++) {
    count = Math.ceil(count * Math.max(1.1, frames / planFrames(made.plan)));
    made = make(count);
  }
  return made;
}

/** Least number of sounding frames from which the key of a primer is estimated. */
const FRAMES_WITH_KEY = 8;

function keyOfPrimer({ frames, metres }: Primer, grid: Grid): Key | undefined {
  if (frames.filter(({ length }) => length > 0).length < FRAMES_WITH_KEY) return undefined;
  return keyOf(planOf({ frames, metres }, grid).bars);
}

function metreOfPrimer({ frames, metres }: Primer): Pick<FormWishes, "metre"> {
  const last = metres.findLast(({ frame }) => frame < frames.length);
  if (!last || frames.length <= 1) return {};
  const { stepsPerBar: steps, signature } = last;
  return { metre: { steps, ...(signature ? { signature } : {}) } };
}
