import type { MetreSpan } from "../midi/bar_lines.ts";
import { quartersIn } from "../midi/metre.ts";
import type { Music } from "../midi/music.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { countBefore } from "../search.ts";
import type { Grid, Metre } from "./piece.ts";

/** Converts between a file's ticks and steps of a grid, both with fractions. */
export interface GridMap {
  /** The step at a tick. Never falls. */
  stepAt(ticks: number): number;
  /** The tick of a step. */
  ticksAt(step: number): number;
  /** The metres in steps, as a piece that begins with step 0 would have them. */
  readonly metres: readonly Metre[];
}

/** Steps from a bar line on. */
interface Origin {
  /** The tick of the bar line, and from which tick on it counts. */
  readonly line: number;
  readonly from: number;
  /** The step of the bar line: a whole number. */
  readonly lineStep: number;
  /** Steps at `from`. */
  readonly fromStep: number;
}

/**
 * The grid of a file: steps are counted from its bar lines, so that a bar of odd length moves no later
 * one off the grid. Where a metre ends between two steps, its last part of a step is stretched to a
 * whole one, or left out.
 */
export function createGridMap(
  { ticksPerBeat }: Pick<Music, "ticksPerBeat">,
  spans: readonly MetreSpan[],
  { steps }: Pick<Grid, "steps">,
): GridMap {
  const stepTicks = ticksPerBeat / steps;
  const origins: Origin[] = [];
  for (const { line, from } of spans) {
    const before = origins.at(-1);
    const lineStep = before
      ? before.lineStep + Math.round((line - before.line) / stepTicks)
      : Math.ceil(line / stepTicks - 1e-9);
    origins.push({ line, from, lineStep, fromStep: lineStep + (from - line) / stepTicks });
  }
  const indexAt = (is: (origin: Origin) => boolean) =>
    Math.max(0, countBefore(origins.length, (i) => is(origins[i]!)) - 1);
  return {
    stepAt(ticks) {
      const index = indexAt(({ from }) => from <= ticks), own = origins[index]!;
      const plain = own.lineStep + (ticks - own.line) / ticksPerBeat * steps;
      const next = origins[index + 1];
      if (!next) return plain;
      const last = Math.floor((next.from - own.line) / stepTicks + 1e-9); // whole steps of the span
      const lastTicks = own.line + last * stepTicks, rest = next.from - lastTicks;
      if (ticks <= lastTicks || rest <= 1e-9 * stepTicks) return plain;
      const width = next.lineStep - own.lineStep - last;
      return own.lineStep + last + width * (ticks - lastTicks) / rest;
    },
    ticksAt(step) {
      const own = origins[indexAt(({ fromStep }) => fromStep <= step + 1e-9)]!;
      return own.line + (step - own.lineStep) * stepTicks;
    },
    metres: origins.map(({ fromStep, lineStep }, index): Metre => {
      const { signature, upbeat } = spans[index]!;
      const frame = index === 0 ? 0 : Math.round(fromStep);
      const stepsPerBar = quartersIn(signature) * steps, since = frame - lineStep;
      return {
        frame,
        stepsPerBar,
        phase: since - Math.floor(since / stepsPerBar + 1e-9) * stepsPerBar,
        signature,
        ...(upbeat && since < stepsPerBar ? { upbeat } : {}),
      };
    }).filter(({ frame }, index, all) => frame !== all[index + 1]?.frame),
  };
}

/** A grid that begins some ticks later, bar lines and all. */
export function shiftGrid({ stepAt, ticksAt, metres }: GridMap, ticks: number): GridMap {
  if (ticks === 0) return { stepAt, ticksAt, metres };
  return {
    stepAt: (at) => stepAt(at - ticks),
    ticksAt: (step) => ticksAt(step) + ticks,
    metres,
  };
}

/** The grid of a file that follows seconds; its bars are as long as they are at the first tempo. */
export function createSecondsMap(
  music: Pick<Music, "ticksPerBeat" | "tempos">,
  spans: readonly MetreSpan[],
  { steps }: Pick<Grid, "steps">,
): GridMap {
  const { secondsAt, ticksAt } = createTempoMap(music);
  const stepsPerBeat = secondsAt(music.ticksPerBeat) * steps;
  return {
    stepAt: (ticks) => secondsAt(ticks) * steps,
    ticksAt: (step) => ticksAt(step / steps),
    metres: spans.map(({ from, signature }): Metre => ({
      frame: Math.round(secondsAt(from) * steps),
      stepsPerBar: quartersIn(signature) * stepsPerBeat,
      phase: 0,
      signature,
    })),
  };
}
