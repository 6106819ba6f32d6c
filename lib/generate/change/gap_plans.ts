import type { Random } from "../../random.ts";
import { keyOf } from "../../tokens/find_key.ts";
import { classCounts, type Key } from "../../tokens/key.ts";
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
import { contentAt, type Donor, donorOf, type Passage } from "../plan/donors.ts";
import { PHRASE_BARS } from "../plan/form.ts";
import { contextCost, type GivenVoice, type PieceGap } from "../plan/passage_cost.ts";
import { rankPassages } from "../plan/passages.ts";

/** Bars of a piece to be planned from their surroundings. */
interface BarGap {
  /** The piece's own plan; the bars in the gap are not read. */
  readonly plan: Plan;
  /** Index of the first bar of the gap, and of the first bar after it. */
  readonly from: number;
  readonly end: number;
  /** Constraints on all bars of the piece, if there are any. */
  readonly given?: GivenVoice | undefined;
}

/** Greatest distance in bars to an earlier similar bar where a passage is borrowed. */
const NEAR_BARS = 8;

/** Similarity of a gap to a passage of the piece itself with the same context; less with another. */
const MOST_LIKE = 0.7;

/** Bars around a gap from which its key is estimated. */
const KEY_BARS = 8;

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
  const phrases = phrasesOf(gap), donors = others.map(donorOf);
  const own = donorOf({ name: "", plan: gap.plan }); // its key and metre are not used
  const ranked = (phrase: BarGap, most: number) =>
    passagesFor(phrase, { ...own, plan: phrase.plan }, gap.end, donors, most, grid, random);
  if (phrases.length === 1) {
    const plans = ranked(gap, MOST_WINDOWS).slice(0, count);
    return plans.length === 0 ? [withBars(gap, lengthsOf(gap))] : plans.map((make) => make());
  }
  return Array.from({ length: count }, () =>
    phrases.reduce((plan, { from, end }) => {
      const phrase = { ...gap, plan, from, end };
      return ranked(phrase, MOST_OF_PHRASE)[0]?.() ?? withBars(phrase, lengthsOf(phrase));
    }, gap.plan));
}

function phrasesOf({ from, end }: BarGap): { from: number; end: number }[] {
  if (end - from <= LONGEST_PHRASE) return [{ from, end }];
  const starts: number[] = [];
  for (let at = from; end - at >= PHRASE_BARS; at += PHRASE_BARS) starts.push(at);
  return starts.map((at, index) => ({ from: at, end: starts[index + 1] ?? end }));
}

/**
 * Plans of a piece with a phrase filled, best first.
 * @param own the piece, with its earlier phrases filled
 * @param knownFrom first planned bar after it
 */
function passagesFor(
  phrase: BarGap,
  own: Donor,
  knownFrom: number,
  others: readonly Donor[],
  most: number,
  grid: Grid,
  random: Random,
): (() => Plan)[] {
  const { plan, from, end, given } = phrase;
  const gap: PieceGap = {
    bars: lengthsOf(phrase),
    at: from - own.first,
    ends: plan.ends && end === plan.bars.length,
    key: keyAround(phrase, knownFrom),
    piece: { donor: own, from, knownFrom },
    given: given && { ...given, bars: given.bars.slice(from, end) },
  };
  return rankPassages(others, gap, most, random)
    .map((passage) => () => withBars(phrase, filled(gap, passage, grid)));
}

/** Key of the bars around a gap and of the constraints in it; undefined if they are silent. */
function keyAround({ plan, from, end, given }: BarGap, knownFrom: number): Key | undefined {
  const around = [
    ...plan.bars.slice(Math.max(0, from - KEY_BARS), from),
    ...plan.bars.slice(knownFrom, knownFrom + KEY_BARS),
    ...(given?.bars.slice(Math.max(0, from - KEY_BARS), end + KEY_BARS) ?? []),
  ];
  return classCounts(around).some((count) => count > 0) ? keyOf(around) : undefined;
}

function lengthsOf({ plan, from, end }: BarGap): BarPlan[] {
  return plan.bars.slice(from, end).map(({ frames, steps }) => ({ frames, steps }));
}

/** The piece's plan with other bars in the gap. */
function withBars({ plan, from, end }: BarGap, bars: readonly BarPlan[]): Plan {
  return { ...plan, bars: [...plan.bars.slice(0, from), ...bars, ...plan.bars.slice(end)] };
}

/** The bars of a gap with a passage's content and the constraints. */
function filled(gap: PieceGap, passage: Passage, grid: Grid): BarPlan[] {
  return gap.bars.map((length, index): BarPlan => {
    const content = fitContent(contentAt(passage, index), length, grid);
    const given = gap.given?.bars[index];
    return {
      ...length,
      ...(given ? withGiven(content, given, gap.given?.side) : content),
      like: likeOf(gap, passage, index),
    };
  });
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
function likeOf(gap: PieceGap, passage: Passage, index: number): Similarity | null {
  const { donor, from } = passage, { piece } = gap;
  if (donor === piece.donor) {
    const degree = MOST_LIKE - contextCost(passage, gap) / 2;
    return degree < LEAST_SIMILARITY ? null : { bar: from + index, degree, transpose: 0 };
  }
  const at = piece.from + index, like = donor.plan.bars[from + index]!.like;
  const back = like ? from + index - like.bar : 0;
  if (!like || back > NEAR_BARS || back > at) return null;
  return { ...like, bar: at - back };
}
