import type { ByPitch } from "../../model/model.ts";
import { sum } from "../../numbers.ts";
import { Random } from "../../random.ts";
import { barsOf, endOfBar } from "../../tokens/bars.ts";
import { shiftMetres, slice } from "../../tokens/excerpt.ts";
import { keyOf } from "../../tokens/find_key.ts";
import { neighbours } from "../../tokens/key.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { BarPlan, Plan, PlanOfPiece } from "../../tokens/plan.ts";
import { planOf } from "../../tokens/plan_of.ts";
import { withChordsHeld } from "../chord_constraints.ts";
import { type ChangeChords, heldToChords } from "./chords.ts";
import { gapPlans } from "./gap_plans.ts";
import { type Drawing, type Filling, fillStretch, type Hypothesis } from "./particles.ts";
import type { Prepared } from "./prepare.ts";
import type { Scope } from "../recipe.ts";

/** Hypotheses for a gap, from which particles start; fewer where there are many bars to plan. */
const PLANS = 8, PLANS_OF_LONG = 4, LONG_BARS = 8;

/** Bars after a gap whose likelihood a filling is scored by. */
const CONTINUATION_BARS = 2;

/** Plans for the bars of a gap: one list of bars per hypothesis. */
type GapPlans = readonly { readonly bars: readonly BarPlan[] }[];

/**
 * Plans for the bars of a change. Where a share of the notes is replaced, the music's own plan;
 * otherwise plans made from the surrounding bars and the constraints in the gap, without regard to
 * the gap's own bars.
 * @param others plans of a corpus
 * @param chords to which the bars are held
 */
export function plansForChange(
  prepared: Prepared,
  scope: Scope,
  others: readonly PlanOfPiece[],
  grid: Grid,
  seed: number,
  chords?: ChangeChords,
): GapPlans {
  const { kept, plan, fromBar: from, endBar: end, side } = prepared;
  const within = ({ bars }: Plan) => ({ bars: bars.slice(from, end) });
  if (scope.kind === "share") return [within(withNeighbours(plan, prepared, grid))];
  const given = side ? { bars: planOf(kept, grid).bars, side } : undefined;
  const count = end - from > LONG_BARS ? PLANS_OF_LONG : PLANS;
  const made = gapPlans({ plan, from, end, given }, others, count, grid, new Random(seed));
  return made.map((one) => within(chords ? heldToChords(one, chords, given?.bars, grid) : one));
}

/** Bars on either side of a bar from which its key is estimated. */
const KEY_BARS = 4;

/** A plan in which a note that must not return may be replaced by its neighbours in the key. */
function withNeighbours(
  { bars, ends }: Plan,
  { was, from, barred }: Prepared,
  grid: Grid,
): Plan {
  const lines = barsOf(was.metres, was.frames.length, grid);
  const classes = bars.map((bar) => (bar.classes ?? [[], []]).map((half) => new Set(half)));
  for (const [frame, pitch] of barred) {
    const index = lines.findLastIndex(({ start }) => start <= from + frame);
    const { start, phase, steps } = lines[index]!;
    const half = from + frame - start + phase < steps / 2 ? 0 : 1;
    const key = keyOf(bars.slice(Math.max(0, index - KEY_BARS), index + KEY_BARS + 1));
    for (const one of neighbours(pitch % 12, key)) classes[index]![half]!.add(one);
  }
  return {
    ends,
    bars: bars.map((bar, index) => ({
      ...bar,
      classes: classes[index]!.map((half) => [...half].sort((a, b) => a - b)),
    })),
  };
}

/**
 * Fills the bars of a change several times: the model follows their plans, and each filling is
 * weighted by the constraints and by the likelihood of the continuation.
 * @returns all fillings, the best first
 */
export function fillChange(
  model: ByPitch,
  prepared: Prepared,
  plans: GapPlans,
  grid: Grid,
  drawing: Drawing,
): Promise<Filling[]> {
  const { kept, plan, from, end, endBar } = prepared;
  const after = barsOf(kept.metres, kept.frames.length, grid).slice(
    endBar,
    endBar + CONTINUATION_BARS,
  );
  const following = sum(after.map(({ frames }) => frames));
  return fillStretch(model, {
    hypotheses: plans.map(({ bars }) => hypothesisOf(bars, plan, prepared, grid)),
    before: kept.frames.slice(0, from),
    metres: kept.metres,
    after: kept.frames.slice(end, end + following),
  }, drawing);
}

/** Bars quoted before and after a later passage that a gap should resemble. */
const QUOTED_BEFORE = 4, QUOTED_AFTER = 2;

/**
 * The context that the model sees before a gap, for one plan. The model reads from left to right;
 * where the gap should resemble later bars, these are quoted before the beginning of the piece, as
 * if they had already been heard.
 */
function hypothesisOf(
  bars: readonly BarPlan[],
  { bars: own, ends }: Plan,
  { kept, from, fromBar, endBar, constraints }: Prepared,
  grid: Grid,
): Hypothesis {
  const before = kept.frames.slice(0, from), { metres } = kept;
  const later = bars.flatMap(({ like }) =>
    like && like.bar >= endBar && like.bar < own.length ? [like.bar] : []
  );
  if (later.length === 0) {
    const all = [...own.slice(0, fromBar), ...bars, ...own.slice(endBar)];
    const plan = { bars: all, ends };
    return { before, metres, plan, constraints: withChordsHeld(constraints, plan, from, grid) };
  }
  const first = Math.max(endBar, Math.min(...later) - QUOTED_BEFORE);
  const last = Math.min(own.length - 1, Math.max(...later) + QUOTED_AFTER),
    count = last + 1 - first;
  const lines = barsOf(metres, kept.frames.length, grid);
  const start = lines[first]!.start, stop = endOfBar(lines[last]!);
  const quote = slice(kept, start, stop);
  const moved = (bar: BarPlan): BarPlan => {
    const { like } = bar;
    if (!like) return bar;
    return {
      ...bar,
      like: { ...like, bar: like.bar >= endBar ? like.bar - first : like.bar + count },
    };
  };
  const plan = {
    ends,
    bars: [
      ...own.slice(first, last + 1).map((bar) => ({ ...bar, like: null })),
      ...own.slice(0, fromBar).map(moved),
      ...bars.map(moved),
      ...own.slice(endBar).map((bar) => ({ ...bar, like: null })),
    ],
  };
  return {
    before: [...quote.frames, ...before],
    metres: [...quote.metres, ...shiftMetres(metres, quote.frames.length)],
    plan,
    constraints: withChordsHeld(constraints, plan, quote.frames.length + from, grid),
  };
}
