import { jaccard } from "../../numbers.ts";
import {
  envelopeLeap,
  octavesApart,
  onsetsPerStep,
  rhythmCosine,
  timesFuller,
} from "../../tokens/distance.ts";
import { classCounts, type Key, keyFit } from "../../tokens/key.ts";
import type { BarPlan } from "../../tokens/plan.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { contentOf, transposeContent } from "./content.ts";
import { contentAt, type Donor, type Passage } from "./donors.ts";
import { lackOfCadence } from "./ending.ts";
import { PHRASE_BARS } from "./form.ts";
import { joinsOf, type SequenceBar } from "./joins.ts";

/** A passage in use, with its number of bars. */
export interface Taken extends Passage {
  readonly bars: number;
}

/** Notes fixed in a gap: the plan they would have alone, and their position. */
export interface GivenVoice {
  /** One plan per bar. */
  readonly bars: readonly BarPlan[];
  /** Whether they lie above or below the new notes; undefined: among them. */
  readonly side?: "top" | "bottom" | undefined;
}

/**
 * A phrase to be planned, with what is known of it: in a new piece the bars before it and its form,
 * in a given piece the bars on both sides.
 */
export interface Gap {
  /** The bars to be planned: their lengths, and the content of the form's bars in a new piece. */
  readonly bars: readonly BarPlan[];
  /** Index of the first of them, counted from the first whole bar. */
  readonly at: number;
  /** Whether the last of them closes the music. */
  readonly ends: boolean;
  /** Key of the gap; undefined where nothing around it sounds. */
  readonly key?: Key | undefined;
  /** Bars of a new piece: the preceding one, the phrase, and the one after it if it is known. */
  readonly sequence?: readonly SequenceBar[];
  /** `keyFit` of the form's own bars in their key, in a new piece. */
  readonly ownKeyFit?: number;
  /** Passages used so far in a new piece. */
  readonly taken?: readonly Taken[];
  /** A passage that must not be used: the form's own bars at their own place. */
  readonly forbidden?: { readonly name: string; readonly from: number };
  /** Surprisal of the chords of a passage where that is known: see `harmony.ts`. */
  readonly surprise?: ((passage: Passage, most: number) => number) | null;
  /** The piece with the gap; it is compared with the surroundings of each passage. */
  readonly piece?: {
    readonly donor: Donor;
    /** Index of the first bar of the gap, and of the first planned bar after it. */
    readonly from: number;
    readonly knownFrom: number;
  };
  /** Constraints in the gap. */
  readonly given?: GivenVoice | undefined;
}

/** A gap of a given piece. */
export type PieceGap = Gap & Required<Pick<Gap, "piece">>;

/** Weight of each kind of mismatch. */
const COST = {
  length: 4,
  density: 1,
  onsets: 1,
  register: 0.6,
  key: 2.5,
  leap: { top: 1, bottom: 0.4 },
  rhythm: 0.2,
  harmony: 0.1,
  phrase: 0.6,
  otherDonor: 0.3,
  takenBefore: 3,
  close: 1.5,
  open: 3,
  surroundings: { rhythm: 1, density: 1, classes: 1.5, register: 0.8, envelope: 0.8 },
  given: { classes: 3, rhythm: 1, envelope: 0.8, busy: 1, bass: 0.4 },
} as const;

/** Bars on each side of a passage from which its key is estimated. */
const KEY_BARS = 2;

/** Bars on each side by which surroundings are compared. */
const SIDE = 4;

/** Cost of a bar for which a passage has no neighbour. */
const NO_NEIGHBOUR = 1.5;

/** Pitch classes of a passage and the bars next to it. */
export function classesAround({ plan: { bars } }: Donor, from: number, count: number): number[] {
  return classCounts(bars.slice(Math.max(0, from - KEY_BARS), from + count + KEY_BARS));
}

/**
 * Cost of a passage in a gap: the weighted sum of all mismatches, 0 or more but for harmony.
 * @param most limit beyond which the cost may be Infinity instead
 */
export function costOf(passage: Passage, gap: Gap, most = Infinity): number {
  const cost = barsCost(passage, gap) + joinCost(passage, gap) + donorCost(passage, gap) +
    endCost(passage, gap) + contextCost(passage, gap);
  return cost + COST.harmony * (gap.surprise?.(passage, (most - cost) / COST.harmony) ?? 0);
}

/** Cost of a passage in its context: its neighbouring bars, and the constraints. */
export function contextCost(passage: Passage, gap: Gap): number {
  return surroundingsCost(passage, gap) + givenCost(passage, gap);
}

/** Cost of bars that differ from the form's in length, density, register or distance from the key. */
function barsCost({ donor, from, transpose }: Passage, gap: Gap): number {
  const { bars: wanted, key, ownKeyFit = 1 } = gap;
  const count = wanted.length, own = donor.plan.bars.slice(from, from + count);
  let cost = COST.length * (count - own.length);
  for (const [index, bar] of own.entries()) {
    const form = wanted[index]!;
    cost += COST.density * timesFuller(bar.notes, form.notes, 0.5) +
      COST.onsets * timesFuller(onsetsPerStep(bar), onsetsPerStep(form), 0.1) +
      (bar.steps === form.steps ? 0 : COST.length);
    if (form.register !== undefined) {
      cost += COST.register * Math.abs((bar.register ?? 60) + transpose - (form.register ?? 60)) /
        12;
    }
  }
  const misfit = key
    ? Math.abs(ownKeyFit - keyFit(classesAround(donor, from, count), key, transpose))
    : 0;
  return cost / count + COST.key * misfit;
}

