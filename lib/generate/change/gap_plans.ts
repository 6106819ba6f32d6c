import type { Random } from "../../random.ts";
import type { Grid } from "../../tokens/piece.ts";
import {
  type BarPlan,
  LEAST_SIMILARITY,
  type Plan,
  type PlanOfPiece,
  type Similarity,
} from "../../tokens/plan.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { fitContent } from "../plan/content.ts";
import { PHRASE_BARS } from "../plan/form.ts";
import { contentAt, loosened } from "../plan/passages.ts";
import {
  type BarGap,
  costOf,
  type GivenVoice,
  keyAround,
  type Place,
  placesIn,
} from "./gap_passages.ts";

/** Greatest distance in bars to an earlier similar bar where a passage is borrowed. */
const NEAR_BARS = 8;

/** Highest similarity of a gap to a passage of the piece itself; it falls as the cost rises. */
const MOST_LIKE = 0.9;

interface Window extends Place {
  readonly cost: number;
}

/** Longest gap in bars that is planned as one phrase; longer ones are planned phrase by phrase. */
const LONGEST_PHRASE = 8;

/** Passages examined at most: for a gap of one phrase, and for each of several phrases. */
const MOST_WINDOWS = 6000, MOST_OF_PHRASE = 400;

/**
 * Plans of a piece with new plans for the bars of a gap, best first. The content comes from
 * passages of the piece or of others that satisfy the constraints in the gap and have similar
 * neighbouring bars.
 * @param others plans of a corpus
 * @param count plans at most
 */
export function gapPlans(
  gap: BarGap,
  others: readonly PlanOfPiece[],
  count: number,
  grid: Grid,
  random: Random,
): Plan[] {
  const phrases = phrasesOf(gap);
  if (phrases.length === 1) {
    const windows = ordered(gap, gap.end, others, MOST_WINDOWS, random).slice(0, count);
    return windows.length === 0
      ? [withBars(gap, lengthsOf(gap))]
      : windows.map((window) => planned(gap, window, grid));
  }
  return Array.from({ length: count }, () =>
    phrases.reduce((plan, { from, end }) => {
      const phrase = { ...gap, plan, from, end };
      const [window] = ordered(phrase, gap.end, others, MOST_OF_PHRASE, random);
      return window ? planned(phrase, window, grid) : withBars(phrase, lengthsOf(phrase));
    }, gap.plan));
}

function phrasesOf({ from, end }: BarGap): { from: number; end: number }[] {
  if (end - from <= LONGEST_PHRASE) return [{ from, end }];
  const starts: number[] = [];
  for (let at = from; end - at >= PHRASE_BARS; at += PHRASE_BARS) starts.push(at);
  return starts.map((at, index) => ({ from: at, end: starts[index + 1] ?? end }));
}

/** Passages for a phrase, best first. */
function ordered(
  gap: BarGap,
  unknownUntil: number,
  others: readonly PlanOfPiece[],
  most: number,
  random: Random,
): Window[] {
  const known = { ...gap, unknownUntil, key: keyAround(gap, unknownUntil) };
  const own = placesIn({ name: "", plan: gap.plan }, known, true);
  const lent = others.flatMap((piece) => placesIn(piece, known, false));
  const some = lent.length > most ? random.shuffle(lent).slice(0, most) : lent;
  return [...own, ...some].map((place) => {
    const cost = costOf(place, known);
    return { window: { ...place, cost }, order: loosened(cost, random) };
  }).sort((a, b) => a.order - b.order).map(({ window }) => window);
}

function lengthsOf({ plan, from, end }: BarGap): BarPlan[] {
  return plan.bars.slice(from, end).map(({ frames, steps }) => ({ frames, steps }));
}

/** The piece's plan with other bars in the gap. */
function withBars({ plan, from, end }: BarGap, bars: readonly BarPlan[]): Plan {
  return { ...plan, bars: [...plan.bars.slice(0, from), ...bars, ...plan.bars.slice(end)] };
}

/** The gap filled with a window's content and the constraints. */
function planned(gap: BarGap, window: Window, grid: Grid): Plan {
  const bars = lengthsOf(gap).map((length, index): BarPlan => {
    const content = fitContent(contentAt(window, index), length, grid);
    const given = gap.given?.bars[gap.from + index];
    return {
      ...length,
      ...(given ? withGiven(content, given, gap.given?.side) : content),
      like: likeOf(gap, window, index),
    };
  });
  return withBars(gap, bars);
}

/** A content extended to admit the constraints: their pitch classes, rhythm and pitch envelope. */
function withGiven(
  content: BarContent,
  given: BarPlan,
  side: GivenVoice["side"],
): BarContent {
  const classes = content.classes && withClasses(content.classes, given.classes);
  const onsets = content.onsets?.map((count, step) => Math.max(count, given.onsets?.[step] ?? 0));
  if (!side) return { ...content, classes, onsets };
  const envelope = content[side]?.map((pitch, beat) => given[side]?.[beat] ?? pitch);
  return { ...content, classes, onsets, [side]: envelope };
}

/** Pitch classes of each half bar, with further ones. */
export function withClasses(
  classes: NonNullable<BarPlan["classes"]>,
  more: BarPlan["classes"],
): number[][] {
  return classes.map((half, index) =>
    [...new Set([...half, ...more?.[index] ?? []])].sort((a, b) => a - b)
  );
}

/**
 * Similarity of a bar of the gap: to the bar of the piece from which it is borrowed, which may be a
 * later one, or else the borrowed bar's own similarity in its piece, if that is to a near bar.
 */
function likeOf(gap: BarGap, { donor, own, from, cost }: Window, index: number): Similarity | null {
  if (own) {
    const degree = MOST_LIKE - cost / 2;
    return degree < LEAST_SIMILARITY ? null : { bar: from + index, degree, transpose: 0 };
  }
  const at = gap.from + index, like = donor.plan.bars[from + index]!.like;
  const back = like ? from + index - like.bar : 0;
  if (!like || back > NEAR_BARS || back > at) return null;
  return { ...like, bar: at - back };
}
