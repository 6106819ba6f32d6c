import { mean } from "../../numbers.ts";
import { type Chord, type Excerpt, shareOf } from "./excerpt.ts";

/** Features of the melodic contours of the highest and the lowest voice. */
export const LINE_FEATURES = {
  topRepeats: "share of intervals of the top line that repeat the note",
  topSteps: "share of intervals of the top line of one or two semitones",
  topThirds: "share of intervals of the top line of three or four semitones",
  topLeaps: "share of intervals of the top line beyond a fifth",
  topInterval: "mean interval of the top line in semitones",
  topTurns: "how often the top line changes its direction",
  topRecovers: "how often the top line steps back after a leap",
  topRange: "semitones from the lowest to the highest note of the top line",
  topRate: "notes of the top line per beat",
  topLegato: "share of notes of the top line that last to the next",
  bassRepeats: "share of intervals of the bass that repeat the note",
  bassSteps: "share of intervals of the bass of one or two semitones",
  bassFifths: "share of intervals of the bass of a fourth or fifth",
  bassOctaves: "share of intervals of the bass of an octave",
  bassLeaps: "share of intervals of the bass beyond an octave",
  bassTurns: "how often the bass changes its direction",
  bassRate: "notes of the bass per beat",
  contrary: "how often top line and bass move in opposite directions where both move",
} as const;

/** Values of {@linkcode LINE_FEATURES}; NaN where there are too few notes. */
export function lineFeatures(
  { chords, frames, beat }: Excerpt,
): Record<keyof typeof LINE_FEATURES, number> {
  const beats = frames.length / beat;
  const tops = chords.filter(({ top }) => top), bottoms = chords.filter(({ bottom }) => bottom);
  const top = line(tops.map(({ pitches }) => pitches.at(-1)!));
  const bass = line(bottoms.map(({ pitches }) => pitches[0]!));
  return {
    topRepeats: shareOf(top.sizes, (size) => size === 0),
    topSteps: shareOf(top.sizes, (size) => size === 1 || size === 2),
    topThirds: shareOf(top.sizes, (size) => size === 3 || size === 4),
    topLeaps: shareOf(top.sizes, (size) => size > 7),
    topInterval: mean(top.sizes),
    topTurns: top.turns,
    topRecovers: recovers(top.intervals),
    topRange: top.range,
    topRate: tops.length / beats,
    topLegato: shareOf(tops.slice(1), ({ start }, at) => tops[at]!.topEnd >= start),
    bassRepeats: shareOf(bass.sizes, (size) => size === 0),
    bassSteps: shareOf(bass.sizes, (size) => size === 1 || size === 2),
    bassFifths: shareOf(bass.sizes, (size) => size === 5 || size === 7),
    bassOctaves: shareOf(bass.sizes, (size) => size === 12),
    bassLeaps: shareOf(bass.sizes, (size) => size > 12),
    bassTurns: bass.turns,
    bassRate: bottoms.length / beats,
    contrary: contrary(
      chords.filter(({ top, bottom, pitches }) => top && bottom && pitches.length > 1),
    ),
  };
}

function line(pitches: readonly number[]) {
  const intervals = pitches.slice(1).map((pitch, at) => pitch - pitches[at]!);
  const moves = intervals.filter((interval) => interval !== 0);
  return {
    intervals,
    sizes: intervals.map(Math.abs),
    turns: shareOf(moves.slice(1), (move, at) => move * moves[at]! < 0),
    range: pitches.length > 0 ? Math.max(...pitches) - Math.min(...pitches) : NaN,
  };
}

/** Share of leaps larger than a fourth that are followed by a step in the opposite direction. */
function recovers(intervals: readonly number[]): number {
  const pairs = intervals.slice(1).map((next, at) => ({ leap: intervals[at]!, next }));
  return shareOf(
    pairs.filter(({ leap }) => Math.abs(leap) > 5),
    ({ leap, next }) => leap * next < 0 && Math.abs(next) <= 2,
  );
}

function contrary(chords: readonly Chord[]): number {
  const moves = chords.slice(1).map(({ pitches }, at) => {
    const before = chords[at]!.pitches;
    return (pitches.at(-1)! - before.at(-1)!) * (pitches[0]! - before[0]!);
  }).filter((product) => product !== 0);
  return shareOf(moves, (product) => product < 0);
}
