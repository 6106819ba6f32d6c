import type { Random } from "../../random.ts";
import { keyOf } from "../../tokens/find_key.ts";
import { classCounts, type Key, keyFit, moveBetween, transposedFits } from "../../tokens/key.ts";
import { type BarPlan, type PlanOfPiece, upbeatBars } from "../../tokens/plan.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { onsetsPerStep, rhythmCosine, timesFuller } from "../../tokens/distance.ts";
import { contentOf, transposeContent } from "./content.ts";
import { opennessOf } from "./ending.ts";
import { PHRASE_BARS } from "./form.ts";
import { type BarMetre, mainMetre } from "./metre.ts";

/** A piece whose bars provide content. */
export interface Donor extends PlanOfPiece {
  readonly key: Key;
  /** Index of the first whole bar. */
  readonly first: number;
  /** The most common metre of its bars. */
  readonly metre: BarMetre;
}

/** Consecutive bars of one donor. */
export interface Passage<From extends PlanOfPiece = Donor> {
  readonly donor: From;
  /** Index of the first bar in the donor. */
  readonly from: number;
  /** Transposition in semitones. */
  readonly transpose: number;
}

/** A used passage, and its number of bars. */
export interface Taken extends Passage {
  readonly bars: number;
}

/** A gap in a plan that a passage should fit. */
export interface Gap {
  /** The bars to be filled, as in the form's piece: the required length and density. */
  readonly bars: readonly BarPlan[];
  /** Index of the first of them in the new music. */
  readonly at: number;
  /** Whether the last of them is the last of the music. */
  readonly ends: boolean;
  /** Key of the gap. */
  readonly key: Key;
  /** The preceding bar, as it was filled. */
  readonly before: BarContent | undefined;
  /** Surprisal of its chords with a passage, in nats per bar, where that is known. */
  readonly surprise?: ((passage: Passage) => number) | null;
  /** Passages used so far. */
  readonly taken: readonly Taken[];
  /** A passage that must not be used: the form's own bars at their own place. */
  readonly forbidden?: { readonly name: string; readonly from: number };
}

/** Passages tried for each gap. */
const TRIALS = 160;

/** Cost of each kind of mismatch. */
const COST = {
  density: 1,
  onsets: 1,
  register: 0.6,
  key: 2.5,
  leap: 0.5,
  rhythm: 0.2,
  harmony: 0.1,
  phrase: 0.6,
  otherDonor: 0.3,
  takenBefore: 3,
  length: 4,
  close: 1.5,
  open: 3,
} as const;

/** Most donors for one piece of music; more would make a patchwork. */
const MOST_DONORS = 3;

/** Bars around a passage from which its key is estimated. */
const KEY_BARS = 2;

/** Known donors: finding their keys takes longer than the rest of making a plan. */
const donors = new WeakMap<PlanOfPiece, Donor>();

/** A piece as a donor. */
export function donorOf(piece: PlanOfPiece): Donor {
  const known = donors.get(piece);
  if (known) return known;
  const { plan } = piece;
  const donor: Donor = {
    ...piece,
    first: upbeatBars(plan),
    key: keyOf(plan.bars, plan.ends),
    metre: mainMetre(plan),
  };
  donors.set(piece, donor);
  return donor;
}

/**
 * The best-fitting of some passages tried at random: with the form's density and register, in the
 * key, at the same place in a phrase, from a donor used before, its pitch envelope and rhythm
 * continuing from the preceding bar.
 */
export function choosePassage(donors: readonly Donor[], gap: Gap, random: Random): Passage {
  const used = [...new Set(gap.taken.map(({ donor }) => donor))];
  const pool = used.length >= MOST_DONORS ? used : donors;
  let best: Passage | undefined, least = Infinity;
  for (let trial = 0; trial < TRIALS; trial++) {
    const known = used.length > 0 && random.next() < 0.6;
    const donor = known ? used[random.below(used.length)]! : pool[random.below(pool.length)]!;
    const { bars } = donor.plan;
    const last = Math.max(donor.first, bars.length - gap.bars.length);
    const from = gap.ends ? last : donor.first + random.below(last - donor.first + 1);
    if (isForbidden(gap, donor, from)) continue;
    const transpose = transpositionOf(donor, from, gap);
    const passage = { donor, from, transpose };
    const cost = loosened(costOf(passage, gap), random);
    if (cost < least) [best, least] = [passage, cost];
  }
  return best ?? { donor: donors[0]!, from: donors[0]!.first, transpose: 0 };
}

/**
 * Scale of the random noise added to costs, so that a passage other than the best can be chosen.
 */
const LOOSENESS = 0.15;

