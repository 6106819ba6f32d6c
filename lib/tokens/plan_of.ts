import { mean, sum } from "../numbers.ts";
import { type Bar, barsOf, framesOf, stepsPerBeat } from "./bars.ts";
import { begins, countClasses, type Frame, pitchOf } from "./frame.ts";
import { BARS_BACK, mostAlike, type Onsets, onsetsOf } from "./likeness.ts";
import type { Framed, Grid } from "./piece.ts";
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
export function planOf(piece: Framed, grid: Grid): Plan {
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  return { bars: barPlansOf(piece.frames, bars, 0, grid), ends: true };
}

/** What the bars of a piece from bar `first` on are like. @param bars all of them, as `barsOf` gives them */
export function barPlansOf(
  frames: readonly Frame[],
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
  return bars.slice(first).map((bar, at): BarPlan => {
    const own = framesOf(frames, bar), index = first + at;
    const middle = Math.round(Math.max(0, bar.steps / 2 - bar.phase));
    return {
      frames: bar.frames,
      steps: bar.steps,
      like: mostAlike(starts, index),
      ...fullness(own),
      classes: [own.slice(0, middle), own.slice(middle)].map(classesOf),
      onsets: Array.from(starts[index]!.counts),
      top: outline(own, bar.phase, beat, (frame) => pitchOf(frame.at(-1)!), Math.max),
      bottom: outline(own, bar.phase, beat, (frame) => pitchOf(frame[0]!), Math.min),
      line: lineOf(frames, bar, grid),
    };
  });
}

function fullness(
  frames: readonly Frame[],
): Required<Pick<BarPlan, "notes" | "low" | "high" | "register">> {
  const pitches = frames.flatMap((frame) => frame.map(pitchOf));
  const share = (is: (pitch: number) => boolean) => pitches.filter(is).length / frames.length;
  return {
    notes: pitches.length / frames.length,
    low: share((pitch) => pitch < LOW_BELOW),
    high: share((pitch) => pitch >= HIGH_FROM),
    register: pitches.length > 0 ? mean(pitches) : null,
  };
}

function classesOf(frames: readonly Frame[]): number[] {
  const counts = countClasses(frames), all = sum(counts);
  return counts.flatMap((count, pitchClass) =>
    count > 0 && count >= LEAST_SHARE * all ? [pitchClass] : []
  );
}

function outline(
  frames: readonly Frame[],
  phase: number,
  beat: number,
  pitch: (frame: Frame) => number,
  choose: (a: number, b: number) => number,
): (number | null)[] {
  const pitches: (number | null)[] = [];
  for (const [step, frame] of frames.entries()) {
    const index = beatOf(step, phase, beat);
    while (pitches.length <= index) pitches.push(null);
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
