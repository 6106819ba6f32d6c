import { sum } from "../../numbers.ts";
import type { Random } from "../../random.ts";
import { keyOf } from "../../tokens/find_key.ts";
import { type Key, nearestMove } from "../../tokens/key.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type BarPlan, type Plan, type PlanOfPiece, upbeatBars } from "../../tokens/plan.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { contentOf, fitContent, planInMode, transposePlan } from "./content.ts";
import { isAlike, mainMetre, metreText } from "./metre.ts";
import { type FormWishes, planInFormOf } from "./new_plan.ts";
import { possible, resembling } from "./resembling.ts";
import type { Take } from "./takes.ts";

/** Two pieces, and the share of the second in the form of the first. */
export interface Between {
  readonly first: PlanOfPiece;
  readonly second: PlanOfPiece;
  /** Share of the bars that take from the second piece, 0 to 1. */
  readonly share: number;
  readonly take: Take;
}

/** Similarity from which a bar at the same pitch repeats an earlier one. */
const REPEATED = 0.6;

/** Qualities of a bar that make up its harmony; all others are its texture. */
const HARMONY: readonly (keyof BarContent)[] = ["classes", "chords"];

/**
 * A plan between those of two pieces: the first one's form, in its key, with a share of its bars
 * taken from the second, bar by bar at the same place. Bars that repeat each other are taken
 * together, so that the form stays; the last one stays for its close.
 * @param count bars; undefined: as many as the first piece has
 * @param pieces plans of the corpus
 * @throws {Error} if a wish is out of range, or requests another metre
 */
export function planBetween(
  { first, second, share, take }: Between,
  count: number | undefined,
  wishes: FormWishes,
  grid: Grid,
  pieces: readonly PlanOfPiece[],
  random: Random,
): { readonly plan: Plan; readonly key: Key; readonly remark?: string } {
  const made = planInFormOf(first, count, wishes, grid, pieces);
  const { bars: old, ends } = made.plan, upbeats = upbeatBars(made.plan);
  const lent = inKey(second.plan, made.key);
  const taken = barsTaken(old, upbeats, old.length - (ends ? 1 : 0), share, random);
  const bars: BarPlan[] = [];
  for (const [index, bar] of old.entries()) {
    const isTaken = taken.has(index);
    const like = bar.like && taken.has(bar.like.bar) === isTaken ? bar.like : null;
    if (!isTaken) {
      bars.push({ ...bar, like });
      continue;
    }
    const content = resembling(contentOf(lent[(index - upbeats) % lent.length]!), bars, like, {
      was: like ? old[like.bar]!.onsets : undefined,
      now: bar.onsets,
    });
    const { frames, steps, signature } = bar;
    const mixed = {
      ...{ frames, steps },
      ...(signature ? { signature } : {}),
      ...withPart(contentOf(bar), fitContent(content, bar, grid), take),
    };
    bars.push({ ...mixed, like: possible(like, mixed, bars) });
  }
  const [own, other] = [mainMetre(first.plan), mainMetre(second.plan)];
  return {
    plan: { bars, ends },
    key: made.key,
    ...(isAlike(own, other, grid) || taken.size === 0 ? {} : {
      remark: `${second.name} is in ${metreText(other, grid)}: its bars are fitted to ` +
        `${metreText(own, grid)}`,
    }),
  };
}

/** The whole bars of a plan, transposed to a key and its mode. */
function inKey(plan: Plan, key: Key): readonly BarPlan[] {
  const own = keyOf(plan.bars, plan.ends);
  const moved = transposePlan(
    planInMode(plan, own, key.mode),
    nearestMove(own.tonic, key.tonic),
  );
  return moved.bars.slice(upbeatBars(plan));
}

/** A bar's content with part of another's. */
function withPart(own: BarContent, other: BarContent, take: Take): BarContent {
  if (take === "bars") return other;
  const [whole, part] = take === "harmony" ? [own, other] : [other, own];
  const { classes: _, chords: __, ...rest } = whole;
  const harmony = HARMONY.flatMap((name) => part[name] === undefined ? [] : [[name, part[name]]]);
  return { ...rest, ...Object.fromEntries(harmony) };
}

/**
 * Bars to be taken, as near to a share of all as possible: whole groups of bars that repeat each
 * other, in random order.
 */
function barsTaken(
  bars: readonly BarPlan[],
  from: number,
  end: number,
  share: number,
  random: Random,
): Set<number> {
  const roots: number[] = [];
  for (const [index, { like }] of bars.entries()) {
    const isRepeated = like && like.degree >= REPEATED && like.transpose === 0;
    roots.push(isRepeated ? roots[like.bar]! : index);
  }
  const free = Array.from({ length: end - from }, (_, at) => from + at);
  const groups = random.shuffle([...Map.groupBy(free, (index) => roots[index]!).values()]);
  const wanted = share * free.length, taken: number[][] = [];
  for (const group of groups) {
    const much = sum(taken.map(({ length }) => length));
    if (much + group.length / 2 <= wanted) taken.push(group);
  }
  return new Set(taken.flat());
}
