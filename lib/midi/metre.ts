/** A time signature: how many note values of which kind make a bar. */
export type Signature = readonly [numerator: number, denominator: number];

/** Quarter notes in a bar. */
export function quartersIn([numerator, denominator]: Signature): number {
  return 4 * numerator / denominator;
}

/** Whether the beats of a metre are divided in three, as in 6/8, 9/8 and 12/8. */
export function isCompound([numerator, denominator]: Signature): boolean {
  return denominator >= 8 && numerator > 3 && numerator % 3 === 0;
}

/** A grouping by the accents of the music must have so many times the accents of the usual one. */
const CLEARLY = 1.1;

/**
 * The beats of a bar, in quarter notes: three in 3/4, two of 1.5 in 6/8, one of 1.5 in 3/8, two of 2
 * in 2/2. Metres of eighths or shorter values that no three divides have beats of two and three of
 * them: as the accents of the music say, else twos first (7/8 is 2 + 2 + 3).
 * @param accents how strong each of the bar's note values is, such as the number of notes that begin on it
 */
export function beatsOf(signature: Signature, accents: readonly number[] = []): number[] {
  const [numerator, denominator] = signature, unit = 4 / denominator;
  if (denominator < 8) return new Array(numerator).fill(unit);
  if (numerator === 1) return [unit];
  if (numerator === 3 || isCompound(signature)) return new Array(numerator / 3).fill(3 * unit);
  return groupsOf(numerator, accents).map((size) => size * unit);
}

/** Twos and threes that add up to a number from 2 on. */
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

/** Longer bars are grouped in the usual way: orders grow with the square of their length. */
const MOST_GROUPED = 32;

/** All orders of twos and at most one pair of threes more than needed, in `most` groups at most. */
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
 * The signature of a bar of so many quarter notes where none is known: over 4, or over the smallest
 * denominator beyond that gives it its length.
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