/**
 * A cost with Gumbel noise: its minimum is mostly the best choice, and at times one nearly as good.
 */
export function loosened(cost: number, random: Random): number {
  return cost + LOOSENESS * Math.log(-Math.log(random.next() || 0.5));
}

/**
 * Content that a passage provides for bar `index` of its gap; beyond the donor's end, its last bar.
 */
export function contentAt(
  { donor, from, transpose }: Passage<PlanOfPiece>,
  index: number,
): BarContent {
  const { bars } = donor.plan;
  return transposeContent(contentOf(bars[Math.min(bars.length - 1, from + index)]!), transpose);
}

function isForbidden({ forbidden }: Gap, { name, plan, first }: Donor, from: number): boolean {
  return forbidden?.name === name && forbidden.from === from && plan.bars.length - first > 1;
}

/** Transposition that brings a passage into the key; in doubt, that of the donor's own key. */
function transpositionOf(donor: Donor, from: number, { key, bars }: Gap): number {
  const around = donor.plan.bars.slice(
    Math.max(0, from - KEY_BARS),
    from + bars.length + KEY_BARS,
  );
  const counts = classCounts(around);
  const own = moveBetween(donor.key, key);
  const fitOf = transposedFits(counts, key);
  let best = own, most = fitOf(own) + 0.15;
  for (let transpose = -5; transpose <= 6; transpose++) {
    const fit = fitOf(transpose);
    if (fit > most) [best, most] = [transpose, fit];
  }
  return best;
}

/** Cost of a passage in a gap. */
function costOf(passage: Passage, gap: Gap): number {
  return barsCost(passage, gap) + joinCost(passage, gap) + placeCost(passage, gap) +
    endCost(passage, gap) + COST.harmony * (gap.surprise?.(passage) ?? 0);
}

/** Cost of bars that differ from the form's in length, density and register, or are out of key. */
function barsCost({ donor, from, transpose }: Passage, { bars: wanted, key }: Gap): number {
  const count = wanted.length, own = donor.plan.bars.slice(from, from + count);
  let cost = COST.length * (count - own.length);
  for (const [index, bar] of own.entries()) {
    const form = wanted[index]!;
    cost += COST.density * timesFuller(bar.notes, form.notes, 0.5) +
      COST.onsets * timesFuller(onsetsPerStep(bar), onsetsPerStep(form), 0.1) +
      COST.register * Math.abs((bar.register ?? 60) + transpose - (form.register ?? 60)) / 12 +
      (bar.steps === form.steps ? 0 : COST.length);
  }
  return cost / count + COST.key * (1 - keyFit(classCounts(own), key, transpose));
}

/** Cost of the join with the preceding bar. */
function joinCost(passage: Passage, { before }: Gap): number {
  if (!before) return 0;
  const start = contentAt(passage, 0);
  return COST.leap * (leap(before.top, start.top) + leap(before.bottom, start.bottom)) +
    COST.rhythm * (1 - likeRhythm(before, start));
}

/** Cost of another place in a phrase, of another donor, and of repeated use. */
function placeCost({ donor, from }: Passage, { bars, at, taken }: Gap): number {
  const isElsewhere = (from - donor.first) % PHRASE_BARS !== at % PHRASE_BARS;
  const same = taken.filter((other) => other.donor === donor);
  const again = same.some((other) =>
    from < other.from + other.bars && other.from < from + bars.length
  );
  return (isElsewhere ? COST.phrase : 0) + (again ? COST.takenBefore : 0) +
    (taken.length > 0 && same.length === 0 ? COST.otherDonor : 0);
}

/** Cost of an end that stays open, or of a close before the music ends. */
function endCost(passage: Passage, { bars, ends, key }: Gap): number {
  const { donor: { plan }, from } = passage;
  if (!ends) return plan.ends && from + bars.length > plan.bars.length - 2 ? COST.close : 0;
  return COST.open * (plan.ends ? opennessOf(contentAt(passage, bars.length - 1), key) : 1);
}

/** Octaves beyond a fourth in the leap of a pitch envelope from one bar to the next. */
function leap(before: BarContent["top"], after: BarContent["top"]): number {
  const a = before?.findLast((pitch) => pitch !== null), b = after?.find((pitch) => pitch !== null);
  return a == null || b == null ? 0 : Math.max(0, Math.abs(a - b) - 5) / 12;
}

/** Cosine similarity of the steps with onsets, 0 to 1; 1 where they are unknown. */
function likeRhythm({ onsets: a }: BarContent, { onsets: b }: BarContent): number {
  const steps = (onsets: readonly number[]) => onsets.map((count) => Math.min(1, count));
  return a && b ? rhythmCosine(steps(a), steps(b)) ?? 0 : 1;
}
