import { metresOnGrid, type MetreSpan } from "../midi/bar_lines.ts";
import { quartersIn } from "../midi/metre.ts";
import type { Music, Note } from "../midi/music.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { countBefore } from "../search.ts";
import type { Grid, Metre } from "./piece.ts";

/** Conversion between a file's ticks and steps of a grid, both fractional. */
export interface GridMap {
  /** Step at a tick. Non-decreasing. */
  stepAt(ticks: number): number;
  /** Tick at a step. */
  ticksAt(step: number): number;
  /** Metres in steps, for a piece that begins at step 0. */
  readonly metres: readonly Metre[];
}

/** Origin of the step count for a span of ticks. */
interface Origin {
  /** First tick of the span. */
  readonly from: number;
  /** Reference tick, and its step, a whole number. */
  readonly tick: number;
  readonly step: number;
  /** Step of the span's bar line, a whole number. */
  readonly lineStep: number;
}

/**
 * Creates the grid of a file: steps are counted from its bar lines, so that a bar of odd length
 * shifts no later one off the grid; where notes stay on the earlier step count, so does the grid.
 * Where a metre ends between two steps, its last fraction of a step is stretched to a whole one, or
 * left out.
 * @param notes of the file, in any order
 * @param shift delay of the grid after the file's beats, in beats, bar lines included
 */
export function createGridMap(
  { ticksPerBeat }: Pick<Music, "ticksPerBeat">,
  stated: readonly MetreSpan[],
  { steps }: Pick<Grid, "steps">,
  notes: readonly Pick<Note, "startTicks">[] = [],
  shift = 0,
): GridMap {
  const stepTicks = ticksPerBeat / steps, delay = shift * ticksPerBeat;
  const spans = metresOnGrid(stated, delay, ticksPerBeat);
  const onsets = Float64Array.from(notes, ({ startTicks }) => startTicks - delay).sort();
  const origins: Origin[] = [];
  for (const [index, { line, from }] of spans.entries()) {
    const before = origins.at(-1);
    if (!before) {
      const lineStep = Math.ceil(line / stepTicks - 1e-9);
      origins.push({ from, tick: line, step: lineStep, lineStep });
      continue;
    }
    const exact = before.step + (line - before.tick) / stepTicks, lineStep = Math.round(exact);
    const goesOn = Math.abs(exact - lineStep) > 1e-6 &&
      isNearer(onsets, from, spans[index + 1]?.from ?? Infinity, stepTicks, before.tick, line);
    const { tick, step } = goesOn ? before : { tick: line, step: lineStep };
    origins.push({ from, tick, step, lineStep });
  }
  const plainAt = (ticks: number, { tick, step }: Origin) =>
    step + (ticks - tick) / ticksPerBeat * steps;
  const fromSteps = origins.map((origin) => plainAt(origin.from, origin));
  const indexAt = (is: (index: number) => boolean) =>
    Math.max(0, countBefore(origins.length, is) - 1);
  return {
    stepAt(at) {
      const ticks = at - delay;
      const index = indexAt((i) => origins[i]!.from <= ticks), own = origins[index]!;
      const plain = plainAt(ticks, own), next = origins[index + 1];
      if (!next || next.tick === own.tick) return plain;
      const last = Math.floor(plainAt(next.from, own) + 1e-9); // the span's last whole step
      const lastTicks = own.tick + (last - own.step) * stepTicks, rest = next.from - lastTicks;
      if (ticks <= lastTicks || rest <= 1e-9 * stepTicks) return plain;
      return last + (next.step - last) * (ticks - lastTicks) / rest;
    },
    ticksAt(step) {
      const own = origins[indexAt((i) => fromSteps[i]! <= step + 1e-9)]!;
      return own.tick + (step - own.step) * stepTicks + delay;
    },
    metres: origins.map(({ lineStep }, index): Metre => {
      const { signature, upbeat } = spans[index]!;
      const frame = index === 0 ? 0 : lineStep;
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

/** Whether onsets from a tick on lie nearer to steps counted from one tick than from another. */
function isNearer(
  onsets: Float64Array,
  from: number,
  end: number,
  stepTicks: number,
  one: number,
  other: number,
): boolean {
  const off = (ticks: number) => Math.abs(ticks / stepTicks - Math.round(ticks / stepTicks));
  let nearer = 0;
  const first = countBefore(onsets.length, (i) => onsets[i]! < from);
  for (let i = first; i < onsets.length && onsets[i]! < end; i++) {
    nearer += off(onsets[i]! - other) - off(onsets[i]! - one);
  }
  return nearer > 0;
}

/** Creates the grid of a file in seconds, with bars as long as at the first tempo. */
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
