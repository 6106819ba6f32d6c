import { barsOf, wholeFrames } from "../tokens/bars.ts";
import { shiftMetres } from "../tokens/excerpt.ts";
import type { Grid, Metre } from "../tokens/piece.ts";
import { type BarPlan, metresOf, type Plan, planFrames } from "../tokens/plan.ts";
import { planOf } from "../tokens/plan_of.ts";
import type { Primer } from "./primer.ts";

/**
 * A plan from the first frame of a primer on, with the metres and number of new frames that follow.
 */
interface PlannedStart {
  readonly plan: Plan;
  readonly metres: readonly Metre[];
  /** Number of new frames to the end of the plan. */
  readonly frames: number;
}

/** The primer's whole bars and its unfinished one, if any. */
interface PrimerBars {
  /** Plans of the bars before the new plan's first one. */
  readonly before: readonly BarPlan[];
  /** Number of frames in these bars. */
  readonly frames: number;
}

/**
 * Bars of a primer that precede a new plan: its complete bars, and an incomplete one planned by
 * length only. A primer shorter than one bar belongs to the plan's first bar.
 */
export function primerBars({ frames, metres }: Primer, grid: Grid): PrimerBars {
  if (frames.length === 0) return { before: [], frames: 0 };
  const bars = barsOf(metres, frames.length, grid), last = bars.at(-1)!;
  const whole = wholeFrames(last);
  const started = last.frames < whole;
  if (started && bars.length === 1 && last.phase === 0) return { before: [], frames: 0 };
  const before: BarPlan[] = [...planOf({ frames, metres }, grid).bars];
  if (started) before[before.length - 1] = { frames: whole, steps: last.steps };
  return { before, frames: last.start + whole };
}

/**
 * A plan for the continuation of a primer.
 * @param plan of the new bars
 * @param most most new frames, where the music is to break off earlier
 */
export function planAfter(
  { frames, metres }: Primer,
  plan: Plan,
  grid: Grid,
  most = Infinity,
): PlannedStart {
  const { before, frames: from } = primerBars({ frames, metres, written: 0 }, grid);
  const left = most + frames.length - from;
  const cut = left === Infinity ? plan : firstFrames(plan, left);
  const shift = before.length;
  const bars = cut.bars.map((bar) =>
    bar.like ? { ...bar, like: { ...bar.like, bar: bar.like.bar + shift } } : bar
  );
  const following = shiftMetres(metresOf(cut, grid), from);
  const own = from === 0 ? [] : metres.filter(({ frame }) => frame < frames.length);
  const inForce = own.at(-1), next = following[0];
  const same = inForce?.stepsPerBar === next?.stepsPerBar && next?.phase === 0 &&
    `${inForce?.signature}` === `${next?.signature}`;
  const length = from + planFrames({ bars });
  return {
    plan: { ends: cut.ends, bars: [...before, ...bars] },
    metres: [...own, ...(same ? following.slice(1) : following)],
    frames: Math.max(1, Math.min(most, length - frames.length)),
  };
}

/** The first frames of a plan; its last bar is cut where they end. */
function firstFrames(plan: Plan, frames: number): Plan {
  const bars: BarPlan[] = [];
  let left = Math.max(1, frames);
  for (const bar of plan.bars) {
    if (left <= 0) return { bars, ends: false };
    const chords = bar.chords?.filter(({ step }) => step < left);
    const cut = { ...bar, frames: left, onsets: bar.onsets?.slice(0, left), chords };
    bars.push(bar.frames <= left ? bar : cut);
    left -= bar.frames;
  }
  return { bars, ends: plan.ends && left === 0 };
}
