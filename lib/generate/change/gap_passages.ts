import { keyOf } from "../../tokens/find_key.ts";
import { classCounts, type Key, keyFit } from "../../tokens/key.ts";
import type { BarPlan, Plan, PlanOfPiece } from "../../tokens/plan.ts";
import { jaccard } from "../../numbers.ts";
import { octavesApart, onsetsPerStep, rhythmCosine, timesFuller } from "../../tokens/distance.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { contentOf, transposeContent } from "../plan/content.ts";
import { contentAt, type Passage } from "../plan/passages.ts";

/** Bars of a piece to be planned from their surroundings. */
export interface BarGap {
  /** The piece's own plan; the bars in the gap are not read. */
  readonly plan: Plan;
  /** Index of the first bar of the gap, and of the first bar after it. */
  readonly from: number;
  readonly end: number;
  /** Constraints in the gap, if there are any. */
  readonly given?: GivenVoice;
}

/** Notes fixed in a gap: the plan they would have alone, and their position. */
export interface GivenVoice {
  /** Bar by bar, as in the piece's plan. */
  readonly bars: readonly BarPlan[];
  /** Whether they lie above or below the new notes; undefined: among them. */
  readonly side?: "top" | "bottom";
}

/** Bars on each side by which passages are compared. */
const SIDE = 4;

/** Cost of a bar for which the passage has no neighbour. */
const NO_NEIGHBOUR = 1.5;

/** Bars around a gap from which its key is estimated. */
const KEY_BARS = 8;

/** Cost of each kind of mismatch. */
const COST = {
  rhythm: 1,
  density: 1,
  classes: 1.5,
  register: 0.8,
  envelope: 0.8,
  key: 2,
  given: 3,
  busy: 1,
  bass: 0.4,
  close: 0.6,
} as const;

/** Extra cost of a passage from another piece. */
const OTHER_PIECE = 0.5;

/** A candidate passage for a gap. */
export interface Place extends Passage<PlanOfPiece> {
  /** Whether it comes from the piece itself. */
  readonly own: boolean;
}

/** A phrase of a gap; bars before `unknownUntil` have no plan yet. */
export interface Phrase extends BarGap {
  readonly unknownUntil: number;
  /** Key of the surrounding bars and the constraints; undefined where there are no notes. */
  readonly key: Key | undefined;
}

/** All passages of a piece with the length of the phrase, in the keys that suit it. */
export function placesIn(donor: PlanOfPiece, phrase: Phrase, own: boolean): Place[] {
  const { plan, from: first, end, unknownUntil } = phrase, length = end - first;
  const { bars } = donor.plan, places: Place[] = [], { key } = phrase;
  const steps = plan.bars.slice(first, end).map((bar) => bar.steps);
  for (let from = 0; from + length <= bars.length; from++) {
    if (own && from < unknownUntil && first < from + length) continue;
    if (!steps.every((count, index) => bars[from + index]!.steps === count)) continue;
    const counts = classCounts(bars.slice(Math.max(0, from - SIDE), from + length + SIDE));
    for (const transpose of own ? [0] : transpositions(counts, key, phrase.given ? 4 : 2)) {
      places.push({ donor, own, from, transpose });
    }
  }
  return places;
}

/** Key of the bars around a phrase and of the constraints in it. */
export function keyAround(
  { plan, from, end, given }: BarGap,
  unknownUntil: number,
): Key | undefined {
  const around = [
    ...plan.bars.slice(Math.max(0, from - KEY_BARS), from),
    ...plan.bars.slice(unknownUntil, unknownUntil + KEY_BARS),
    ...(given?.bars.slice(Math.max(0, from - KEY_BARS), end + KEY_BARS) ?? []),
  ];
  return classCounts(around).some((count) => count > 0) ? keyOf(around) : undefined;
}

/** The transpositions that bring pitch classes closest to a key. */
function transpositions(counts: readonly number[], key: Key | undefined, most: number): number[] {
  if (!key) return [0];
  return Array.from({ length: 12 }, (_, index) => index - 5)
    .map((transpose) => ({ transpose, fit: keyFit(counts, key, transpose) }))
    .sort((a, b) => b.fit - a.fit).slice(0, most).map(({ transpose }) => transpose);
}

