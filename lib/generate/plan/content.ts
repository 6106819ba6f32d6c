import { sum } from "../../numbers.ts";
import { stepsPerBeat } from "../../tokens/bars.ts";
import type { Key } from "../../tokens/key.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type BarPlan, beatOf, type Plan, planFrames } from "../../tokens/plan.ts";
import { type BarContent, changeQualities } from "../../tokens/qualities.ts";

/** The content of a bar. */
export function contentOf(
  { frames: _f, steps: _s, signature: _t, like: _l, ...content }: BarPlan,
): BarContent {
  return content;
}

/** The content of a bar transposed by some semitones. */
export function transposeContent<Bar extends BarContent>(bar: Bar, semitones: number): Bar {
  if (semitones === 0) return bar;
  return changeQualities(
    bar,
    ({ transpose }, value) => transpose ? transpose(value, semitones) : value,
  );
}

/** A plan transposed by some semitones, −12 to 12. */
export function transposePlan(plan: Plan, semitones: number): Plan {
  return { ...plan, bars: plan.bars.map((bar) => transposeContent(bar, semitones)) };
}

/** A plan in the parallel key of the given mode; unchanged if it is already in that mode. */
export function planInMode(plan: Plan, { tonic, mode }: Key, to: Key["mode"]): Plan {
  if (mode === to) return plan;
  const changed = (bar: BarPlan) =>
    changeQualities(bar, ({ inMode }, value) => inMode ? inMode(value, tonic, to) : value);
  return { ...plan, bars: plan.bars.map(changed) };
}

/**
 * A plan in a higher register and the same key; the choice of low and high notes is left to the
 * model.
 */
export function raisePlan(plan: Plan, semitones: number): Plan {
  if (semitones === 0) return plan;
  const raised = (bar: BarPlan) =>
    changeQualities(bar, ({ raise }, value) => raise ? raise(value, semitones) : value);
  return { ...plan, bars: plan.bars.map(raised) };
}

/** Mean number of sounding notes in a plan's bars, over those that specify one. */
export function meanNotes({ bars }: Pick<Plan, "bars">): number {
  const said = bars.filter(({ notes }) => notes !== undefined);
  const notes = sum(said.map((bar) => bar.notes! * bar.frames));
  return notes / Math.max(1, planFrames({ bars: said }));
}

/** Largest factor by which a density is changed; beyond it, a bar would lose its identity. */
const MOST_DENSITY_CHANGE = 4;

/**
 * A plan with a requested mean density: notes, and onsets of every chord, are scaled in every bar.
 * A step with onsets keeps at least one.
 * @param notes mean number of sounding notes, above 0
 */
export function withDensity(plan: Plan, notes: number): Plan {
  const mean = meanNotes(plan);
  if (mean === 0) return plan;
  const factor = Math.min(
    MOST_DENSITY_CHANGE,
    Math.max(1 / MOST_DENSITY_CHANGE, notes / mean),
  );
  const scaled = (bar: BarPlan) =>
    changeQualities(bar, ({ scale }, value) => scale ? scale(value, factor) : value);
  return { ...plan, bars: plan.bars.map(scaled) };
}

/**
 * Content for a bar of another length: its rhythm and pitch envelope are cut, or continue with the
 * rhythm of the preceding beat and with the last pitch.
 */
export function fitContent(
  content: BarContent,
  { frames, steps }: Pick<BarPlan, "frames" | "steps">,
  grid: Grid,
): BarContent {
  const beat = stepsPerBeat(grid),
    beats = 1 + beatOf(frames - 1, Math.max(0, steps - frames), beat);
  return changeQualities(
    content,
    ({ fit }, value) => fit ? fit(value, { frames, beats, beat }) : value,
  );
}
