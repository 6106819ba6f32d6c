import { fewestChanges } from "../viterbi.ts";

/** A division of a beat into equal parts, and its cost: the log-likelihood of simpler ones. */
type Division = readonly [parts: number, cost: number];

/** Divisions of beats in two, and of beats in three (compound metres). */
const SIMPLE: readonly Division[] = [[1, 0], [2, 0.3], [4, 0.8], [3, 1.6], [8, 3], [6, 3]];
const COMPOUND: readonly Division[] = [[1, 0], [3, 0.3], [6, 1.2], [2, 2.5], [4, 3], [12, 3.5]];

/** Deviation of onsets from their positions: seconds, and share of the beat. */
const SECONDS = 0.02, SHARE = 0.03;

/** Cost of two onsets on one position, and of a change from division by two to one by three. */
const MERGED = 2.5, CHANGED = 1;

/**
 * Weight of a rhythm's frequency in the piece, the number of beats that stand for its frequency
 * elsewhere, and how many of the most frequent rhythms, each found at least how often, every beat is
 * compared with.
 */
const FREQUENCY = 3, PRIOR_BEATS = 5, MOST_RHYTHMS = 16, LEAST_OFTEN = 3;

/** Largest distance of an onset from its position in a rhythm of the piece, in deviations. */
const FARTHEST = 4;

/** A way to notate one beat. */
interface Reading {
  /** Step of each onset, counted from the beat. */
  readonly at: readonly number[];
  /** Steps after the beat on which notes begin, joined by commas. */
  readonly rhythm: string;
  readonly division: Division;
  /** Log-likelihood of the onsets, with the cost of the division. */
  readonly score: number;
}

/**
 * Quantises onsets to positions in beats. The reading of each beat is the most likely one for all its
 * onsets together, given the spread of players' timing, the higher frequency of simple divisions, and
 * the similarity of neighbouring beats; then, read again, given how often each rhythm has been found
 * in the piece.
 * @param onsets in beats, ascending
 * @param secondsAt seconds of a beat's number, fractional
 * @param steps steps in a beat: only divisions of this number are considered
 * @param compound whether beats have three parts
 * @returns the step of each onset, counted from beat 0
 */
export function quantise(
  onsets: readonly number[],
  secondsAt: (beat: number) => number,
  steps: number,
  compound: boolean,
): number[] {
  if (onsets.length === 0) return [];
  const divisions = (compound ? COMPOUND : SIMPLE).filter(([parts]) => steps % parts === 0);
  const first = Math.floor(onsets[0]!) - 1, last = Math.ceil(onsets.at(-1)!) + 1;
  const inBeat: number[][] = Array.from({ length: last - first }, () => []);
  // an onset just before a beat may belong to either; its place decides below
  for (const onset of onsets) inBeat[Math.floor(onset) - first]!.push(onset - Math.floor(onset));
  const beats = inBeat.map((places, i) => {
    const seconds = Math.max(1e-3, secondsAt(first + i + 1) - secondsAt(first + i));
    const deviation = Math.hypot(SECONDS / seconds, SHARE);
    const read = (division: Division, rhythm?: readonly number[]) =>
      readingOf(places, deviation, steps, division, rhythm);
    return { read, divided: divisions.map((one) => read(one)!) };
  });
  const once = likeliest(beats.map(({ divided }) => divided), ({ score }) => score);
  const struck = once.filter(({ at }) => at.length > 0);
  const counts = Map.groupBy(struck, ({ rhythm }) => rhythm);
  const frequent = [...counts.values()]
    .filter((beats) => beats[0]!.rhythm !== "" && beats.length >= LEAST_OFTEN)
    .sort((a, b) => b.length - a.length).slice(0, MOST_RHYTHMS)
    .map(([one]) => [one!.division, one!.rhythm.split(",").map(Number)] as const);
  const twice = likeliest(
    beats.map(({ read, divided }) => divided.concat(frequent.flatMap((one) => read(...one) ?? []))),
    ({ rhythm, score }, i) => {
      const all = counts.get(rhythm)?.length ?? 0;
      const others = Math.max(0, all - Number(rhythm === once[i]!.rhythm));
      const share = (others + PRIOR_BEATS / divisions.length) / (struck.length - 1 + PRIOR_BEATS);
      return score + FREQUENCY * Math.log(share);
    },
  );
  return twice.flatMap(({ at }, i) => at.map((step) => (first + i) * steps + step));
}

/**
 * Reads the onsets of a beat on the nearest positions of a division.
 * @param places of the onsets in the beat, 0 to 1, ascending
 * @param deviation of players, as a share of the beat
 * @param rhythm the only steps between the beats to read them on; all must have an onset
 */
function readingOf(
  places: readonly number[],
  deviation: number,
  steps: number,
  division: Division,
  rhythm?: readonly number[],
): Reading | undefined {
  const [parts, cost] = division;
  const on = rhythm ?? Array.from({ length: parts - 1 }, (_, i) => (i + 1) * steps / parts);
  const at = places.map((place) => {
    const off = (step: number) => Math.abs(step - place * steps);
    return [...on, steps].reduce((best, step) => off(step) < off(best) ? step : best, 0);
  });
  const inside = new Set(at.filter((step) => step > 0 && step < steps));
  const off = places.map((place, i) => (place - at[i]! / steps) / deviation);
  if (rhythm && (inside.size < rhythm.length || off.some((by) => Math.abs(by) > FARTHEST))) {
    return undefined;
  }
  const merged = at.filter((step, i) => step === at[i - 1]).length;
  const score = off.reduce((sum, by) => sum - 0.5 * by ** 2, -cost - MERGED * merged);
  return { at, rhythm: [...inside].join(), division, score: places.length === 0 ? 0 : score };
}

/** The likeliest reading of each beat, where changes between kinds of division have a cost. */
function likeliest(
  beats: readonly (readonly Reading[])[],
  scoreOf: (reading: Reading, beat: number) => number,
): Reading[] {
  const best = beats.map((readings, beat) => {
    const none: { reading?: Reading; score: number } = { score: -Infinity };
    const kinds = [none, none, none];
    for (const reading of readings) {
      const [parts] = reading.division, score = scoreOf(reading, beat);
      const kind = parts === 1 ? 0 : parts % 3 === 0 ? 2 : 1;
      if (score > kinds[kind]!.score) kinds[kind] = { reading, score };
    }
    return kinds;
  });
  const path = fewestChanges(
    best.map((kinds) => kinds.map(({ score }) => score)),
    (a, b) => a === 0 || b === 0 || a === b ? 0 : CHANGED,
  );
  return path.map((kind, beat) => best[beat]![kind]!.reading!);
}
