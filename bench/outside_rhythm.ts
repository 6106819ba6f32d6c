import { entropy, type Excerpt, shareOf } from "../lib/evaluate/features/excerpt.ts";
import { deviation, jaccardOfSorted, mean } from "../lib/numbers.ts";

/** Differences of successive values. */
export const steps = (values: readonly number[]) => values.slice(1).map((v, i) => v - values[i]!);

/** How often each value occurs. */
export function counts(values: readonly (number | string)[]): number[] {
  return [...Map.groupBy(values, (value) => value).values()].map(({ length }) => length);
}

/** Names of the features of texture and rhythm, in the order of {@linkcode rhythmOf}. */
export const RHYTHM_FEATURES: readonly string[] = [
  "texture: notes sounding",
  "texture: spread of sounding",
  "texture: notes struck together",
  "texture: spread of struck",
  "texture: rests",
  "texture: octaves",
  "onsets: a beat",
  "onsets: on beats",
  "onsets: half beats",
  "onsets: on bar lines",
  "onsets: gaps, bits",
  "onsets: commonest gap",
  "lengths: mean, octaves",
  "lengths: spread, octaves",
  "lengths: bits",
  "lengths: legato",
  "bars: rhythm as before",
  "bars: rhythm of two ago",
  "bars: rhythm of four ago",
  "bars: rhythms",
  "bars: notes as before",
  "bars: notes of two ago",
  "bars: notes of four ago",
  "bars: exact repeats",
  "bars: spread of density",
];

/** Values of {@linkcode RHYTHM_FEATURES}; NaN where undefined. */
export function rhythmOf(excerpt: Excerpt): number[] {
  const { bars, notes, chords, frames, beat } = excerpt;
  const places = bars.flatMap(({ rhythm }) => [...rhythm]);
  const gaps = steps(chords.map(({ start }) => start));
  const lengths = notes.map(({ start, end }) => Math.log2((end - start) / beat));
  const starts = new Set(chords.map(({ start }) => start));
  const apart = (of: "rhythm" | "onsets", distance: number) =>
    mean(
      bars.slice(distance).map((bar, i) => jaccardOfSorted(bar[of], bars[i]![of]))
        .filter((value) => !Number.isNaN(value)),
    );
  const onsets = bars.map((bar) => bar.onsets.join());
  return [
    ...textureOf(excerpt),
    places.length / frames.length * beat,
    shareOf(places, (place) => place % beat === 0),
    shareOf(places, (place) => place % beat === beat / 2),
    shareOf(bars, ({ rhythm }) => rhythm[0] === 0),
    entropy(counts(gaps)),
    Math.max(...counts(gaps)) / gaps.length,
    mean(lengths),
    deviation(lengths),
    entropy(counts(lengths)),
    shareOf(notes, ({ end }) => starts.has(end)),
    apart("rhythm", 1),
    apart("rhythm", 2),
    apart("rhythm", 4),
    new Set(bars.map(({ rhythm }) => rhythm.join())).size / bars.length,
    apart("onsets", 1),
    apart("onsets", 2),
    apart("onsets", 4),
    shareOf(onsets, (own, i) => own !== "" && onsets.indexOf(own) < i),
    deviation(bars.map((bar) => bar.onsets.length)) /
    mean(bars.map((bar) => bar.onsets.length)),
  ];
}

function textureOf({ frames, chords }: Excerpt): number[] {
  const sounding = frames.map(({ length }) => length);
  const struck = chords.map(({ pitches }) => pitches.length);
  const several = chords.filter(({ pitches }) => pitches.length > 1);
  return [
    mean(sounding),
    deviation(sounding),
    mean(struck),
    deviation(struck),
    shareOf(sounding, (count) => count === 0),
    shareOf(
      several,
      ({ pitches }) =>
        pitches.some((one) => pitches.some((other) => other > one && (other - one) % 12 === 0)),
    ),
  ];
}
