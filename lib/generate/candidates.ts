import { decodePassageFilter } from "../evaluate/passage_filter.ts";
import { mean } from "../numbers.ts";
import { barsOf, framesOf } from "../tokens/bars.ts";
import { endOf } from "../tokens/excerpt.ts";
import type { Frame } from "../tokens/frame.ts";
import { keyOf } from "../tokens/find_key.ts";
import type { Framed, Grid } from "../tokens/piece.ts";
import type { Plan } from "../tokens/plan.ts";
import { planOf } from "../tokens/plan_of.ts";
import { distanceOfBars } from "../tokens/qualities.ts";
import { OPEN_END, openness } from "./plan/ending.ts";
import type { Primer } from "./primer.ts";
import { outOfRange, type Range } from "./ranges.ts";

/** Finds what of some music stands in the training music; `PassageFilter` is one. */
export interface CopyFinder {
  longest(frames: readonly Frame[]): { readonly beats: number } | null;
}

/** Finds what stands in any of some music, of which there are passage filters; undefined of none. */
export function copyFinderOf(
  passages: readonly Uint8Array[],
  grid: Grid,
): CopyFinder | undefined {
  const filters = passages.map((bytes) => decodePassageFilter(bytes, grid));
  if (filters.length === 0) return undefined;
  return {
    longest: (frames) =>
      filters.map((filter) => filter.longest(frames))
        .reduce((most, found) => (found?.beats ?? 0) > (most?.beats ?? 0) ? found : most),
  };
}

/** What may be copied. */
export interface CopyCheck {
  /** Undefined where nothing is known of the training music. */
  readonly copies?: CopyFinder | undefined;
  /** Beats in a row that may stand in the training music, in any key. */
  readonly mostCopied: number;
}

/** What candidates are held against. */
export interface Checks extends CopyCheck {
  readonly grid: Grid;
  readonly ranges: readonly Range[];
}

/** What speaks against a candidate. */
export interface Verdict {
  /** In words; empty if nothing does. */
  readonly problems: readonly string[];
  /** How much; 0 if nothing does. */
  readonly weight: number;
}

/** The candidate that is kept, and what spoke against the others and against it. */
export interface Choice {
  /** Which one it is. */
  readonly best: number;
  /** What spoke against each of the others that was dropped. */
  readonly dropped: readonly string[];
  /** What speaks against this one; empty unless something spoke against all. */
  readonly problems: readonly string[];
}

/**
 * Holds what a model made in several ways after a primer against what it must not be, and keeps the way
 * that is nearest to the plan, its end to a close.
 * @param made the new frames of each candidate, of which there is at least one
 */
export function choose(
  { frames: primer, metres, plan }: Primer & { readonly plan: Plan | null },
  made: readonly (readonly Frame[])[],
  checks: Checks,
): Choice {
  const { grid } = checks;
  const wholes = made.map((frames) => ({ frames: [...primer, ...frames], metres }));
  const verdicts = wholes.map((whole, index) => {
    const own = primer.length === 0 ? plan ?? undefined : undefined;
    return judge(endOf(whole, made[index]!.length), own, checks);
  });
  const distances = wholes.map(({ frames }) => {
    if (!plan) return 0;
    const open = plan.ends ? openness(frames, grid.attacks, keyOf(plan.bars)) : 0;
    return distanceFromPlan({ frames, metres }, plan, grid) + OPEN_END * open;
  });
  const best = bestOf(verdicts, distances);
  const dropped = verdicts.filter(({ problems }, index) => index !== best && problems.length > 0);
  return {
    best,
    dropped: dropped.map(({ problems }) => problems.join("; ")),
    problems: verdicts[best]!.problems,
  };
}

/** Mean distance of the bars from their plan: 0 where they are just as planned. */
export function distanceFromPlan(piece: Framed, plan: Plan, grid: Grid): number {
  const made = planOf(piece, grid).bars.slice(0, plan.bars.length);
  return mean(made.map((bar, index) => distanceOfBars(bar, plan.bars[index]!)), 0);
}

/** Bars in a row that are the same as the bar before where music is stuck, unless it was planned. */
const STUCK_BARS = 4;

/** Shorter music may be anything that a corpus's excerpts are not. */
const LEAST_BARS = 8;

/** From this likeness on, a plan asks for the same bar again. */
const SAME_BAR = 0.8;

/**
 * Holds new music against what it must not be: stuck, copied, out of the corpus's ranges.
 * @param piece the new music alone
 * @param plan its plan, from its first frame on
 */
export function judge(
  piece: Framed,
  plan: Plan | undefined,
  checks: Checks,
): Verdict {
  const { grid, ranges } = checks;
  const problems: string[] = [];
  let weight = 0;
  const same = sameBars(piece, plan, grid);
  if (same >= STUCK_BARS) {
    problems.push(`stuck: ${same} bars in a row like the one before`);
    weight += 2 + same / STUCK_BARS;
  }
  const copied = copiedBeats(piece.frames, checks);
  if (copied > 0) {
    problems.push(copiedText(copied));
    weight += 1 + copied / Math.max(1, checks.mostCopied);
  }
  const bars = barsOf(piece.metres, piece.frames.length, grid).length;
  const outside = bars < LEAST_BARS ? [] : outOfRange(piece, ranges, grid);
  problems.push(...outside);
  return { problems, weight: weight + outside.length };
}

/**
 * The candidate to keep: of those that nothing speaks against, the one nearest to its plan; if there
 * is none, the one that least speaks against.
 * @param verdicts at least one
 * @param distances from the plan, one per candidate
 */
export function bestOf(verdicts: readonly Verdict[], distances: readonly number[]): number {
  return verdicts.reduce((best, { weight }, index) => {
    const least = verdicts[best]!.weight;
    return weight < least || (weight === least && distances[index]! < distances[best]!)
      ? index
      : best;
  }, 0);
}

/** How many beats in a row of some music are copied, if more than may be; else 0. */
export function copiedBeats(frames: readonly Frame[], { copies, mostCopied }: CopyCheck): number {
  const beats = copies?.longest(frames)?.beats ?? 0;
  return beats > mostCopied ? beats : 0;
}

/** What speaks against music with so many copied beats, in words. */
export function copiedText(beats: number): string {
  return `copied: ${Math.round(10 * beats) / 10} beats in a row stand in the training music`;
}

/** The longest run of bars that are frame for frame as the bar before, though no plan asks for it. */
function sameBars(
  { frames, metres }: Framed,
  plan: Plan | undefined,
  grid: Grid,
): number {
  const bars = barsOf(metres, frames.length, grid)
    .map((bar) => JSON.stringify(framesOf(frames, bar)));
  let run = 0, longest = 0;
  bars.forEach((bar, index) => {
    const planned = (plan?.bars[index]?.like?.degree ?? 0) >= SAME_BAR;
    run = index > 0 && bar === bars[index - 1] && !planned ? run + 1 : 0;
    longest = Math.max(longest, run);
  });
  return longest;
}
