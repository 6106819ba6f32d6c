import { beatsOf, type Signature, usualSignature } from "../midi/metre.ts";
import type { Frame } from "./frame.ts";
import type { Grid, Metre } from "./piece.ts";

/** One bar of a piece: the frames from bar line to bar line, as far as the piece has them. */
export interface Bar {
  /** Its first frame. */
  readonly start: number;
  /** Its frames, at least 1; fewer than `steps` in an upbeat and where a piece breaks off. */
  readonly frames: number;
  /** Steps that the metre gives it; not always whole. */
  readonly steps: number;
  /** Steps of it that are missing before its first frame: above 0 only in an upbeat. */
  readonly phase: number;
  /** What it is written in. */
  readonly signature: Signature;
  /** Whether it is an upbeat: the first bar, if it is written short or begins with its second half. */
  readonly upbeat: boolean;
}

/** How long a bar is where the grid has no beats, and where nobody says. */
const SECONDS_PER_BAR = 2, BEATS_PER_BAR = 4;

/** A bar is never shorter than this, whatever a file says, so that bars stay fewer than frames. */
const LEAST_STEPS = 1;

/**
 * The bars of a piece of `length` frames, in order and without gaps. Where the grid follows seconds,
 * or a piece has no metres, a bar is two seconds, or four beats, long.
 */
export function barsOf(metres: readonly Metre[], length: number, grid: Grid): Bar[] {
  const usual = (grid.unit === "second" ? SECONDS_PER_BAR : BEATS_PER_BAR) * grid.steps;
  const inForce = metres.length > 0 ? metres : [{ frame: 0, stepsPerBar: usual, phase: 0 }];
  const quarter = stepsPerBeat(grid);
  const bars: Bar[] = [];
  for (const [index, metre] of inForce.entries()) {
    const { frame, stepsPerBar, phase } = metre;
    const { signature = usualSignature(stepsPerBar / quarter) } = metre;
    const from = index === 0 ? 0 : frame,
      end = Math.min(length, inForce[index + 1]?.frame ?? length);
    const steps = Math.max(LEAST_STEPS, stepsPerBar);
    let line = from - phase; // where the bar begins or would begin
    for (let start = from; start < end;) {
      line += steps;
      const next = Math.min(end, Math.max(start + 1, Math.round(line)));
      const missing = start === from ? phase : 0;
      const upbeat = start === 0 && isUpbeat(metre);
      bars.push({ start, frames: next - start, steps, phase: missing, signature, upbeat });
      start = next;
    }
  }
  return bars;
}

/** Whether the bar in which a piece begins is an upbeat: written as one, or silent for its first half. */
export function isUpbeat({ phase, stepsPerBar, upbeat = false }: Metre): boolean {
  return phase > 0 && (upbeat || 2 * phase >= stepsPerBar);
}

/**
 * The number of a piece's first bar, from which all are counted: as in print the first full bar is 1,
 * and an upbeat is 0.
 */
export function firstBarNumber(bars: readonly Pick<Bar, "upbeat">[]): 0 | 1 {
  return bars[0]?.upbeat ? 0 : 1;
}

/** Where the beats of a bar begin, in steps from its bar line, which an upbeat does not reach back to. */
export function beatStarts(
  { signature }: Pick<Bar, "signature">,
  grid: Grid,
  accents?: readonly number[],
): number[] {
  let at = 0;
  return beatsOf(signature, accents).map((quarters) => {
    const start = at;
    at += quarters * stepsPerBeat(grid);
    return start;
  });
}

/** Frames of whole bars, as {@linkcode barsOf} would cut them where a metre gives no whole number of steps. */
export function evenFrames(steps: readonly number[]): number[] {
  let line = 0, start = 0;
  return steps.map((length, index) => {
    if (steps[index - 1] !== length) line = start;
    line += length;
    const next = Math.max(start + 1, Math.round(line));
    const frames = next - start;
    start = next;
    return frames;
  });
}

/** The frames that a bar has, or would have if the piece did not break off in it. */
export function wholeFrames({ frames, steps, phase }: Bar): number {
  return Math.max(frames, Math.round(steps - phase));
}

/** The first frame after a bar. */
export function endOfBar({ start, frames }: Pick<Bar, "start" | "frames">): number {
  return start + frames;
}

/** The frames of a bar, out of those of the piece. */
export function framesOf(
  all: readonly Frame[],
  bar: Pick<Bar, "start" | "frames">,
): readonly Frame[] {
  return all.slice(bar.start, endOfBar(bar));
}

/** Steps in a beat: a quarter note, or half a second where the grid has no beats. */
export function stepsPerBeat({ unit, steps }: Grid): number {
  return unit === "beat" ? steps : steps / 2;
}
