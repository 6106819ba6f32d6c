import type { ByPitch, Sampling } from "../model/model.ts";
import { Random } from "../random.ts";
import { barsOf } from "../tokens/bars.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { type Plan, planOf } from "../tokens/plan.ts";
import type { PlanOfPiece } from "../tokens/plan_text.ts";
import { gapPlans } from "./gap_plans.ts";
import { type Drawing, type Filling, fillStretch } from "./particles.ts";

/** Bars of a piece that are to be made anew. */
export interface FillTask {
  /** The piece; its frames in the gap are not looked at. */
  readonly piece: Piece;
  /** Index of the first bar of the gap, and of the first after it. */
  readonly from: number;
  readonly end: number;
  /** Per frame of the gap and MIDI pitch, what is given: see `ByPitch`. */
  readonly givens: readonly Uint8Array[];
}

/** Ways in which a gap may go, from which particles start. */
const PLANS = 8;

/** Bars after the gap that a filling should let the model foresee. */
export const FORESEEN_BARS = 2;

/**
 * Fills bars of a piece in several ways: the bars are planned anew from what stands around them, the
 * model plays to these plans, and each filling is weighed by how well the model foresees the music
 * after it.
 * @param others plans of a corpus
 */
export async function fillBars(
  model: ByPitch,
  { piece, from, end, givens }: FillTask,
  others: readonly PlanOfPiece[],
  grid: Grid,
  drawing: Drawing,
): Promise<{ fillings: Filling[]; plans: Plan[] }> {
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  const first = bars[from]!.start, last = bars[end - 1]!, next = last.start + last.frames;
  const foreseen = bars.slice(end, end + FORESEEN_BARS).reduce((sum, bar) => sum + bar.frames, 0);
  const plan = planOf(piece, grid);
  const plans = gapPlans({ plan, from, end }, others, PLANS, grid, new Random(drawing.seed));
  const fillings = await fillStretch(model, {
    before: piece.frames.slice(0, first),
    givens,
    after: piece.frames.slice(next, next + foreseen),
    metres: piece.metres,
    plans,
  }, drawing);
  return { fillings, plans };
}

/** How music in a gap is sampled by default. */
export const fillSampling: Sampling = { temperature: 0.9, topK: 0, topP: 0.97, rules: [] };
