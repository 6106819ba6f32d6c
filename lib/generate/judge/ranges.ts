import { deviation, mean, quantile } from "../../numbers.ts";
import { barsOf, endOfBar, stepsPerBeat } from "../../tokens/bars.ts";
import { slice } from "../../tokens/excerpt.ts";
import { type Frame, pitchOf } from "../../tokens/frame.ts";
import { decodeFrames, type GridNote } from "../../tokens/grid.ts";
import { classCounts, scaleShare } from "../../tokens/key.ts";
import type { Framed, Grid } from "../../tokens/piece.ts";
import type { Plan } from "../../tokens/plan.ts";
import { planOf } from "../../tokens/plan_of.ts";

/** Usual range of a statistic in the corpus. */
export interface Range {
  /** Name of the statistic, in words. */
  readonly name: string;
  /** Lower end of the usual range. */
  readonly least: number;
  /** Upper end of the usual range. */
  readonly most: number;
}

/** Longest excerpt of the corpus in bars, about as long as most new music. */
const EXCERPT_BARS = 32;

/** Share of the excerpts outside the range at either end. */
const OUTSIDE = 0.01;

interface Music {
  readonly frames: readonly Frame[];
  readonly notes: readonly GridNote[];
  readonly plan: Plan;
  /** Steps in a beat, and steps from the last beat to the first frame. */
  readonly beat: number;
  readonly phase: number;
}

/** A statistic with a usual range. */
interface Statistic {
  readonly name: string;
  /** Negligible difference, by which a range is widened, and by more in small corpora. */
  readonly tolerance: number;
  readonly of: (music: Music) => number;
}

const STATISTICS: readonly Statistic[] = [
  {
    name: "sounding notes",
    tolerance: 0.2,
    of: ({ frames }) => meanOr0(frames.map(({ length }) => length)),
  },
  {
    name: "notes per beat",
    tolerance: 0.3,
    of: ({ notes, frames, beat }) => notes.length / frames.length * beat,
  },
  {
    name: "share of silence",
    tolerance: 0.03,
    of: ({ frames }) => meanOr0(frames.map(({ length }) => length === 0 ? 1 : 0)),
  },
  {
    name: "longest silence in beats",
    tolerance: 0.5,
    of: ({ frames, beat }) => longestRun(frames.map(({ length }) => length === 0)) / beat,
  },
  {
    name: "longest time in beats in which no note begins",
    tolerance: 1,
    of: ({ plan, beat }) =>
      longestRun(plan.bars.flatMap(({ onsets }) => onsets!.map((count) => count === 0))) / beat,
  },
  {
    name: "mean pitch",
    tolerance: 1.5,
    of: ({ frames }) =>
      meanOr0(frames.flatMap((frame) => frame.length > 0 ? [meanOr0(frame.map(pitchOf))] : [])),
  },
  {
    name: "spread of pitch",
    tolerance: 0.7,
    of: ({ notes }) => deviation(notes.map((n) => n.pitch), 0),
  },
  {
    name: "share of bars with a low note",
    tolerance: 0.05,
    of: ({ plan }) => meanOr0(plan.bars.map(({ low }) => low! > 0 ? 1 : 0)),
  },
  {
    name: "share of its pitch classes in the scale of four bars",
    tolerance: 0.02,
    of: ({ plan: { bars } }) =>
      meanOr0(groups(bars, 4).map((group) => scaleShare(classCounts(group)))),
  },
  {
    name: "likeness of bars to earlier ones",
    tolerance: 0.07,
    of: ({ plan: { bars } }) => meanOr0(bars.slice(1).map(({ like }) => like?.degree ?? 0)),
  },
  {
    name: "share of onsets on a beat",
    tolerance: 0.05,
    of: ({ notes, beat, phase }) =>
      meanOr0(notes.map(({ start }) => (start + phase) % beat < 1 ? 1 : 0)),
  },
  {
    name: "note length in beats",
    tolerance: 0.15,
    of: ({ notes, beat }) => meanOr0(notes.map(({ start, end }) => end - start)) / beat,
  },
  {
    name: "semitones that the highest note moves by",
    tolerance: 0.5,
    of: ({ plan }) => {
      const tops = plan.bars.flatMap(({ top }) => top!.filter((pitch) => pitch !== null));
      return meanOr0(tops.slice(1).map((pitch, i) => Math.abs(pitch - tops[i]!)));
    },
  },
];

/** Usual ranges of a corpus, over excerpts of its pieces; wider where there are few. */
export function rangesOf(pieces: readonly Framed[], grid: Grid): Range[] {
  const rows = pieces.flatMap((piece) => excerpts(piece, grid))
    .map((excerpt) => statisticsOf(excerpt, grid));
  return STATISTICS.map(({ name, tolerance }, index) => {
    const values = rows.map((row) => row[index]!);
    const margin = tolerance * (1 + 10 / Math.max(1, values.length));
    const at = (share: number) => quantile(values, share) ?? 0;
    return { name, least: at(OUTSIDE) - margin, most: at(1 - OUTSIDE) + margin };
  });
}

/** Statistics of a piece outside the ranges, in words; empty if there are none. */
export function outOfRange(
  piece: Framed,
  ranges: readonly Range[],
  grid: Grid,
): string[] {
  const own = statisticsOf(piece, grid);
  const values = new Map(STATISTICS.map(({ name }, index) => [name, own[index]!]));
  return ranges.flatMap(({ name, least, most }) => {
    const value = values.get(name);
    if (value === undefined || (value >= least && value <= most)) return [];
    const from = Math.max(0, least); // nothing measured is negative, only the margin
    return [`${name} ${value.toFixed(2)}, corpus ${from.toFixed(2)} to ${most.toFixed(2)}`];
  });
}

function statisticsOf({ frames, metres }: Framed, grid: Grid): number[] {
  const music = {
    frames,
    notes: decodeFrames(frames, grid.attacks),
    plan: planOf({ frames, metres }, grid),
    beat: stepsPerBeat(grid),
    phase: metres[0]?.phase ?? 0,
  };
  return STATISTICS.map(({ of }) => of(music));
}

function excerpts(piece: Framed, grid: Grid): Framed[] {
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  return groups(bars, EXCERPT_BARS).filter((group, index) => index === 0 || group.length >= 8)
    .map((group) => slice(piece, group[0]!.start, endOfBar(group.at(-1)!)));
}

function groups<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += size) parts.push(all.slice(at, at + size));
  return parts;
}

function meanOr0(values: readonly number[]): number {
  return mean(values, 0);
}

function longestRun(holds: readonly boolean[]): number {
  let longest = 0, run = 0;
  for (const one of holds) longest = Math.max(longest, run = one ? run + 1 : 0);
  return longest;
}