/** Cost of a passage for a phrase: its key, its neighbouring bars, and the constraints. */
export function costOf(place: Place, phrase: Phrase): number {
  const { donor: { plan: { bars, ends } }, own, from, transpose } = place;
  const { key } = phrase, length = phrase.end - phrase.from;
  const counts = classCounts(bars.slice(Math.max(0, from - SIDE), from + length + SIDE));
  const misfit = key ? COST.key * (1 - keyFit(counts, key, transpose)) : 0;
  const closes = ends && from + length === bars.length;
  const atEnd = phrase.end === phrase.plan.bars.length;
  return misfit + (own ? 0 : OTHER_PIECE) + sideCost(place, phrase) + givenCost(place, phrase) +
    (closes === atEnd ? 0 : COST.close);
}

/** Mean dissimilarity between the bars around a passage and those around the phrase. */
function sideCost({ donor, own, from, transpose }: Place, phrase: Phrase): number {
  const length = phrase.end - phrase.from;
  let cost = 0, weights = 0;
  for (let k = 1; k <= SIDE; k++) {
    for (const offset of [-k, length - 1 + k]) {
      const ours = knownBar(phrase, phrase.from + offset);
      const theirs = own ? knownBar(phrase, from + offset) : donor.plan.bars[from + offset];
      if (!ours || (own && !theirs)) continue;
      weights += 1 / k;
      cost += (theirs ? apart(theirs, ours, transpose) : NO_NEIGHBOUR) / k;
    }
  }
  return weights > 0 ? cost / weights : NO_NEIGHBOUR;
}

function knownBar({ plan, from, unknownUntil }: Phrase, index: number): BarPlan | undefined {
  return index >= from && index < unknownUntil ? undefined : plan.bars[index];
}

/** Mean cost per bar of a passage under the constraints. */
function givenCost(place: Place, { given, from: first, end }: Phrase): number {
  if (!given) return 0;
  let cost = 0;
  for (let index = 0; index < end - first; index++) {
    const ours = given.bars[first + index]!;
    const theirs = contentAt(place, index);
    const begins = ours.onsets ?? [];
    const missed = begins.filter((count, step) => count > 0 && !theirs.onsets?.[step]).length;
    const side = given.side ?? "top";
    const asked = classesOf(ours), found = asked.intersection(classesOf(theirs)).size;
    cost += COST.given * (asked.size === 0 ? 0 : 1 - found / asked.size) +
      COST.rhythm * missed / Math.max(1, begins.filter((count) => count > 0).length) +
      (given.side ? COST.envelope * octavesApart(theirs[side], ours[side]) : 0) +
      COST.busy * tooBusy(theirs, ours) + (side === "top" && !(theirs.low! > 0) ? COST.bass : 0);
  }
  return cost / (end - first);
}

/** Logarithm of the ratio of onsets to those of the fixed voice, beyond a factor of two. */
function tooBusy(theirs: BarContent, ours: BarContent): number {
  const steps = ({ onsets = [] }: BarContent) => onsets.filter((count) => count > 0).length;
  return Math.max(0, Math.log((steps(theirs) + 1) / (2 * steps(ours) + 2)));
}

/** Dissimilarity of two bars, 0: none. */
function apart(theirs: BarPlan, ours: BarPlan, transpose: number): number {
  const moved = transposeContent(contentOf(theirs), transpose);
  return COST.rhythm * (1 - likeRhythm(theirs, ours)) +
    COST.density * (timesFuller(theirs.notes ?? 0, ours.notes ?? 0, 0.5) +
        timesFuller(onsetsPerStep(theirs) ?? 0, onsetsPerStep(ours) ?? 0, 0.1)) /
      2 +
    COST.classes * (1 - jaccard(classesOf(moved), classesOf(ours))) +
    COST.register * Math.abs((moved.register ?? 60) - (ours.register ?? 60)) / 12 +
    COST.envelope * (octavesApart(moved.top, ours.top) + octavesApart(moved.bottom, ours.bottom)) /
      2;
}

/** Cosine similarity of two bars' rhythms; two bars without onsets are alike. */
function likeRhythm({ onsets: a = [] }: BarPlan, { onsets: b = [] }: BarPlan): number {
  return rhythmCosine(a, b) ?? (a.some(Boolean) === b.some(Boolean) ? 1 : 0);
}

/** Pitch classes per half bar. */
function classesOf({ classes = [] }: BarContent): Set<number> {
  return new Set(classes.flatMap((half, index) => half.map((one) => 12 * index + one)));
}
