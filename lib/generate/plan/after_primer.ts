import { barsOf } from "../../tokens/bars.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Grid, Metre } from "../../tokens/piece.ts";
import { type BarPlan, metresOf, type Plan, planOf } from "../../tokens/plan.ts";
import type { Primer } from "../primer.ts";

/** A plan from the first frame of a primer on, and the metres and the number of new frames that follow. */
export interface PlannedStart {
  readonly plan: Plan;
  readonly metres: readonly Metre[];
  /** New frames to the end of the plan. */
  readonly frames: number;
}

/** The primer's whole bars, and the one that it breaks off in, if any. */
export interface PrimerBars {
  /** Plans of the bars that stand before the new plan's first one. */
  readonly before: readonly BarPlan[];
  /** Frames of these bars. */
  readonly frames: number;
}

/**
 * The bars of a primer that a new plan follows: those that it fills, and a started one of which only
 * the length is said. A primer that is shorter than its first bar stands within the plan's.
 */
export function primerBars({ frames, metres }: Primer, grid: Grid): PrimerBars {
  if (frames.length === 0) return { before: [], frames: 0 };
  const bars = barsOf(metres, frames.length, grid), last = bars.at(-1)!;
  const whole = Math.max(last.frames, Math.round(last.steps - last.phase));
  const started = last.frames < whole;
  if (started && bars.length === 1 && last.phase === 0) return { before: [], frames: 0 };
  const before: BarPlan[] = [...planOf({ frames, metres }, grid).bars];
  if (started) before[before.length - 1] = { frames: whole, steps: last.steps };
  return { before, frames: last.start + whole };
}

/**
 * A plan for what follows a primer.
 * @param plan of the new bars
 * @param most new frames at most, where the music is to break off earlier
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
  const following = metresOf({ ...cut, bars: cut.bars }, grid)
    .map((metre) => ({ ...metre, frame: metre.frame + from }));
  const own = from === 0 ? [] : metres.filter(({ frame }) => frame < frames.length);
  const same = own.at(-1)?.stepsPerBar === following[0]?.stepsPerBar && following[0]?.phase === 0;
  const length = bars.reduce((sum, bar) => sum + bar.frames, from);
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
    const onsets = bar.onsets?.slice(0, left);
    bars.push(
      bar.frames <= left ? bar : { ...bar, frames: left, ...(onsets ? { onsets } : {}) },
    );
    left -= bar.frames;
  }
  return { bars, ends: plan.ends && left === 0 };
}

/** How many frames of a plan its bars have. */
export function planFrames({ bars }: Plan): number {
  return bars.reduce((sum, { frames }) => sum + frames, 0);
}

/** How far music is from its plan: 0 where it is just as planned. */
export function distanceFromPlan(
  frames: readonly Frame[],
  metres: readonly Metre[],
  plan: Plan,
  grid: Grid,
): number {
  const made = planOf({ frames, metres }, grid).bars;
  const count = Math.min(made.length, plan.bars.length);
  let sum = 0;
  for (let index = 0; index < count; index++) {
    sum += distanceOfBars(made[index]!, plan.bars[index]!);
  }
  return sum / Math.max(1, count);
}

/** What says how full a bar is, and how much a factor of e counts in it. */
const FULLNESS = [["notes", 2], ["low", 0.5], ["high", 0.5]] as const;

/**
 * How far a bar is from what it was to be like: the sum of what is wrong with its fullness, pitch
 * classes, outlines, likeness, rhythm (each about 1 at most) and line (about 2). What was not said counts
 * nothing.
 * @param made as `planOf` gives it
 */
export function distanceOfBars(made: BarPlan, asked: BarPlan): number {
  let sum = 0;
  for (const [part, weight] of FULLNESS) {
    if (asked[part] === undefined) continue;
    sum += weight * Math.abs(Math.log((made[part]! + 0.5) / (asked[part] + 0.5)));
  }
  if (asked.classes !== undefined) {
    sum += asked.classes.reduce((apart, half, i) => {
      return apart + (1 - inCommon(new Set(made.classes![i]), new Set(half))) / 2;
    }, 0);
  }
  for (const line of ["top", "bottom"] as const) {
    if (asked[line] !== undefined) sum += octavesApart(made[line]!, asked[line]);
  }
  if (asked.like !== undefined) {
    sum += Math.abs((made.like?.degree ?? 0) - (asked.like?.degree ?? 0));
  }
  if (asked.onsets !== undefined) {
    const theirs = (i: number) => made.onsets![i] ?? 0;
    const apart = asked.onsets.reduce((s, n, i) => s + Math.abs(n - theirs(i)), 0);
    sum += apart / Math.max(1, asked.onsets.reduce((s, n, i) => s + Math.max(n, theirs(i)), 0));
  }
  const own = made.line, theirs = asked.line;
  if (own && theirs) {
    const parts = ["steps", "leaps", "repeats", "turns"] as const;
    sum += parts.reduce((s, part) => s + Math.abs(own[part] - theirs[part]), 0);
  }
  return sum;
}

/** What two sets have in common of what is in either (Jaccard index), 0 to 1; 1 of two empty ones. */
export function inCommon(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const all = a.union(b).size;
  return all === 0 ? 1 : a.intersection(b).size / all;
}

/** Mean distance of two outlines where both say something, in octaves. */
function octavesApart(
  a: readonly (number | null)[],
  b: readonly (number | null)[],
): number {
  const both = a.flatMap((pitch, beat) =>
    pitch === null || b[beat] == null ? [] : [Math.abs(pitch - b[beat]) / 12]
  );
  return both.reduce((sum, octaves) => sum + octaves, 0) / Math.max(1, both.length);
}
