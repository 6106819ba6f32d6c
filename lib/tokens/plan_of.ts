import { type Bar, barsOf, framesOf, stepsPerBeat } from "./bars.ts";
import type { Frame } from "./frame.ts";
import { BARS_BACK, type Onsets, onsetsOf } from "./likeness.ts";
import type { Framed, Grid } from "./piece.ts";
import type { BarPlan, Plan } from "./plan.ts";
import { mapQualities } from "./qualities.ts";

/** Measures the plan of a piece, in the piece's own grid. */
export function planOf(piece: Framed, grid: Grid): Plan {
  const { frames, metres } = piece, bars = barsOf(metres, frames.length, grid);
  const plans = barPlansOf(frames, bars, 0, grid);
  const areSigned = metres.some(({ signature }) => signature !== undefined);
  if (!areSigned) return { bars: plans, ends: true };
  return {
    bars: plans.map((plan, index) => ({ ...plan, signature: bars[index]!.signature })),
    ends: true,
  };
}

/**
 * Plans of the bars of a piece from bar `first` on.
 * @param bars all of them, as `barsOf` gives them
 */
export function barPlansOf(
  frames: readonly Frame[],
  bars: readonly Bar[],
  first: number,
  grid: Grid,
): BarPlan[] {
  // Earliest bar that any of them is compared with.
  const compared = Math.max(0, first - BARS_BACK);
  const onsets: Onsets[] = [];
  for (const [index, bar] of bars.entries()) {
    if (index >= compared) onsets[index] = onsetsOf(frames, bar, grid.attacks);
  }
  const beat = stepsPerBeat(grid);
  return bars.slice(first).map((bar, at): BarPlan => {
    const own = framesOf(frames, bar);
    const measured = { bar, index: first + at, own, frames, onsets, grid, beat };
    return {
      frames: bar.frames,
      steps: bar.steps,
      ...mapQualities((quality) => quality.measure(measured)),
    };
  });
}
