import { quantile } from "../numbers.ts";
import { isCompound, quartersIn } from "./metre.ts";
import type { Music, Note, TimeSignature } from "./music.ts";

/** Strength, per bar, by which the onsets of one place must exceed another's to be bar lines. */
export const CLEARLY = 0.4;

/**
 * Weights added to the logarithm of an onset's length in beats: for a low note, for the logarithm
 * of the number of notes, and for each onset.
 */
const LOW = 0.6, COUNT = 0.25, ANY = 0.3;

/** Minimum number of notes and bars for finding bar lines. */
const LEAST_NOTES = 64, LEAST_BARS = 8;

/** Beats by which all notes may lie off their places: a grace note at the beginning moves them. */
const OFF = 0.13;

/**
 * Time signatures with the upbeat that LilyPond omits: its files of pieces with an upbeat begin
 * with a whole bar, so that every bar line is off by the upbeat. The bar begins at the position
 * with the longest, lowest and fullest onsets if that is clearly not the written one, and the
 * upbeat is shorter than half a bar.
 * @returns undefined where the bar lines are right, or cannot be told
 */
export function withUpbeat(
  { ticksPerBeat, timeSignatures, parts }: Pick<
    Music,
    "ticksPerBeat" | "timeSignatures" | "parts"
  >,
): TimeSignature[] | undefined {
  const notes = parts.filter(({ drum }) => !drum).flatMap((part) => part.notes);
  const [metre, ...others] = timeSignatures;
  if (metre === undefined || others.length > 0 || notes.length < LEAST_NOTES) return undefined;
  const { numerator, denominator } = metre;
  const bar = quartersIn([numerator, denominator]) * ticksPerBeat;
  const parted = isCompound([numerator, denominator]) || denominator >= 8 ? 1 : 2;
  const places = numerator * parted, place = bar / places;
  const end = notes.reduce((last, { startTicks }) => Math.max(last, startTicks), 0);
  const bars = Math.floor(end / bar) + 1;
  if (numerator < 2 || bars < LEAST_BARS) return undefined;
  const sums = placeStrengths(notes, ticksPerBeat, place, places, OFF * ticksPerBeat);
  const strongest = sums.indexOf(Math.max(...sums));
  if (sums[strongest]! < sums[0]! + CLEARLY * bars) return undefined;
  if (2 * strongest >= places) return undefined; // halves of bars are too much alike
  const ticks = Math.round(strongest * place);
  const whole = strongest % parted === 0;
  return [
    {
      ticks: 0,
      numerator: whole ? strongest / parted : strongest,
      denominator: whole ? denominator : denominator * parted,
    },
    { ...metre, ticks },
  ];
}

/**
 * Strength of each place of the bar: the sum of its strongest onsets, one per bar.
 * @param place ticks from place to place, the first being tick 0
 * @param places number of places in a bar
 * @param most largest distance in ticks of an onset from its place
 */
export function placeStrengths(
  notes: readonly Note[],
  ticksPerBeat: number,
  place: number,
  places: number,
  most: number,
): Float64Array {
  const sums = new Float64Array(places), best = new Map<number, number>();
  const onsets = notes.map((note) => ({ ...note, start: note.startTicks, end: note.endTicks }));
  for (const [ticks, strength] of onsetStrengths(onsets, ticksPerBeat)) {
    const at = Math.round(ticks / place);
    if (Math.abs(ticks - at * place) > most) continue;
    best.set(at, Math.max(strength, best.get(at) ?? 0));
  }
  for (const [at, strength] of best) sums[at % places]! += strength;
  return sums;
}

/**
 * Strength of each onset: high for long notes, many notes, and a note in the lowest quarter.
 * @param beat length of a beat, in the unit of the notes
 * @param keyOf key of an onset; by default, its time
 */
export function onsetStrengths(
  notes: readonly { readonly start: number; readonly end: number; readonly pitch: number }[],
  beat: number,
  keyOf: (start: number) => number = (start) => start,
): Map<number, number> {
  const onsets = Map.groupBy(notes, ({ start }) => keyOf(start));
  const lowest = [...onsets.values()]
    .map((all) => all.reduce((least, { pitch }) => Math.min(least, pitch), Infinity));
  const low = quantile(lowest, 0.25) ?? 0;
  const strengths = new Map<number, number>();
  for (const [key, all] of onsets) {
    const longest = all.reduce((most, { start, end }) => Math.max(most, end - start), -Infinity);
    const bass = all.some(({ pitch }) => pitch <= low) ? LOW : 0;
    strengths.set(key, Math.log1p(longest / beat) + bass + COUNT * Math.log(all.length) + ANY);
  }
  return strengths;
}
