import { median } from "../numbers.ts";

/** Tolerance around a position in a beat, as a share of the beat. */
const AT = 0.04;

/** Range of the position of a swung eighth. */
const SWUNG_FROM = 0.57, SWUNG_TO = 0.72;

/**
 * Longest beats in seconds that may be swung, and the greatest share of onsets on their first third to
 * those on swung eighths: the beats of compound metres are mostly slower, and divided in three.
 */
const FAST = [{ period: 60 / 130, thirds: 0.25 }, { period: 60 / 100, thirds: 0.1 }] as const;

/** Greatest share of onsets on quarters and halves of a beat to those on swung eighths. */
const MOST_EVEN = 0.5;

/**
 * Determines how beats divide, by the positions of onsets within them.
 * @param parts of a beat, if known: 3 in compound metres
 * @returns whether they divide in three rather than two or four, and the position of the second of two
 * swung eighths; undefined if they are even
 */
export function subdivisionOf(
  times: readonly number[],
  onsets: Float64Array,
  parts?: 1 | 3,
): { isCompound: boolean; swing?: number } {
  let i = 0;
  const places = Array.from(onsets, (onset) => {
    while (i + 2 < times.length && times[i + 1]! <= onset) i++;
    return (onset - times[i]!) / (times[i + 1]! - times[i]!);
  });
  const near = (...at: number[]) =>
    places.filter((place) => at.some((one) => Math.abs(place - one) < AT)).length;
  const period = median(times.slice(1).map((time, k) => time - times[k]!)) ?? Infinity;
  const swung = places.filter((place) => place > SWUNG_FROM && place < SWUNG_TO);
  const even = near(1 / 4, 1 / 2, 3 / 4);
  const thirds = FAST.find((fast) => period < fast.period)?.thirds ?? 0;
  const isSwung = parts !== 3 && even < MOST_EVEN * swung.length &&
    near(1 / 3) < thirds * swung.length;
  if (isSwung) return { isCompound: false, swing: median(swung)! };
  return { isCompound: near(1 / 3, 2 / 3) > even };
}
