import type { Frame } from "../tokens/frame.ts";
import type { Framed, Grid } from "../tokens/piece.ts";
import { barsOf, framesOf } from "../tokens/bars.ts";
import type { Plan } from "../tokens/plan.ts";
import { outOfRange, type Range } from "./ranges.ts";

/** Finds what of some music stands in the training music; `PassageFilter` is one. */
export interface CopyFinder {
  longest(frames: readonly Frame[]): { readonly beats: number } | null;
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
