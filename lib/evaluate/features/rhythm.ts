import { deviation, jaccardOfSorted, mean } from "../../numbers.ts";
import { entropy, type Excerpt, type ExcerptBar, shareOf } from "./excerpt.ts";

/** Features of onsets, note lengths and repetition. */
export const RHYTHM_FEATURES = {
  rhythm1: "similarity of the rhythms of neighbouring bars",
  rhythm2: "similarity of the rhythms of bars two apart",
  rhythm4: "similarity of the rhythms of bars four apart",
  rhythm8: "similarity of the rhythms of bars eight apart",
  notes1: "similarity of the notes of neighbouring bars",
  notes2: "similarity of the notes of bars two apart",
  notes4: "similarity of the notes of bars four apart",
  notes8: "similarity of the notes of bars eight apart",
  bestLikeness: "similarity of a bar to the most similar one before it",
  sameBars: "share of bars that repeat an earlier one",
  rhythms: "different rhythms per bar",
  onBar: "share of bars with a note on the bar line",
  onBeat: "share of notes that begin on a beat",
  onHalfBeat: "share of notes that begin half way between beats",
  firstBeat: "share of notes that begin in a bar's first beat",
  sameGap: "share of times between notes that equal the time before",
  meanGap: "mean time between notes in beats",
  gapEntropy: "variety of times between notes in bits",
  longestGap: "longest time without a new note in beats",
  length: "mean length of a note in beats",
  lengthSpread: "spread of the lengths of notes in octaves",
  shortNotes: "share of notes of a quarter of a beat or less",
  longNotes: "share of notes of two beats or more",
  lengthEntropy: "variety of the lengths of notes in bits",
} as const;

/** Values of {@linkcode RHYTHM_FEATURES}; NaN where there are too few notes. */
export function rhythmFeatures(
  { bars, following, notes, chords, frames, beat }: Excerpt,
): Record<keyof typeof RHYTHM_FEATURES, number> {
  const places = bars.flatMap(({ onsets }) => Array.from(onsets, (onset) => onset >> 7));
  const gaps = chords.slice(1).map(({ start }, at) => (start - chords[at]!.start) / beat);
  const edges = [0, ...chords.map(({ start }) => start), frames.length];
  const lengths = notes.map(({ start, end }) => (end - start) / beat);
  const like = (distance: number, of: "rhythm" | "onsets") =>
    similarityApart(bars, following, distance, of);
  const best = bars.flatMap(({ onsets }, index) => {
    if (index === 0 || onsets.length === 0) return [];
    let most = 0;
    for (let at = 0; at < index; at++) {
      most = Math.max(most, jaccardOfSorted(bars[at]!.onsets, onsets));
    }
    return [most];
  });
  return {
    rhythm1: like(1, "rhythm"),
    rhythm2: like(2, "rhythm"),
    rhythm4: like(4, "rhythm"),
    rhythm8: like(8, "rhythm"),
    notes1: like(1, "onsets"),
    notes2: like(2, "onsets"),
    notes4: like(4, "onsets"),
    notes8: like(8, "onsets"),
    bestLikeness: mean(best),
    sameBars: shareOf(best, (value) => value === 1),
    rhythms: new Set(bars.map(({ rhythm }) => rhythm.join())).size / bars.length,
    onBar: shareOf(bars, ({ rhythm }) => rhythm[0] === 0),
    onBeat: shareOf(places, (place) => isWhole(place / beat)),
    onHalfBeat: shareOf(places, (place) => isWhole(place / beat + 0.5)),
    firstBeat: shareOf(places, (place) => place < beat),
    sameGap: shareOf(gaps.slice(1), (gap, at) => gap === gaps[at]),
    meanGap: mean(gaps),
    gapEntropy: entropy(counts(gaps)),
    longestGap: Math.max(...edges.slice(1).map((edge, at) => edge - edges[at]!)) / beat,
    length: mean(lengths),
    lengthSpread: deviation(lengths.map(Math.log2)),
    shortNotes: shareOf(lengths, (length) => length <= 0.25),
    longNotes: shareOf(lengths, (length) => length >= 2),
    lengthEntropy: entropy(counts(lengths)),
  };
}

/** Mean similarity of bars at a given distance, over pairs in which both have notes. */
function similarityApart(
  bars: readonly ExcerptBar[],
  following: readonly ExcerptBar[],
  distance: number,
  of: "rhythm" | "onsets",
): number {
  let pairs = 0, sum = 0;
  for (const [at, bar] of bars.entries()) {
    const other = bars[at + distance] ?? following[at + distance - bars.length];
    if (!other || bar[of].length === 0 || other[of].length === 0) continue;
    pairs++;
    sum += jaccardOfSorted(bar[of], other[of]);
  }
  return sum / pairs;
}

/** Whether a position in beats is whole to within a hundredth: grids need not divide the beat. */
function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 0.01;
}

function counts(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}
