import type { BarPlan, Likeness, Line, Plan, PlanOfPiece } from "./plan.ts";
import { checkPlan } from "./plan_check.ts";

/** Parts of a bar in text: `null` where nothing is said. */
type BarText = [
  frames: number,
  steps: number,
  like: null | 0 | [bar: number, degree: number, transpose: number],
  notes: null | number,
  low: null | number,
  high: null | number,
  register: null | number,
  classes: null | string[],
  onsets: null | string,
  top: null | (number | null)[],
  bottom: null | (number | null)[],
  line?: null | 0 | [steps: number, leaps: number, repeats: number, turns: number],
];

/** Parts of a bar in text, and in text of before there were lines. */
const PARTS = 12, PARTS_BEFORE_LINES = 11;

/** What stands for the register of a bar in which nothing sounds. */
const SILENT = -1;

/** More notes than this in a step are not told apart in text. */
const MOST_ONSETS = 35;

/**
 * A plan as one line of JSON, about 110 bytes a bar: numbers to a thousandth, pitch classes as digits
 * of base 12, onsets as digits of base 36.
 */
export function encodePlan({ bars, ends }: Plan): string {
  return JSON.stringify({ ends, bars: bars.map(barText) });
}

/**
 * The inverse of {@linkcode encodePlan}.
 * @throws {Error} if the text is no plan, or one that {@linkcode checkPlan} refuses
 */
export function decodePlan(text: string): Plan {
  const { ends, bars } = parse(text) as { ends?: unknown; bars?: unknown };
  if (typeof ends !== "boolean" || !Array.isArray(bars)) {
    throw new Error("Cannot read a plan: it has no bars");
  }
  const plan = { ends, bars: bars.map(barOf) };
  checkPlan(plan);
  return plan;
}

/** Plans of many pieces as text, one a line, as model bundles hold them. */
export function encodePlans(plans: readonly PlanOfPiece[]): string {
  return plans.map(({ name, plan, beatsPerMinute }) =>
    `${JSON.stringify({ name, ...(beatsPerMinute ? { beatsPerMinute } : {}) })}\t` +
    `${encodePlan(plan)}\n`
  ).join("");
}

/** The inverse of {@linkcode encodePlans}. @throws {Error} as {@linkcode decodePlan} */
export function decodePlans(text: string): PlanOfPiece[] {
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const tab = line.indexOf("\t");
    const { name, beatsPerMinute } = parse(line.slice(0, tab)) as Omit<PlanOfPiece, "plan">;
    const plan = decodePlan(line.slice(tab + 1));
    return { name: `${name}`, plan, ...(beatsPerMinute ? { beatsPerMinute } : {}) };
  });
}

function barText(bar: BarPlan): BarText {
  const { frames, steps, like, notes, low, high, register, classes, onsets, top, bottom } = bar;
  const { line } = bar;
  const number = (value: number | undefined) => value === undefined ? null : thousandth(value);
  return [
    frames,
    steps,
    like ? [like.bar, thousandth(like.degree), like.transpose] : like === null ? 0 : null,
    number(notes),
    number(low),
    number(high),
    register === null ? SILENT : number(register),
    classes?.map((half) => half.map((one) => one.toString(12)).join("")) ?? null,
    onsets?.map((count) => Math.min(MOST_ONSETS, count).toString(36)).join("") ?? null,
    top ? [...top] : null,
    bottom ? [...bottom] : null,
    line
      ? [
        hundredth(line.steps),
        hundredth(line.leaps),
        hundredth(line.repeats),
        hundredth(line.turns),
      ]
      : line === null
      ? 0
      : null,
  ];
}

function barOf(text: unknown): BarPlan {
  if (!Array.isArray(text) || text.length > PARTS || text.length < PARTS_BEFORE_LINES) {
    throw new Error("Cannot read a plan: a bar of it is damaged");
  }
  const [
    frames,
    steps,
    like,
    notes,
    low,
    high,
    register,
    classes,
    onsets,
    top,
    bottom,
    line = null,
  ] = text as BarText;
  return {
    frames,
    steps,
    ...(like === null ? {} : { like: like === 0 ? null : likenessOf(like) }),
    ...(notes === null ? {} : { notes }),
    ...(low === null ? {} : { low }),
    ...(high === null ? {} : { high }),
    ...(register === null ? {} : { register: register === SILENT ? null : register }),
    ...(classes === null ? {} : {
      classes: Array.isArray(classes) ? classes.map((half) => digits(half, 12)) : classes,
    }),
    ...(onsets === null ? {} : { onsets: digits(onsets, 36) }),
    ...(top === null ? {} : { top }),
    ...(bottom === null ? {} : { bottom }),
    ...(line === null ? {} : { line: line === 0 ? null : lineOf(line) }),
  };
}

function likenessOf(likeness: [number, number, number]): Likeness {
  const [bar, degree, transpose] = Array.isArray(likeness) ? likeness : [NaN, NaN, NaN];
  return { bar, degree, transpose };
}

/** Of anything else than four numbers: what {@linkcode checkPlan} refuses. */
function lineOf(line: [number, number, number, number]): Line {
  const [steps, leaps, repeats, turns] = Array.isArray(line) ? line : [NaN, NaN, NaN, NaN] as const;
  return { steps, leaps, repeats, turns };
}

/** Of anything else than text: no number, which {@linkcode checkPlan} refuses. */
function digits(text: string, base: number): number[] {
  return [...typeof text === "string" ? text : "?"].map((digit) => parseInt(digit, base));
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Above 0 stays above 0. */
function thousandth(value: number): number {
  return value > 0 ? Math.max(0.001, Math.round(value * 1000) / 1000) : value;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch (cause) {
    throw new Error("Cannot read a plan: it is no JSON", { cause });
  }
  throw new Error("Cannot read a plan: it has no bars");
}
