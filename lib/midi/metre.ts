/** A time signature: the number of beats in a bar and the note value of each. */
export type Signature = readonly [numerator: number, denominator: number];

/** Length of a bar in quarter notes. */
export function quartersIn([numerator, denominator]: Signature): number {
  return 4 * numerator / denominator;
}

/** Whether a metre is compound (its beats divide in three), as 6/8, 9/8 and 12/8 are. */
export function isCompound([numerator, denominator]: Signature): boolean {
  return denominator >= 8 && numerator > 3 && numerator % 3 === 0;
}

/** Ratio of accents by which a grouping must exceed the usual one. */
const CLEARLY = 1.1;

/**
 * Beats of a bar, in quarter notes: three in 3/4, two of 1.5 in 6/8, one of 1.5 in 3/8, two of 2 in
 * 2/2. Metres of eighths or shorter values not divisible by three have beats of two and three of
 * them, grouped by the accents of the music, or else with twos first (7/8 is 2 + 2 + 3).
 * @param accents strength of each note value of the bar, such as its number of onsets
 */
export function beatsOf(signature: Signature, accents: readonly number[] = []): number[] {
  const [numerator, denominator] = signature, unit = 4 / denominator;
  if (denominator < 8) return new Array(numerator).fill(unit);
  if (numerator === 1) return [unit];
  if (numerator === 3 || isCompound(signature)) return new Array(numerator / 3).fill(3 * unit);
  return groupsOf(numerator, accents).map((size) => size * unit);
}

/** Groups of two and three that add up to a number of at least 2. */
function groupsOf(count: number, accents: readonly number[]): number[] {
  const threes = count % 2, usual: number[] = new Array((count - 3 * threes) / 2).fill(2);
  if (threes) usual.push(3);
  if (count < 5 || count > MOST_GROUPED || accents.length < count) return usual;
  const orders = waysToGroup(count, usual.length);
  const strengthOf = (groups: readonly number[]) => {
    let at = 0;
    return groups.reduce((sum, size) => sum + (accents[at += size] ?? 0), 0);
  };
  const best = orders.reduce((a, b) => strengthOf(b) > strengthOf(a) ? b : a, usual);
  return strengthOf(best) > CLEARLY * strengthOf(usual) ? best : usual;
}

/**
 * Longest bar whose groupings are searched; longer ones are grouped in the usual way, as the number
 * of orders grows with the square of the length.
 */
const MOST_GROUPED = 32;

/**
 * All orderings of twos with at most one pair of threes more than needed, in at most `most` groups.
 */
function waysToGroup(count: number, most: number): number[][] {
  const ways: number[][] = [];
  const add = (groups: readonly number[], left: number, threes: number): void => {
    if (left === 0) ways.push([...groups]);
    if (left >= 2) add([...groups, 2], left - 2, threes);
    if (left >= 3 && threes > 0) add([...groups, 3], left - 3, threes - 1);
  };
  add([], count, count % 2 === 0 ? 2 : 1);
  return ways.filter(({ length }) => length <= most);
}

/**
 * Default time signature of a bar whose length in quarter notes is known: over 4, or over the
 * smallest larger denominator that gives that length.
 */
export function usualSignature(quarters: number): Signature {
  for (let denominator = 4; denominator < 64; denominator *= 2) {
    const numerator = quarters * denominator / 4;
    if (Math.abs(numerator - Math.round(numerator)) < 1e-9 && numerator > 0.5) {
      return [Math.min(255, Math.round(numerator)), denominator];
    }
  }
  return [Math.min(255, Math.max(1, Math.round(quarters * 16))), 64];
}
