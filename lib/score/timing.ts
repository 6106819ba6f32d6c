import { median } from "../numbers.ts";

/** Swing of a piece's notes, which determines their written note values. */
export interface Swing {
  /** Swung pairs in a beat: 1 of eighths, 2 of sixteenths. */
  readonly pairs: 1 | 2;
  /**
   * Share of the first note in a pair's duration, {@linkcode LEAST_SWING} to {@linkcode
   * MOST_SWING}.
   */
  readonly share: number;
}

/**
 * Range of the first note's share in swing: below it a pair is even, above it a triplet or dotted.
 */
const LEAST_SWING = 0.53, MOST_SWING = 0.65;

/** Range of the second note's position in a pair, whether even, swung or in a triplet. */
const SECOND_FROM = 0.45, SECOND_TO = 0.72;

/**
 * Least number of second notes, and the share of them that must lie within a tolerance of the same
 * position.
 */
const LEAST_SECONDS = 8, ALIKE = 0.8, NEAR = 0.02;

/**
 * Share from which swung notes are written as triplets, below it as even notes: midway between
 * both.
 */
const TRIPLETS_FROM = 7 / 12;

/**
 * Finds the swing of typed music: a common position of most second notes in pairs, neither at the
 * half nor at the third of a beat, as set in sequencers (such as 58 % or 3 : 2).
 * @param onsets in beats
 */
export function findSwing(onsets: readonly number[]): Swing | undefined {
  for (const pairs of [1, 2] as const) {
    const shares = onsets.map((onset) => onset * pairs - Math.floor(onset * pairs))
      .filter((share) => share > SECOND_FROM && share < SECOND_TO);
    const share = median(shares) ?? 0;
    const alike = shares.filter((one) => Math.abs(one - share) <= NEAR).length;
    const isSwing = share >= LEAST_SWING && share <= MOST_SWING && shares.length >= LEAST_SECONDS &&
      alike >= ALIKE * shares.length;
    if (isSwing) return { pairs, share };
  }
  return undefined;
}

/** Whether a position in a beat, 0 to 1, is that of a swung second note. */
export function isSwung(place: number, { pairs, share }: Swing): boolean {
  const at = place * pairs;
  return Math.abs(at - Math.floor(at + NEAR) - share) <= NEAR;
}

/**
 * Number of equal parts of a beat for writing its swung notes, as even or triplet pairs; undefined
 * unless all of its onsets are swung or on the beat.
 * @param places positions of its onsets, 0 to 1
 */
export function swungDivision(
  places: readonly number[],
  { pairs, share }: Swing,
): number | undefined {
  const shares = places.map((place) => place * pairs).map((at) => at - Math.floor(at + NEAR));
  const second = shares.filter((one) => one > NEAR);
  if (second.length === 0 || second.some((one) => Math.abs(one - share) > NEAR)) return undefined;
  return pairs * (share < TRIPLETS_FROM ? 2 : 3);
}