/** Cost of the joins between a passage and the known bars of a new piece. */
function joinCost(passage: Passage, { sequence = [] }: Gap): number {
  let cost = 0;
  for (const [before, after] of joinsOf(passage, sequence)) {
    const beyondStep = (side: "top" | "bottom") =>
      Math.max(0, envelopeLeap(before[side], after[side]) - 2) / 12;
    cost += COST.leap.top * beyondStep("top") + COST.leap.bottom * beyondStep("bottom") +
      COST.rhythm * (1 - likeRhythm(before, after));
  }
  return cost;
}

/** Cost of another place in a phrase, of a further donor, and of repeated use. */
function donorCost({ donor, from }: Passage, { bars, at, taken = [], piece }: Gap): number {
  const isElsewhere = (from - donor.first) % PHRASE_BARS !== at % PHRASE_BARS;
  const same = taken.filter((other) => other.donor === donor);
  const again = same.some((other) =>
    from < other.from + other.bars && other.from < from + bars.length
  );
  const isFurther = piece ? donor !== piece.donor : taken.length > 0 && same.length === 0;
  return (isElsewhere ? COST.phrase : 0) + (again ? COST.takenBefore : 0) +
    (isFurther ? COST.otherDonor : 0);
}

/** Cost of an end that stays open, or of a close before the music ends. */
function endCost(passage: Passage, { bars, ends, key }: Gap): number {
  const { donor: { plan }, from } = passage, end = from + bars.length;
  if (!ends) return plan.ends && end > plan.bars.length - 2 ? COST.close : 0;
  const closes = plan.ends && end >= plan.bars.length && key;
  return COST.open * (closes ? lackOfCadence(contentAt(passage, bars.length - 1), key) : 1);
}

/** Mean dissimilarity between the bars around a passage and those around the gap. */
function surroundingsCost({ donor, from, transpose }: Passage, { bars, piece }: Gap): number {
  if (!piece) return 0;
  const isOwn = donor === piece.donor;
  const known = (index: number) =>
    index >= piece.from && index < piece.knownFrom ? undefined : piece.donor.plan.bars[index];
  let cost = 0, weights = 0;
  for (let away = 1; away <= SIDE; away++) {
    for (const offset of [-away, bars.length - 1 + away]) {
      const ours = known(piece.from + offset);
      const theirs = isOwn ? known(from + offset) : donor.plan.bars[from + offset];
      if (!ours || (isOwn && !theirs)) continue;
      weights += 1 / away;
      cost += (theirs ? apart(theirs, ours, transpose) : NO_NEIGHBOUR) / away;
    }
  }
  return weights > 0 ? cost / weights : NO_NEIGHBOUR;
}

/** Dissimilarity of two bars, 0: none. */
function apart(theirs: BarPlan, ours: BarPlan, transpose: number): number {
  const moved = transposeContent(contentOf(theirs), transpose), weights = COST.surroundings;
  return weights.rhythm * (1 - likeRhythm(theirs, ours)) +
    weights.density * (timesFuller(theirs.notes, ours.notes, 0.5) +
        timesFuller(onsetsPerStep(theirs), onsetsPerStep(ours), 0.1)) /
      2 +
    weights.classes * (1 - jaccard(classesOf(moved), classesOf(ours))) +
    weights.register * Math.abs((moved.register ?? 60) - (ours.register ?? 60)) / 12 +
    weights.envelope *
      (octavesApart(moved.top, ours.top) + octavesApart(moved.bottom, ours.bottom)) / 2;
}

/** Mean cost per bar of a passage under the constraints. */
function givenCost(passage: Passage, { bars, given }: Gap): number {
  if (!given) return 0;
  let cost = 0;
  for (const [index, ours] of given.bars.entries()) {
    const theirs = contentAt(passage, index), { side = "top" } = given;
    const begins = ours.onsets ?? [];
    const missed = begins.filter((count, step) => count > 0 && !theirs.onsets?.[step]).length;
    const asked = classesOf(ours), found = asked.intersection(classesOf(theirs)).size;
    cost += COST.given.classes * (asked.size === 0 ? 0 : 1 - found / asked.size) +
      COST.given.rhythm * missed / Math.max(1, begins.filter((count) => count > 0).length) +
      (given.side ? COST.given.envelope * octavesApart(theirs[side], ours[side]) : 0) +
      COST.given.busy * tooBusy(theirs, ours) +
      (side === "top" && !(theirs.low! > 0) ? COST.given.bass : 0);
  }
  return cost / bars.length;
}

/** Logarithm of the ratio of onsets to those of the fixed voice, beyond a factor of two. */
function tooBusy(theirs: BarContent, ours: BarContent): number {
  const steps = ({ onsets = [] }: BarContent) => onsets.filter((count) => count > 0).length;
  return Math.max(0, Math.log((steps(theirs) + 1) / (2 * steps(ours) + 2)));
}

/**
 * Cosine similarity of the steps with onsets, 0 to 1; 1 where they are unknown, and for two bars
 * without onsets.
 */
function likeRhythm({ onsets: a }: BarContent, { onsets: b }: BarContent): number {
  if (!a || !b) return 1;
  const steps = (onsets: readonly number[]) => onsets.map((count) => Math.min(1, count));
  return rhythmCosine(steps(a), steps(b)) ?? (a.some(Boolean) === b.some(Boolean) ? 1 : 0);
}

/** Pitch classes per half bar. */
function classesOf({ classes = [] }: BarContent): Set<number> {
  return new Set(classes.flatMap((half, index) => half.map((one) => 12 * index + one)));
}
