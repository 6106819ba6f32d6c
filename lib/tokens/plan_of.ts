import { type Bar, barsOf, stepsPerBeat } from "./bars.ts";
import { begins, type Frame, pitchOf } from "./frame.ts";
import { BARS_BACK, mostAlike, type Onsets, onsetsOf } from "./likeness.ts";
import type { Grid, Piece } from "./piece.ts";
import {
  type BarPlan,
  beatOf,
  HIGH_FROM,
  LEAST_SHARE,
  type Line,
  LOW_BELOW,
  OUTLINE_STEP,
  type Plan,
} from "./plan.ts";

/** The plan that a piece has, in the grid that it is in. */
export function planOf(piece: Pick<Piece, "frames" | "metres">, grid: Grid): Plan {
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  return { bars: barPlansOf(piece, bars, 0, grid), ends: true };
}

/** What the bars of a piece from bar `first` on are like. @param bars all of them, as `barsOf` gives them */
export function barPlansOf(
  { frames }: Pick<Piece, "frames">,
  bars: readonly Bar[],
  first: number,
  grid: Grid,
): BarPlan[] {
  // Bars are compared with no earlier ones than these.
  const compared = Math.max(0, first - BARS_BACK);
  const starts: Onsets[] = [];
  for (const [index, bar] of bars.entries()) {
    if (index >= compared) starts[index] = onsetsOf(frames, bar, grid.attacks);
  }
  const beat = stepsPerBeat(grid);
  return bars.slice(first).map((bar, at): BarPlan => describe(bar, first + at));

  function describe(bar: Bar, index: number): BarPlan {
    return {
      frames: bar.frames,
      steps: bar.steps,
      like: mostAlike(starts, index),
      ...fullness(frames, bar),
      classes: [0, 1].map((half) => {
        const middle = Math.round(Math.max(0, bar.steps / 2 - bar.phase));
        const from = bar.start + (half === 0 ? 0 : Math.min(bar.frames, middle));
        const end = bar.start + (half === 0 ? Math.min(bar.frames, middle) : bar.frames);
        return classesOf(frames, from, end);
      }),
      onsets: Array.from({ length: bar.frames }, (_, step) => starts[index]!.counts[step]!),
      top: outline(frames, bar, beat, (frame) => pitchOf(frame.at(-1)!), Math.max),
      bottom: outline(frames, bar, beat, (frame) => pitchOf(frame[0]!), Math.min),
      line: lineOf(frames, bar, grid),
    };
  }
}

function fullness(
  frames: readonly Frame[],
  { start, frames: length }: Bar,
): Required<Pick<BarPlan, "notes" | "low" | "high" | "register">> {
  let notes = 0, low = 0, high = 0, sum = 0;
  for (let t = start; t < start + length; t++) {
    for (const code of frames[t]!) {
      const pitch = pitchOf(code);
      notes++;
      sum += pitch;
      if (pitch < LOW_BELOW) low++;
      if (pitch >= HIGH_FROM) high++;
    }
  }
  return {
    notes: notes / length,
    low: low / length,
    high: high / length,
    register: notes > 0 ? sum / notes : null,
  };
}

function classesOf(frames: readonly Frame[], from: number, end: number): number[] {
  const counts = new Array<number>(12).fill(0);
  let sum = 0;
  for (let t = from; t < end; t++) {
    for (const code of frames[t]!) {
      counts[pitchOf(code) % 12]!++;
      sum++;
    }
  }
  return counts.flatMap((count, pitchClass) =>
    count > 0 && count >= LEAST_SHARE * sum ? [pitchClass] : []
  );
}

function outline(
  frames: readonly Frame[],
  { start, frames: length, phase }: Bar,
  beat: number,
  pitch: (frame: Frame) => number,
  choose: (a: number, b: number) => number,
): (number | null)[] {
  const pitches: (number | null)[] = [];
  for (let step = 0; step < length; step++) {
    const index = beatOf(step, phase, beat);
    while (pitches.length <= index) pitches.push(null);
    const frame = frames[start + step]!;
    if (frame.length === 0) continue;
    const before = pitches[index];
    pitches[index] = before == null ? pitch(frame) : choose(before, pitch(frame));
  }
  return pitches.map((pitch) =>
    pitch === null ? null : OUTLINE_STEP * Math.round(pitch / OUTLINE_STEP)
  );
}

/** Notes before a bar that its first moves start from, and frames in which they are looked for. */
const LINE_BEFORE = 2, LINE_FRAMES = 64;

/** A move of at most so many semitones is a step, one beyond this is a leap. */
const MOST_OF_A_STEP = 2, LEAST_LEAP = 8;

function lineOf(frames: readonly Frame[], { start, frames: length }: Bar, grid: Grid): Line | null {
  const before: number[] = [], own: number[] = [];
  const top = (t: number): number | undefined => {
    const code = frames[t]?.at(-1);
    if (code === undefined || !begins(code, frames[t - 1], grid.attacks)) return undefined;
    return pitchOf(code);
  };
  for (let t = start - 1; t >= Math.max(0, start - LINE_FRAMES); t--) {
    const pitch = top(t);
    if (pitch !== undefined) before.unshift(pitch);
    if (before.length === LINE_BEFORE) break;
  }
  for (let t = start; t < start + length; t++) own.push(top(t) ?? NaN);
  const line = [...before, ...own.filter((pitch) => !Number.isNaN(pitch))];
  const moves = line.slice(1).map((pitch, i) => pitch - line[i]!);
  const here = moves.slice(Math.max(0, before.length - 1)).map(Math.abs);
  if (here.length === 0) return null;
  const ways = moves.filter((move) => move !== 0).map(Math.sign);
  const turns = ways.slice(1).filter((way, i) => way !== ways[i]).length;
  const share = (is: (size: number) => boolean) => here.filter(is).length / here.length;
  return {
    steps: share((size) => size > 0 && size <= MOST_OF_A_STEP),
    leaps: share((size) => size >= LEAST_LEAP),
    repeats: share((size) => size === 0),
    turns: turns / Math.max(1, ways.length - 1),
  };
}
