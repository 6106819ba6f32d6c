import { barsOf, endOfBar, stepsPerBeat } from "../tokens/bars.ts";
import { pitchOf } from "../tokens/frame.ts";
import { decodeFrames } from "../tokens/grid.ts";
import type { Framed, Grid } from "../tokens/piece.ts";
import type { Plan } from "../tokens/plan.ts";
import { classCounts, scaleShare } from "../tokens/key.ts";
import { planOf } from "../tokens/plan_of.ts";

/** Between which values a number lies in the corpus. */
export interface Range {
  /** What the number is, in words. */
  readonly name: string;
  /** The least that is usual. */
  readonly least: number;
  /** The most that is usual. */
  readonly most: number;
}

/** The corpus is looked at in excerpts of so many bars at most, as long as new music mostly is. */
const EXCERPT_BARS = 32;

/** This share of the excerpts lies outside at either end. */
const OUTSIDE = 0.01;

interface Music {
  readonly piece: Framed;
  readonly grid: Grid;
  readonly plan: Plan;
  readonly notes: ReturnType<typeof decodeFrames>;
  /** Per frame, mean pitch; silent frames are left out. */
  readonly pitches: readonly number[];
}

/** A number that tells of music whether it is out of the way. */
interface Statistic {
  readonly name: string;
  /** A difference that hardly matters: by so much, and more in small corpora, a range is widened. */
  readonly tolerance: number;
  readonly of: (music: Music) => number;
}

const STATISTICS: readonly Statistic[] = [
  {
    name: "sounding notes",
    tolerance: 0.2,
    of: ({ piece: { frames } }) => mean(frames.map(({ length }) => length)),
  },
  {
    name: "notes per beat",
    tolerance: 0.3,
    of: ({ notes, piece, grid }) => notes.length / piece.frames.length * stepsPerBeat(grid),
  },
  {
    name: "share of silence",
    tolerance: 0.03,
    of: ({ piece: { frames } }) => mean(frames.map(({ length }) => length === 0 ? 1 : 0)),
  },
  {
    name: "longest silence in beats",
    tolerance: 0.5,
    of: ({ piece: { frames }, grid }) =>
      longestRun(frames.map(({ length }) => length === 0)) / stepsPerBeat(grid),
  },
  {
    name: "longest time in beats in which no note begins",
    tolerance: 1,
    of: ({ plan, grid }) =>
      longestRun(plan.bars.flatMap(({ onsets }) => onsets!.map((count) => count === 0))) /
      stepsPerBeat(grid),
  },
  { name: "mean pitch", tolerance: 1.5, of: ({ pitches }) => mean(pitches) },
  { name: "spread of pitch", tolerance: 0.7, of: ({ notes }) => spread(notes.map((n) => n.pitch)) },
  {
    name: "share of bars with a low note",
    tolerance: 0.05,
    of: ({ plan }) => mean(plan.bars.map(({ low }) => low! > 0 ? 1 : 0)),
  },
  {
    name: "share of its pitch classes in the scale of four bars",
    tolerance: 0.02,
    of: ({ plan: { bars } }) =>
      mean(groups(bars, 4).map((group) => scaleShare(classCounts(group)))),
  },
  {
    name: "likeness of bars to earlier ones",
    tolerance: 0.07,
    of: ({ plan: { bars } }) => mean(bars.slice(1).map(({ like }) => like?.degree ?? 0)),
  },
  {
    name: "share of onsets on a beat",
    tolerance: 0.05,
    of: ({ notes, grid, piece: { metres } }) => {
      const beat = stepsPerBeat(grid), phase = metres[0]?.phase ?? 0;
      return mean(notes.map(({ start }) => (start + phase) % beat < 1 ? 1 : 0));
    },
  },
  {
    name: "note length in beats",
    tolerance: 0.15,
    of: ({ notes, grid }) => mean(notes.map(({ start, end }) => end - start)) / stepsPerBeat(grid),
  },
  {
    name: "semitones that the highest note moves by",
    tolerance: 0.5,
    of: ({ plan }) => {
      const tops = plan.bars.flatMap(({ top }) => top!.filter((pitch) => pitch !== null));
      return mean(tops.slice(1).map((pitch, i) => Math.abs(pitch - tops[i]!)));
    },
  },
];

/** The ranges of a corpus, over excerpts of its pieces; wider where there are few. */
export function rangesOf(pieces: readonly Framed[], grid: Grid): Range[] {
  const rows = pieces.flatMap((piece) => excerpts(piece, grid))
    .map((excerpt) => statisticsOf(excerpt, grid));
  return STATISTICS.map(({ name, tolerance }, index) => {
    const values = rows.map((row) => row[index]!).sort((a, b) => a - b);
    const margin = tolerance * (1 + 10 / Math.max(1, values.length));
    const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? 0;
    return { name, least: at(OUTSIDE) - margin, most: at(1 - OUTSIDE) + margin };
  });
}

/** What of a piece lies outside the ranges, in words; empty if nothing does. */
export function outOfRange(
  piece: Framed,
  ranges: readonly Range[],
  grid: Grid,
): string[] {
  const values = new Map(
    statisticsOf(piece, grid).map((value, index) => [STATISTICS[index]!.name, value]),
  );
  return ranges.flatMap(({ name, least, most }) => {
    const value = values.get(name);
    if (value === undefined || (value >= least && value <= most)) return [];
    return [`${name} ${value.toFixed(2)}, corpus ${least.toFixed(2)} to ${most.toFixed(2)}`];
  });
}

function statisticsOf(piece: Framed, grid: Grid): number[] {
  const { frames } = piece;
  const pitches = frames.filter(({ length }) => length > 0)
    .map((frame) => mean(frame.map(pitchOf)));
  const music = {
    piece,
    grid,
    plan: planOf(piece, grid),
    notes: decodeFrames(frames, grid.attacks),
    pitches,
  };
  return STATISTICS.map(({ of }) => of(music));
}

function excerpts(
  { frames, metres }: Framed,
  grid: Grid,
): Framed[] {
  const bars = barsOf(metres, frames.length, grid);
  return groups(bars, EXCERPT_BARS).filter((group, index) => index === 0 || group.length >= 8)
    .map((group) => {
      const { start, steps, phase } = group[0]!, end = endOfBar(group.at(-1)!);
      return {
        frames: frames.slice(start, end),
        metres: metres.length === 0 ? [] : [
          { frame: 0, stepsPerBar: steps, phase },
          ...metres.filter(({ frame }) => frame > start && frame < end)
            .map((metre) => ({ ...metre, frame: metre.frame - start })),
        ],
      };
    });
}

function groups<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += size) parts.push(all.slice(at, at + size));
  return parts;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function longestRun(holds: readonly boolean[]): number {
  let longest = 0, run = 0;
  for (const one of holds) longest = Math.max(longest, run = one ? run + 1 : 0);
  return longest;
}
