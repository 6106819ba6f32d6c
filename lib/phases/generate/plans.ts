import { type FormWishes, type NewPlan, newPlan } from "../../generate/plan/new_plan.ts";
import { keyOf } from "../../tokens/find_key.ts";
import { type Key, parseKey } from "../../tokens/key.ts";
import { quartersIn } from "../../midi/metre.ts";
import type { BarMetre } from "../../generate/plan/metre.ts";
import { framesToMake, type Length } from "../../generate/length.ts";
import { planAfter, primerBars } from "../../generate/plan/after_primer.ts";
import type { Primer } from "../../generate/primer.ts";
import type { Reference } from "../../generate/reference.ts";
import type { Random } from "../../random.ts";
import type { Grid } from "../../tokens/piece.ts";
import { planFrames, type PlanOfPiece } from "../../tokens/plan.ts";
import { planOf } from "../../tokens/plan_of.ts";
import { generateDefaults, type GenerateSettings } from "../settings/generate.ts";
import { barsOfSheet, chordSheetFor, heldTo, wishesOfSheet } from "./chords.ts";
import {
  BETWEEN,
  formBetween,
  formOf,
  type MadePlan,
  type MakePlan,
  requireOneForm,
} from "./forms.ts";
import type { Player } from "./pieces.ts";

/** Inputs of recipes beside the settings. */
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
  settings: GenerateSettings,
  { loaded: { model, manifest }, reference: { plans } }: Ingredients,
): Promise<((primer: Primer, random: Random) => Planned) | undefined> {
  const { between } = settings, { grid } = model;
  const usual = model.kind === "pitchwise" && plans.length > 0 ? "auto" : "none";
  const { form = between ? BETWEEN : usual } = settings;
  requireOneForm(settings);
  const wishes = wishesOf(settings, grid.unit === "beat" ? grid.steps : undefined);
  if (form === "none") {
    const asked = [...Object.values(wishes), settings.chords].some((wish) => wish || wish === 0);
    if (asked) throw new TypeError("Cannot do as asked: without a form there is no plan to follow");
    return undefined;
  }
  if (model.kind !== "pitchwise") {
    throw new TypeError(
      `Cannot follow a form: the ${model.kind} model knows no plans; train a pitchwise one`,
    );
  }
  if (form === "auto" && plans.length === 0) {
    throw new TypeError("Cannot make a form: the model has no plans");
  }
  const sheet = await chordSheetFor(settings, manifest.style);
  if (sheet && grid.unit === "second") {
    throw new TypeError("Cannot follow chords: the model's grid is in seconds and has no beats");
  }
  const make = form === "auto"
    ? sheet
      ? newForm(
        { ...settings, ...barsOfSheet(settings, sheet) },
        { ...wishesOfSheet(sheet, manifest.style), ...wishes },
        plans,
        grid,
      )
      : newForm(settings, wishes, plans, grid)
    : between
    ? await formBetween(between, settings, wishes, plans, manifest.style.tokenize)
    : await formOf(form, settings, wishes, plans, manifest.style.tokenize);
  return (primer, random) => {
    const tempo = make.beatsPerMinute ?? primer.beatsPerMinute ?? manifest.style.beatsPerMinute;
    const most = mostFrames(settings, grid, tempo, primer);
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
 * A planner that makes a new plan each time from those of the corpus, in the primer's key and
 * metre.
 */
function newForm(
  { bars = generateDefaults.bars }: GenerateSettings,
  wishes: FormWishes,
  plans: readonly PlanOfPiece[],
  grid: Grid,
): MakePlan {
  const plan: MakePlan["plan"] = (primer, most, random) => {
    const key = wishes.key ?? keyOfPrimer(primer, grid);
    const asked = { ...metreOfPrimer(primer), ...wishes, ...(key ? { key } : {}) };
    const make = (count: number) => newPlan(plans, count, asked, grid, random);
    const { form, donors, ...made } = most === undefined
      ? make(bars)
      : longEnough(make, most + primer.frames.length - primerBars(primer, grid).frames);
    return { ...made, form: `form of ${form.name}, bars of ${donors.join(", ")}` };
  };
  return { plan };
}

/**
 * Number of new frames, where frames or seconds are requested.
 * @throws {RangeError} if a length is out of range
 */
function mostFrames(
  settings: Length,
  grid: Grid,
  beatsPerMinute: number,
  primer: Primer,
): number | undefined {
  const { frames, bars, seconds } = settings;
  if (frames === undefined && bars === undefined && seconds === undefined) return undefined;
  const asked = framesToMake(settings, 1, grid, beatsPerMinute, primer);
  return bars === undefined ? asked : undefined;
}

/** A plan of at least the given number of frames. */
function longEnough(make: (bars: number) => NewPlan, frames: number): NewPlan {
  let count = Math.max(1, Math.ceil(frames / 16)), made = make(count);
  for (let tries = 0; planFrames(made.plan) < frames && tries < 20; tries++) {
    count = Math.ceil(count * Math.max(1.1, frames / planFrames(made.plan)));
    made = make(count);
  }
  return made;
}

/** Least number of sounding frames from which the key of a primer is estimated. */
const FRAMES_WITH_KEY = 8;

function keyOfPrimer({ frames, metres }: Primer, grid: Grid): Key | undefined {
  if (frames.filter(({ length }) => length > 0).length < FRAMES_WITH_KEY) return undefined;
  return keyOf(planOf({ frames, metres }, grid).bars);
}

function metreOfPrimer({ frames, metres }: Primer): Pick<FormWishes, "metre"> {
  const last = metres.findLast(({ frame }) => frame < frames.length);
  if (!last || frames.length <= 1) return {};
  const { stepsPerBar: steps, signature } = last;
  return { metre: { steps, ...(signature ? { signature } : {}) } };
}

/** Semitones for each register word. */
const REGISTERS = { low: -9, medium: 0, high: 9 } as const;

function wishesOf(
  { key, density, register, metre, end, frames, seconds }: GenerateSettings,
  steps: number | undefined,
): FormWishes {
  if (end && (frames ?? seconds) !== undefined) {
    throw new TypeError("Cannot end music of so many frames or seconds: give --bars instead");
  }
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
