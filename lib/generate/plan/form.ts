import { mean } from "../../numbers.ts";
import { evenFrames } from "../../tokens/bars.ts";
import {
  type BarPlan,
  LEAST_SIMILARITY,
  type Plan,
  type Similarity,
  upbeatBars,
} from "../../tokens/plan.ts";
import type { BarMetre } from "./metre.ts";

/**
 * A bar of a new form: its length, its similarity to an earlier bar, and its bar in the source
 * form.
 */
export interface FormBar {
  readonly frames: number;
  readonly steps: number;
  readonly signature?: BarPlan["signature"];
  /** Similarity to an earlier bar of the new form. */
  readonly like: Similarity | null;
  /** Index of the bar in the source form. */
  readonly from: number;
}

/** Length of a phrase in bars. */
export const PHRASE_BARS = 4;

/** Similarity of a repeated section to its first statement. */
const SECTION_SIMILARITY = 0.85;

/**
 * A form of `count` bars made from that of a plan. A longer source form gives its first half, a
 * later passage, chosen to keep the amount of repetition of the whole piece, and its last phrase; a
 * shorter one is repeated, with new content in the second pass and that of the first pass in the
 * third (A B A …), before its last phrase. An upbeat is left out.
 */
export function formOf(plan: Plan, count: number): FormBar[] {
  const upbeat = upbeatBars(plan);
  const whole = plan.bars.length - upbeat;
  const last = Math.min(PHRASE_BARS, Math.floor(Math.min(count, whole) / 2));
  const round = Math.max(1, whole - last); // repeated bars, before the last phrase
  const places = whole > count
    ? placesInLonger(plan, upbeat, count - last, round - (count - last))
    : Array.from({ length: count - last }, (_, k): Place => ({
      from: upbeat + k % round,
      round: Math.floor(k / round),
    }));
  const lastRound = places.at(-1)?.round ?? 0;
  for (let k = last; k > 0; k--) places.push({ from: plan.bars.length - k, round: lastRound });
  const lengths = evenFrames(places.map(({ from }) => plan.bars[from]!.steps));
  return places.map(({ from }, index) => ({
    from,
    frames: lengths[index]!,
    ...metreOf(plan.bars[from]!),
    like: comesBack(places, index) ?? similarityIn(plan.bars, places, index),
  }));
}

/**
 * Bars of a longer source form: its first half, and a second half that starts at most `most` bars
 * later, a whole number of phrases.
 */
function placesInLonger(plan: Plan, upbeat: number, count: number, most: number): Place[] {
  const half = count < 2 * PHRASE_BARS ? count : PHRASE_BARS * Math.ceil(count / 2 / PHRASE_BARS);
  const usual = meanSimilarity(plan.bars.map(({ like }) => like));
  let best: Place[] = [], least = Infinity;
  for (let skip = 0; skip <= most; skip += PHRASE_BARS) {
    const places = Array.from({ length: count }, (_, k): Place => ({
      from: upbeat + k + (k < half ? 0 : skip),
      round: 0,
    }));
    const similarities = places.map((_, index) => similarityIn(plan.bars, places, index));
    const apart = Math.abs(meanSimilarity(similarities) - usual);
    if (apart < least) [best, least] = [places, apart];
    if (half === count) break;
  }
  return best;
}

function meanSimilarity(similarities: readonly (Similarity | null | undefined)[]): number {
  return mean(similarities.map((like) => like?.degree ?? 0));
}

/** A form in one metre: changes of metre do not survive a cut. */
export function inMetre(form: readonly FormBar[], metre: BarMetre): FormBar[] {
  const frames = evenFrames(form.map(() => metre.steps));
  return form.map(({ from, like }, index) => ({ from, like, ...metre, frames: frames[index]! }));
}

function metreOf({ steps, signature }: BarPlan): BarMetre {
  return { steps, ...(signature ? { signature } : {}) };
}

/** The bar of the source form that a new bar copies, and the pass number. */
interface Place {
  readonly from: number;
  readonly round: number;
}

/** Similarity to the bar two passes before, in the third, fifth … pass through a form. */
function comesBack(places: readonly Place[], index: number): Similarity | null {
  const { from, round } = places[index]!;
  if (round < 2 || round % 2 === 1) return null;
  const bar = places.findIndex((place) => place.from === from && place.round === round - 2);
  return bar < 0 ? null : { bar, degree: SECTION_SIMILARITY, transpose: 0 };
}

/** Similarity of a bar in the source form, followed back to a bar of the new form. */
function similarityIn(
  bars: readonly BarPlan[],
  places: readonly Place[],
  index: number,
): Similarity | null {
  const { from, round } = places[index]!;
  let degree = 1, transpose = 0;
  for (let like = bars[from]!.like; like; like = bars[like.bar]!.like) {
    degree *= like.degree;
    transpose += like.transpose;
    if (degree < LEAST_SIMILARITY || Math.abs(transpose) > 12) return null;
    const target = like.bar;
    const bar = places.findLastIndex((place, other) =>
      other < index && place.from === target && place.round <= round
    );
    if (bar >= 0) return { bar, degree, transpose };
  }
  return null;
}
