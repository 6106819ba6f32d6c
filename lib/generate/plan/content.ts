import { sum } from "../../numbers.ts";
import { stepsPerBeat } from "../../tokens/bars.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type BarPlan, beatOf, type Plan, planFrames } from "../../tokens/plan.ts";

/** What a bar is filled with: all of its plan but its length and what it is like. */
export type BarContent = Omit<BarPlan, "frames" | "steps" | "like">;

/** The content of a bar. */
export function contentOf({ frames: _f, steps: _s, like: _l, ...content }: BarPlan): BarContent {
  return content;
}

/**
 * A bar's content some semitones higher. What says how many notes are low or high stays, since
 * it is of hands rather than of keys, unless the move is more than half an octave.
 */
export function transposeContent(content: BarContent, semitones: number): BarContent {
  if (semitones === 0) return content;
  const { low: _low, high: _high, ...rest } = content;
  return {
    ...(Math.abs(semitones) <= 6 ? content : rest),
    ...shiftOutline(content, semitones),
    classes: content.classes?.map((half) =>
      half.map((one) => ((one + semitones) % 12 + 12) % 12).sort((a, b) => a - b)
    ),
  };
}

/** A plan in another key: every bar some semitones, −12 to 12, higher. */
export function transposePlan(plan: Plan, semitones: number): Plan {
  return {
    ...plan,
    bars: plan.bars.map((bar) => ({ ...bar, ...transposeContent(bar, semitones) })),
  };
}

/** A plan that lies higher, in the same key; which notes are low and high is left to the model. */
export function raisePlan(plan: Plan, semitones: number): Plan {
  if (semitones === 0) return plan;
  return {
    ...plan,
    bars: plan.bars.map(({ low: _low, high: _high, ...bar }) => ({
      ...bar,
      ...shiftOutline(bar, semitones),
    })),
  };
}

/** Mean number of sounding notes of a plan's bars, as far as they say one. */
export function meanNotes({ bars }: Pick<Plan, "bars">): number {
  const said = bars.filter(({ notes }) => notes !== undefined);
  const notes = sum(said.map((bar) => bar.notes! * bar.frames));
  return notes / Math.max(1, planFrames({ bars: said }));
}

/** A density is changed by at most this factor; beyond it, a bar is no longer what it was. */
const MOST_DENSITY_CHANGE = 4;

/**
 * A plan as full as asked for, on average: as many more notes in every bar and, where they begin, in
 * every chord. A step in which notes begin keeps one.
 * @param notes mean number of sounding notes, above 0
 */
export function withDensity(plan: Plan, notes: number): Plan {
  const mean = meanNotes(plan);
  if (mean === 0) return plan;
  const factor = Math.min(
    MOST_DENSITY_CHANGE,
    Math.max(1 / MOST_DENSITY_CHANGE, notes / mean),
  );
  const scaled = (notes: number | undefined) => notes === undefined ? undefined : notes * factor;
  return {
    ...plan,
    bars: plan.bars.map((bar) => ({
      ...bar,
      notes: scaled(bar.notes),
      low: scaled(bar.low),
      high: scaled(bar.high),
      onsets: bar.onsets?.map((count) => count > 0 ? Math.max(1, Math.round(count * factor)) : 0),
    })),
  };
}

/**
 * A content for a bar of another length: its rhythm and outline are cut, or go on with nothing that
 * begins and with the last pitch.
 */
export function fitContent(
  content: BarContent,
  { frames, steps }: Pick<BarPlan, "frames" | "steps">,
  grid: Grid,
): BarContent {
  const beats = 1 + beatOf(frames - 1, Math.max(0, steps - frames), stepsPerBeat(grid));
  const fit = <T>(values: readonly T[] | undefined, length: number, otherwise: T) =>
    values && Array.from({ length }, (_, i) => i < values.length ? values[i]! : otherwise);
  return {
    ...content,
    onsets: fit(content.onsets, frames, 0),
    top: fit(content.top, beats, content.top?.at(-1) ?? null),
    bottom: fit(content.bottom, beats, content.bottom?.at(-1) ?? null),
  };
}

/** What was rounded to three semitones is not rounded again: it stays as near to the notes as it was. */
function shiftOutline(
  { register, top, bottom }: BarContent,
  semitones: number,
): Pick<BarContent, "register" | "top" | "bottom"> {
  const shifted = <P>(pitch: P) =>
    typeof pitch === "number" ? Math.min(127, Math.max(0, pitch + semitones)) : pitch;
  return { register: shifted(register), top: top?.map(shifted), bottom: bottom?.map(shifted) };
}
