import type { ByPitch, Sampling } from "../model/model.ts";
import { Random } from "../random.ts";
import { barsOf } from "../tokens/bars.ts";
import type { Grid } from "../tokens/piece.ts";
import { type BarPlan, type Plan, planOf } from "../tokens/plan.ts";
import type { PlanOfPiece } from "../tokens/plan_text.ts";
import type { Prepared, Scope } from "./change.ts";
import { gapPlans } from "./gap_plans.ts";
import { type Drawing, type Filling, fillStretch } from "./particles.ts";

/** How music in a gap is sampled by default. */
export const fillSampling: Sampling = { temperature: 0.9, topK: 0, topP: 0.97, rules: [] };

/** Ways in which a gap may go, from which particles start; fewer where there are many bars to plan. */
const PLANS = 8, PLANS_OF_LONG = 4, LONG_BARS = 8;

/** Bars after a gap that a filling should let the model foresee. */
const FORESEEN_BARS = 2;

/** What the bars of a gap may be like: one list of bars for each way. */
export type GapPlans = readonly { readonly bars: readonly BarPlan[] }[];

/**
 * Plans for the bars of a change: where a share of the notes is made anew, the music's own; else made
 * from what stands around the bars and what is given in them, with the music's own bars not looked at.
 * @param others plans of a corpus
 */
export function plansForChange(
  { was, kept, fromBar, endBar, side }: Prepared,
  scope: Scope,
  others: readonly PlanOfPiece[],
  grid: Grid,
  seed: number,
): GapPlans {
  const plan = planOf(was, grid), from = fromBar, end = endBar;
  const within = ({ bars }: Plan) => ({ bars: bars.slice(from, end) });
  if (scope.kind === "share") return [within(plan)];
  const given = side ? { bars: planOf(kept, grid).bars, side } : undefined;
  const gap = { plan, from, end, ...(given ? { given } : {}) };
  const count = end - from > LONG_BARS ? PLANS_OF_LONG : PLANS;
  return gapPlans(gap, others, count, grid, new Random(seed)).map(within);
}

/**
 * Fills the bars of a change in several ways: the model plays to their plans, and each filling is
 * weighed by what is given and by how well the model foresees the music after it.
 */
export function fillChange(
  model: ByPitch,
  { was, kept, from, end, fromBar, endBar, givens }: Prepared,
  plans: GapPlans,
  grid: Grid,
  drawing: Drawing,
): Promise<Filling[]> {
  const own = planOf(was, grid);
  const after = barsOf(kept.metres, kept.frames.length, grid).slice(endBar, endBar + FORESEEN_BARS);
  const foreseen = after.reduce((sum, bar) => sum + bar.frames, 0);
  return fillStretch(model, {
    before: kept.frames.slice(0, from),
    givens,
    after: kept.frames.slice(end, end + foreseen),
    metres: kept.metres,
    plans: plans.map(({ bars }) => ({
      ...own,
      bars: [...own.bars.slice(0, fromBar), ...bars, ...own.bars.slice(endBar)],
    })),
  }, drawing);
}

/** How good a filling is, in nats: how well what is given and what follows suit it. */
export function scoreOf({ logWeight, foreseen }: Filling): number {
  return logWeight + foreseen;
}
