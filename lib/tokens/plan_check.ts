import type { BarPlan, Likeness, Plan } from "./plan.ts";

/**
 * Holds a plan, such as one that a person wrote, against what {@linkcode BarPlan} says.
 * @throws {Error} that names the bar and what is wrong with it
 */
export function checkPlan({ bars }: Plan): void {
  if (bars.length === 0) throw new Error("Cannot use a plan without bars");
  for (const [index, bar] of bars.entries()) {
    const problem = problemOf(bar, index);
    if (problem) throw new Error(`Cannot use this plan: bar ${index} (from 0) ${problem}`);
  }
}

function problemOf(bar: BarPlan, index: number): string | undefined {
  if (typeof bar !== "object" || bar === null) return "is none";
  const noList = (["classes", "onsets", "top", "bottom"] as const)
    .find((part) => bar[part] !== undefined && !Array.isArray(bar[part]));
  if (noList) return `has ${noList} that are no list`;
  const { frames, steps, like, onsets, register } = bar;
  if (!Number.isInteger(frames) || !isNumber(frames, 1, MOST_FRAMES)) {
    return `has ${frames} frames, needed are 1 to ${MOST_FRAMES}`;
  }
  if (!isNumber(steps, 1, MOST_STEPS)) {
    return `has ${steps ?? "no"} steps, needed are 1 to ${MOST_STEPS}`;
  }
  for (const part of ["notes", "low", "high"] as const) {
    const notes = bar[part];
    if (notes !== undefined && !isNumber(notes, 0, 128)) return `has ${notes} ${part}`;
  }
  if (register != null && !isPitch(register)) return `has register ${register}, not 0 to 127`;
  const unlike = like && likenessProblem(like, index);
  if (unlike) return unlike;
  if (onsets && onsets.length !== frames) return `has onsets for ${onsets.length} frames`;
  if (onsets?.some((count) => !(Number.isInteger(count) && count >= 0))) {
    return "has onsets that are no whole numbers";
  }
  const noClasses = bar.classes && classesProblem(bar.classes);
  if (noClasses) return noClasses;
  const { steps: s = NaN, leaps = NaN, repeats = NaN, turns = NaN } = bar.line ?? {};
  if (bar.line && ![s, leaps, repeats, turns].every((share) => isNumber(share, 0, 1))) {
    return "has a line with shares that are not 0 to 1";
  }
  const outline = [...bar.top ?? [], ...bar.bottom ?? []];
  return outline.every((pitch) => pitch === null || isPitch(pitch))
    ? undefined
    : "has an outline with pitches that are not 0 to 127";
}

function likenessProblem(
  { bar, degree, transpose }: Likeness,
  index: number,
): string | undefined {
  if (!Number.isInteger(bar) || bar < 0 || bar >= index) {
    return `is like bar ${bar ?? "without number"}, which is no earlier one`;
  }
  if (!isNumber(degree, Number.MIN_VALUE, 1)) {
    return `is like another to degree ${degree}, not 0 to 1`;
  }
  return Number.isInteger(transpose) && Math.abs(transpose) <= 12
    ? undefined
    : `is transposed by ${transpose}, not by −12 to 12 semitones`;
}

function classesProblem(classes: readonly (readonly number[])[]): string | undefined {
  if (!classes.every((half) => Array.isArray(half))) return "has pitch classes that are no list";
  if (classes.length !== 2) {
    return `has pitch classes for ${classes.length} halves of a bar, needed are 2`;
  }
  return classes.flat().every((one) => Number.isInteger(one) && one >= 0 && one <= 11)
    ? undefined
    : "has pitch classes that are not 0 to 11";
}

/** No bar is longer: one of 255 whole notes at 96 steps a beat has so many, nearly. */
const MOST_STEPS = 100_000;

/** No piece is longer. */
const MOST_FRAMES = 1_000_000;

function isPitch(value: number): boolean {
  return isNumber(value, 0, 127);
}

function isNumber(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}
