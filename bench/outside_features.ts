import { EXCERPT_BARS } from "../lib/evaluate/critic.ts";
import { entropy, type Excerpt, excerptsOf, shareOf } from "../lib/evaluate/features/excerpt.ts";
import { type ChordSpan, findChords, joinSpans } from "../lib/harmony/find.ts";
import { deviation, mean } from "../lib/numbers.ts";
import { barsOf } from "../lib/tokens/bars.ts";
import { bassOf } from "../lib/tokens/chord.ts";
import { pitchOf } from "../lib/tokens/frame.ts";
import { scaleShare } from "../lib/tokens/key.ts";
import type { Grid, Piece } from "../lib/tokens/piece.ts";
import { counts, RHYTHM_FEATURES, rhythmOf, steps } from "./outside_rhythm.ts";

/** Share of runs of four intervals that occur again in the same line. */
function recurring(intervals: readonly number[]): number {
  const grams = intervals.slice(3).map((_, i) => intervals.slice(i, i + 4).join());
  const met = Map.groupBy(grams, (gram) => gram);
  return shareOf(grams, (gram) => met.get(gram)!.length > 1);
}

/** A line's intervals, by their sizes. */
function sizes(intervals: readonly number[]): number[] {
  const within = (low: number, high: number) =>
    shareOf(intervals, (interval) => Math.abs(interval) >= low && Math.abs(interval) <= high);
  return [within(0, 0), within(1, 2), within(3, 4), within(5, 7), within(8, 11), within(12, 99)];
}

const SIZES = ["repeats", "steps", "thirds", "fourths and fifths", "sixths", "octaves and more"];

/** Names of the features, in the order of {@linkcode outsideFeatures}. */
export const OUTSIDE_FEATURES: readonly string[] = [
  ...SIZES.map((name) => `melody: ${name}`),
  "melody: mean interval",
  "melody: turns",
  "melody: leaps over bar lines",
  "melody: range",
  "melody: pitch",
  "melody: spread",
  "melody: intervals recur",
  "melody: pitch classes, bits",
  "melody: notes a beat",
  "melody: gaps, bits",
  "melody: syncopations",
  ...SIZES.map((name) => `bass: ${name}`),
  "bass: pitch classes, bits",
  "bass: pitch",
  "bass: notes a beat",
  "bass: same on bar lines",
  "bass: intervals recur",
  "hands: apart",
  "hands: contrary",
  "chords: a beat",
  "chords: fifths",
  "chords: seconds",
  "chords: thirds",
  "chords: minor",
  "chords: sevenths",
  "chords: inverted",
  "chords: none",
  "chords: bass fourths, fifths",
  "pitch classes, bits",
  "pitch classes: bar to bar",
  "pitch classes: out of scale",
  "interval classes: seconds",
  "interval classes: thirds",
  "interval classes: tritones",
  ...RHYTHM_FEATURES,
];

/** Features of each excerpt of eight bars of a piece; NaN where undefined. */
export function outsideFeatures(piece: Piece, grid: Grid): Float64Array[] {
  const chords = findChords(piece, grid);
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  const first = bars[0] && bars[0].phase > 0 ? bars[1]!.start : 0;
  let start = first;
  return excerptsOf(piece, grid, EXCERPT_BARS).map((excerpt) => {
    const end = start + excerpt.frames.length;
    const own = chords.filter((span) => span.end > start && span.start < end);
    start = end;
    return Float64Array.from([
      ...melodyOf(excerpt),
      ...bassOfExcerpt(excerpt),
      ...harmonyOf(excerpt, own),
      ...rhythmOf(excerpt),
    ], (value) => Number.isFinite(value) ? value : NaN);
  });
}

const barOf = ({ bars }: Excerpt, frame: number) => bars.findLastIndex((bar) => bar.start <= frame);

