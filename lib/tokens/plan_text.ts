import type { Signature } from "../midi/metre.ts";
import { keyName, parseKey } from "./key.ts";
import type { BarPlan, Plan, PlanOfPiece } from "./plan.ts";
import { QUALITIES, qualityNames } from "./qualities.ts";
import { isNumber, type Quality } from "./quality.ts";

/** Number of qualities in bars written before melodic contours were added. */
const LEAST_QUALITIES = 9;

/**
 * Encodes a plan as one line of JSON, about 110 bytes a bar: numbers to a thousandth, pitch classes
 * as digits of base 12, onsets as digits of base 36.
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

/** Longest bar in steps: one of 255 whole notes at 96 steps a beat has nearly as many. */
const MOST_STEPS = 100_000;

/** Longest piece in frames. */
const MOST_FRAMES = 1_000_000;

/**
 * Validates a plan, such as one written by a person, against {@linkcode BarPlan}.
 * @throws {Error} that names the bar and its problem
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
  const { frames, steps } = bar;
  if (!Number.isInteger(frames) || !isNumber(frames, 1, MOST_FRAMES)) {
    return `has ${frames} frames, needed are 1 to ${MOST_FRAMES}`;
  }
  if (!isNumber(steps, 1, MOST_STEPS)) {
    return `has ${steps ?? "no"} steps, needed are 1 to ${MOST_STEPS}`;
  }
  const unsigned = bar.signature && signatureProblem(bar.signature);
  if (unsigned) return unsigned;
  for (const name of qualityNames) {
    const value = bar[name];
    const problem = value === undefined
      ? undefined
      : (QUALITIES[name] as Quality<unknown>).problem(value, bar, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function signatureProblem(signature: Signature): string | undefined {
  const [numerator = NaN, denominator = NaN] = Array.isArray(signature) ? signature : [];
  const isOne = Number.isInteger(numerator) && isNumber(numerator, 1, 255) &&
    [1, 2, 4, 8, 16, 32, 64].includes(denominator);
  return isOne ? undefined : `has the time signature ${signature}, needed is one such as [6, 8]`;
}

/** Items of an encoded bar before its qualities. */
const LENGTHS = 2;

/** Encodes the plans of many pieces as text, one per line, for model bundles. */
export function encodePlans(plans: readonly PlanOfPiece[]): string {
  return plans.map(({ name, plan, key, beatsPerMinute }) => {
    const head = { name, key: key && keyName(key), beatsPerMinute: beatsPerMinute || undefined };
    return `${JSON.stringify(head)}\t${encodePlan(plan)}\n`;
  }).join("");
}

/** The inverse of {@linkcode encodePlans}. @throws {Error} as {@linkcode decodePlan} */
export function decodePlans(text: string): PlanOfPiece[] {
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const tab = line.indexOf("\t");
    const { name, key, beatsPerMinute } = parse(line.slice(0, tab)) as
      & Pick<PlanOfPiece, "beatsPerMinute">
      & { readonly name: unknown; readonly key?: unknown };
    return {
      name: `${name}`,
      plan: decodePlan(line.slice(tab + 1)),
      ...(key === undefined ? {} : { key: parseKey(`${key}`) }),
      ...(beatsPerMinute ? { beatsPerMinute } : {}),
    };
  });
}

/**
 * Encodes a bar as a list: its frames, its steps with its signature where known, then its qualities
 * in the table's order, null where unspecified.
 */
function barText({ frames, steps, signature, ...said }: BarPlan): unknown[] {
  const text = (name: typeof qualityNames[number]) => {
    const { encode } = QUALITIES[name] as Quality<unknown>;
    return said[name] === undefined ? null : encode(said[name]);
  };
  return [frames, signature ? [steps, ...signature] : steps, ...qualityNames.map(text)];
}

function barOf(text: unknown): BarPlan {
  const count = Array.isArray(text) ? text.length - LENGTHS : -1;
  if (count < LEAST_QUALITIES || count > qualityNames.length) {
    throw new Error("Cannot read a plan: a bar of it is damaged");
  }
  const [frames, length] = text as unknown[];
  const bar: Record<string, unknown> = {
    frames,
    steps: Array.isArray(length) ? length[0] : length,
  };
  if (Array.isArray(length) && length.length > 1) bar.signature = length.slice(1);
  for (let index = 0; index < count; index++) {
    const json = (text as unknown[])[LENGTHS + index];
    if (json === null) continue;
    const name = qualityNames[index]!, value = QUALITIES[name].decode(json);
    if (value !== undefined) bar[name] = value;
  }
  return bar as unknown as BarPlan;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch (cause) {
    throw new Error("Cannot read a plan: it is not JSON", { cause });
  }
  throw new Error("Cannot read a plan: it has no bars");
}
