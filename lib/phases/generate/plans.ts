import type { FormWishes } from "../../generate/plan/new_plan.ts";
import { parseKey } from "../../tokens/key.ts";
import { quartersIn } from "../../midi/metre.ts";
import type { BarMetre } from "../../generate/plan/metre.ts";
import { framesToMake, type Length } from "../../generate/length.ts";
import { planAfter } from "../../generate/after_primer.ts";
import type { Primer } from "../../generate/primer.ts";
import type { Reference } from "../../generate/reference.ts";
import type { Random } from "../../random.ts";
import type { Grid } from "../../tokens/piece.ts";
import { chordSheetFor, heldTo, wishesOfSheet } from "./chords.ts";
import { type MadePlan, planner } from "./forms.ts";
import type { Player } from "./pieces.ts";
import type { FormWish } from "./wishes.ts";

/** Inputs of recipes beside the wishes. */
export interface Ingredients extends Player {
  readonly reference: Reference;
}

/** A plan for the continuation of a primer. */
type Planned = Omit<MadePlan, "plan"> & ReturnType<typeof planAfter>;

/**
 * The planner for new pieces; undefined where the model is to be free.
 * @throws {Error} if the model does not support plans, or a wish is out of range
 */
export async function formFor(
  asked: FormWish,
  { loaded: { model, manifest: { style } }, reference: { plans } }: Ingredients,
): Promise<((primer: Primer, random: Random) => Planned) | undefined> {
  const { grid } = model, { chords, length } = asked;
  const usual = asked.between || model.kind === "pitchwise" && plans.length > 0 ? "auto" : "none";
  const form = asked.form ?? usual;
  const wishes = wishesOf(asked, grid.unit === "beat" ? grid.steps : undefined);
  if (form === "none") {
    const any = [...Object.values(wishes), chords, asked.end].some((wish) => wish || wish === 0);
    if (any) throw new TypeError("Cannot do as asked: without a form there is no plan to follow");
    return undefined;
  }
  if (model.kind !== "pitchwise") {
    throw new TypeError(
      `Cannot follow a form: the ${model.kind} model knows no plans; train a pitchwise one`,
    );
  }
  const isNew = form === "auto" && !asked.between;
  if (isNew && plans.length === 0) {
    throw new TypeError("Cannot make a form: the model has no plans");
  }
  const sheet = await chordSheetFor(asked, style);
  if (sheet && grid.unit === "second") {
    throw new TypeError("Cannot follow chords: the model's grid is in seconds and has no beats");
  }
  const wish = { ...asked, form };
  const make = sheet && isNew
    ? await planner(...wishesOfSheet(sheet, wish, wishes, style), plans, style.tokenize)
    : await planner(wish, wishes, plans, style.tokenize);
  return (primer, random) => {
    const tempo = make.beatsPerMinute ?? primer.beatsPerMinute ?? style.beatsPerMinute;
    const most = mostFrames(length, grid, tempo, primer);
    const made = make.plan(primer, most, random);
    const held = sheet ? heldTo(sheet, made, grid) : made;
    const remarks = [held.remark, ...sheet?.notices ?? []].filter((remark) => remark !== undefined);
    return {
      ...held,
      ...planAfter(primer, held.plan, grid, most),
      ...(remarks.length > 0 ? { remark: remarks.join(" ") } : {}),
    };
  };
}

/**
 * Number of new frames, where frames or seconds are requested.
 * @throws {RangeError} if a length is out of range
 */
function mostFrames(
  length: Length,
  grid: Grid,
  beatsPerMinute: number,
  primer: Primer,
): number | undefined {
  const { frames, bars, seconds } = length;
  if (frames === undefined && bars === undefined && seconds === undefined) return undefined;
  const asked = framesToMake(length, 1, grid, beatsPerMinute, primer);
  return bars === undefined ? asked : undefined;
}

/** Semitones for each register word. */
const REGISTERS = { low: -9, medium: 0, high: 9 } as const;

function wishesOf(
  { key, density, register, metre, end }: FormWish,
  steps: number | undefined,
): FormWishes {
  const semitones = typeof register === "string" ? REGISTERS[register] : register;
  return {
    ...(key === undefined ? {} : { key: parseKey(key) }),
    ...(density === undefined ? {} : { density }),
    ...(semitones === undefined ? {} : { register: semitones }),
    ...(metre === undefined ? {} : { metre: parseMetre(metre, steps) }),
    ...(end === undefined ? {} : { end }),
  };
}

function parseMetre(metre: string, stepsPerBeat: number | undefined): BarMetre {
  const [, numerator, denominator] = /^(\d{1,2})\/(1|2|4|8|16|32)$/.exec(metre) ?? [];
  if (numerator === undefined || Number(numerator) === 0) {
    throw new RangeError(`Cannot use metre ${metre}: needed one such as 3/4`);
  }
  if (stepsPerBeat === undefined) {
    throw new RangeError("Cannot use a metre: the model's grid is in seconds");
  }
  const signature = [Number(numerator), Number(denominator)] as const;
  return { steps: stepsPerBeat * quartersIn(signature), signature };
}