function melodyOf(excerpt: Excerpt): number[] {
  const { chords, frames, beat } = excerpt;
  const tops = chords.filter(({ top }) => top);
  const pitches = tops.map((chord) => chord.pitches.at(-1)!), intervals = steps(pitches);
  const moves = intervals.filter((interval) => interval !== 0);
  const across = intervals.map((_, i) =>
    barOf(excerpt, tops[i]!.start) !== barOf(excerpt, tops[i + 1]!.start)
  );
  const size = (over: boolean) =>
    mean(intervals.filter((_, i) => across[i] === over).map(Math.abs));
  const gaps = steps(tops.map(({ start }) => start));
  return [
    ...sizes(intervals),
    mean(intervals.map(Math.abs)),
    shareOf(moves.slice(1), (move, i) => move * moves[i]! < 0),
    Math.log2((size(true) + 0.5) / (size(false) + 0.5)),
    Math.max(...pitches) - Math.min(...pitches),
    mean(pitches),
    deviation(pitches),
    recurring(intervals),
    entropy(counts(pitches.map((pitch) => pitch % 12))),
    tops.length / frames.length * beat,
    entropy(counts(gaps)),
    shareOf(
      tops,
      ({ start, topEnd }) => start % beat !== 0 && Math.floor(start / beat + 1) * beat < topEnd,
    ),
  ];
}

function bassOfExcerpt({ chords, frames, bars, beat }: Excerpt): number[] {
  const lows = chords.filter(({ bottom }) => bottom);
  const pitches = lows.map((chord) => chord.pitches[0]!), intervals = steps(pitches);
  const lines = bars.flatMap(({ start }) => frames[start]?.[0] ?? []).map((c) => pitchOf(c) % 12);
  const both = chords.filter(({ top, bottom, pitches }) => top && bottom && pitches.length > 1);
  const under = steps(both.map((chord) => chord.pitches[0]!));
  const moves = steps(both.map((chord) => chord.pitches.at(-1)!))
    .map((way, i) => way * under[i]!).filter((move) => move !== 0);
  const sounding = frames.filter((frame) => frame.length > 1);
  return [
    ...sizes(intervals),
    entropy(counts(pitches.map((pitch) => pitch % 12))),
    mean(pitches),
    lows.length / frames.length * beat,
    shareOf(lines.slice(1), (line, i) => line === lines[i]),
    recurring(intervals),
    mean(sounding.map((frame) => pitchOf(frame.at(-1)!) - pitchOf(frame[0]!))),
    shareOf(moves, (move) => move < 0),
  ];
}

function harmonyOf({ bars, frames, beat }: Excerpt, spans: readonly ChordSpan[]): number[] {
  const named = joinSpans(spans).flatMap(({ chord }) => chord ?? []);
  const motion = (classes: readonly number[]) =>
    steps(classes).map((step) => (step + 12) % 12).filter((step) => step !== 0);
  const roots = motion(named.map(({ root }) => root)), basses = motion(named.map(bassOf));
  const among = (of: readonly number[]) => (step: number) => of.includes(step);
  const whole = bars.map(({ halves }) => halves[0]!.map((value, i) => value + halves[1]![i]!));
  const all = whole.reduce((sum, bar) => sum.map((value, i) => value + bar[i]!));
  const alike = whole.slice(1).map((bar, i) => {
    const before = whole[i]!;
    const product = bar.reduce((sum, value, k) => sum + value * before[k]!, 0);
    return product / (Math.hypot(...bar) * Math.hypot(...before));
  }).filter((value) => !Number.isNaN(value));
  const pairs = frames.flatMap((frame) => {
    const pitches = frame.map(pitchOf);
    return pitches.flatMap((one, i) =>
      pitches.slice(i + 1).map((other) => {
        const apart = (other - one) % 12;
        return Math.min(apart, 12 - apart);
      })
    );
  });
  const qualities = named.map(({ quality }) => `${quality}`);
  const total = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  const silent = spans.filter(({ chord }) => !chord).reduce((sum, s) => sum + s.end - s.start, 0);
  return [
    named.length / frames.length * beat,
    shareOf(roots, among([5, 7])),
    shareOf(roots, among([1, 2, 10, 11])),
    shareOf(roots, among([3, 4, 8, 9])),
    shareOf(qualities, (quality) => /^m(?!aj)|min/.test(quality)),
    shareOf(qualities, (quality) => /7/.test(quality)),
    shareOf(named, (chord) => bassOf(chord) !== chord.root),
    silent / total,
    shareOf(basses, among([5, 7])),
    entropy(all),
    mean(alike),
    all.some((value) => value > 0) ? 1 - scaleShare(all) : NaN,
    shareOf(pairs, among([1, 2])),
    shareOf(pairs, among([3, 4])),
    shareOf(pairs, among([6])),
  ];
}
