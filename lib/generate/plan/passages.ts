import type { Random } from "../../random.ts";
import { moveBetween, transposedFits } from "../../tokens/key.ts";
import type { Donor, Passage } from "./donors.ts";
import { classesAround, costOf, type Gap, type PieceGap } from "./passage_cost.ts";

/** Passages tried for each gap of a new piece. */
const TRIALS = 160;

/** Most donors for one piece of music; more would make a patchwork. */
const MOST_DONORS = 3;

/**
 * The best of some passages for a gap of a new piece, tried at random: with the form's density and
 * register, as close to the key as the form, at the same place in a phrase, from a donor used
 * before, its pitch envelope and rhythm continuing from the preceding bar.
 */
export function choosePassage(donors: readonly Donor[], gap: Gap, random: Random): Passage {
  const used = [...new Set(gap.taken?.map(({ donor }) => donor))];
  const pool = used.length >= MOST_DONORS ? used : donors;
  let best: Passage | undefined, least = Infinity;
  for (let trial = 0; trial < TRIALS; trial++) {
    const known = used.length > 0 && random.next() < 0.6;
    const donor = known ? used[random.below(used.length)]! : pool[random.below(pool.length)]!;
    const { bars } = donor.plan;
    const last = Math.max(donor.first, bars.length - gap.bars.length);
    const from = gap.ends ? last : donor.first + random.below(last - donor.first + 1);
    const isForm = gap.forbidden?.name === donor.name && gap.forbidden.from === from;
    if (isForm && bars.length - donor.first > 1) continue;
    const transpose = gap.key ? moveBetween(donor.key, gap.key) : 0;
    const passage = { donor, from, transpose };
    const noise = looseness(random), cost = costOf(passage, gap, least - noise) + noise;
    if (cost < least) [best, least] = [passage, cost];
  }
  return best ?? { donor: donors[0]!, from: donors[0]!.first, transpose: 0 };
}

/**
 * All passages for a gap of a given piece, from itself and from others, best first.
 * @param most passages of other pieces that are compared at most, chosen at random
 */
export function rankPassages(
  others: readonly Donor[],
  gap: PieceGap,
  most: number,
  random: Random,
): Passage[] {
  const own = passagesIn(gap.piece.donor, gap);
  const lent = others.flatMap((donor) => passagesIn(donor, gap));
  const some = lent.length > most ? random.shuffle(lent).slice(0, most) : lent;
  return [...own, ...some]
    .map((passage) => ({ passage, cost: costOf(passage, gap) + looseness(random) }))
    .sort((a, b) => a.cost - b.cost).map(({ passage }) => passage);
}

/** All passages of a donor with the bar lengths of a gap, in the keys that suit it. */
function passagesIn(donor: Donor, gap: PieceGap): Passage[] {
  const { bars } = donor.plan, count = gap.bars.length, passages: Passage[] = [];
  const { donor: own, from: first, knownFrom } = gap.piece;
  for (let from = 0; from + count <= bars.length; from++) {
    if (donor === own && from < knownFrom && first < from + count) continue;
    if (!gap.bars.every(({ steps }, index) => bars[from + index]!.steps === steps)) continue;
    const moves = donor === own ? [0] : transpositionsOf(donor, from, gap, gap.given ? 4 : 2);
    for (const transpose of moves) passages.push({ donor, from, transpose });
  }
  return passages;
}

/**
 * Scale of the random noise added to costs, so that a passage other than the best can be chosen.
 */
const LOOSENESS = 0.15;

/** Gumbel noise: with it, the choice of least cost is mostly the best one, at times another. */
function looseness(random: Random): number {
  return LOOSENESS * Math.log(-Math.log(random.next() || 0.5));
}

/** Bonus for the transposition between a donor's own key and that of a gap. */
const OWN_KEY = 0.15;

/** The transpositions that bring a passage closest to a gap's key, best first. */
function transpositionsOf(
  donor: Donor,
  from: number,
  { key, bars }: Gap,
  most: number,
): number[] {
  if (!key) return [0];
  const fitOf = transposedFits(classesAround(donor, from, bars.length), key);
  const own = moveBetween(donor.key, key);
  return Array.from({ length: 12 }, (_, index) => index - 5)
    .map((transpose) => ({
      transpose,
      fit: fitOf(transpose) + (transpose === own ? OWN_KEY : 0),
    }))
    .sort((a, b) => b.fit - a.fit).slice(0, most).map(({ transpose }) => transpose);
}
