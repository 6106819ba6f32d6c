import { beatsOf, type Signature, usualSignature } from "../midi/metre.ts";
import type { Frame } from "./frame.ts";
import type { Grid, Metre } from "./piece.ts";

/** A bar of a piece: the frames from bar line to bar line, as far as the piece has them. */
export interface Bar {
  /** Index of its first frame. */
  readonly start: number;
  /** Number of frames, at least 1; fewer than `steps` in an upbeat and where a piece breaks off. */
  readonly frames: number;
  /** Length of a full bar in the metre, in steps; not always whole. */
  readonly steps: number;
  /** Steps missing before the first frame: above 0 only in an upbeat. */
  readonly phase: number;
  /** Time signature. */
  readonly signature: Signature;
  /**
   * Whether the bar is an upbeat: the first bar, if it is written short or begins with its second
   * half.
   */
  readonly upbeat: boolean;
}

/** Default bar length, in seconds for a grid without beats and in beats otherwise. */
const SECONDS_PER_BAR = 2, BEATS_PER_BAR = 4;

/** Least bar length in steps, whatever a file says, so that bars stay fewer than frames. */
const LEAST_STEPS = 1;

/**
 * Bars of a piece of `length` frames, in order and without gaps. Where the grid follows seconds, or
 * a piece has no metres, a bar is two seconds, or four beats, long.
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
    let line = from - phase; // bar line, or where it would be
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
export function isUpbeat({ phase, stepsPerBar, upbeat = false }: Omit<Metre, "frame">): boolean {
  return phase > 0 && (upbeat || 2 * phase >= stepsPerBar);
}

/**
 * Number of a piece's first bar, from which all are counted: as in print, the first full bar is 1,
 * and an upbeat is 0.
 */
export function firstBarNumber(bars: readonly Pick<Bar, "upbeat">[]): 0 | 1 {
  return bars[0]?.upbeat ? 0 : 1;
}

/**
 * Number of the first bar of music that may begin with empty bars: the bar of its first note is 0 if
 * it is an upbeat or silent for its first half, otherwise 1, and those before it count down.
 * @param onset of the first note, in the unit of the bars
 */
export function firstBarAt(
  bars: readonly Pick<Bar, "start" | "steps" | "phase" | "upbeat">[],
  onset: number,
): number {
  const at = bars.findLastIndex(({ start }) => start <= onset), bar = bars[at];
  if (!bar) return 1;
  const phase = bar.phase + onset - bar.start;
  return (bar.upbeat || isUpbeat({ phase, stepsPerBar: bar.steps }) ? 0 : 1) - at;
}

/** Beat onsets in a bar, in steps from its bar line; an upbeat lacks the first of them. */
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

/**
 * Frames per bar after rounding, as {@linkcode barsOf} divides them where a metre gives no whole
 * number of steps.
 */
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

/** Number of frames in a complete bar, even where the piece breaks off in it. */
export function wholeFrames({ frames, steps, phase }: Bar): number {
  return Math.max(frames, Math.round(steps - phase));
}

/** Index of the first frame after a bar. */
export function endOfBar({ start, frames }: Pick<Bar, "start" | "frames">): number {
  return start + frames;
}

/** Frames of a bar, taken from those of the piece. */
export function framesOf(
  all: readonly Frame[],
  bar: Pick<Bar, "start" | "frames">,
): readonly Frame[] {
  return all.slice(bar.start, endOfBar(bar));
}

/** Steps per beat: per quarter note, or per half second where the grid has no beats. */
export function stepsPerBeat({ unit, steps }: Grid): number {
  return unit === "beat" ? steps : steps / 2;
}
