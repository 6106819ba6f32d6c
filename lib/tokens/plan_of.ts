import { type Bar, barsOf, endOfBar, framesOf, stepsPerBeat } from "./bars.ts";
import type { Frame } from "./frame.ts";
import { BARS_BACK, type Onsets, onsetsOf } from "./similarity.ts";
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

/** Onsets of each bar where they were last found, with the frames that they depend on. */
const found = new WeakMap<Bar, { readonly from: readonly Frame[]; readonly onsets: Onsets }>();

/** Finds the onsets in a bar, unless its frames are those of the last time: bars of candidates are. */
function onsetsIn(frames: readonly Frame[], bar: Bar, attacks: boolean): Onsets {
  const from = frames.slice(Math.max(0, bar.start - 1), endOfBar(bar)), known = found.get(bar);
  if (known?.from.length === from.length && known.from.every((one, at) => one === from[at])) {
    return known.onsets;
  }
  const onsets = onsetsOf(frames, bar, attacks);
  found.set(bar, { from, onsets });
  return onsets;
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
  for (let index = compared; index < bars.length; index++) {
    onsets[index] = onsetsIn(frames, bars[index]!, grid.attacks);
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
