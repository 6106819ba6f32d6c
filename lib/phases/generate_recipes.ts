import { type NewPlan, newPlan, planInFormOf } from "../generate/form.ts";
import { type Key, keyOf, parseKey } from "../generate/key.ts";
import { framesToMake } from "../generate/length.ts";
import { planAfter, planFrames, primerBars } from "../generate/planning.ts";
import {
  type Primer,
  primerAtRandom,
  primerFromNotes,
  primerFromOpening,
  primerFromPiece,
} from "../generate/primer.ts";
import type { Recipe } from "../generate/recipe.ts";
import type { Reference } from "../generate/reference.ts";
import { checkSampling } from "../generate/sampling.ts";
import type { LoadedModel } from "../model/load.ts";
import { rulesInForce } from "../model/rules.ts";
import { Random } from "../random.ts";
import { reason } from "../store/files.ts";
import { readMidiFile } from "../store/midi_files.ts";
import { stepsPerBeat } from "../tokens/bars.ts";
import { encodeCombination } from "../tokens/combination.ts";
import type { Metre } from "../tokens/piece.ts";
import { type Plan, planOf } from "../tokens/plan.ts";
import { checkPlan, type PlanOfPiece } from "../tokens/plan_text.ts";
import { tokenize } from "../tokens/tokenize.ts";
import type { Run } from "./run.ts";
import { generateDefaults, type GenerateSettings } from "./settings.ts";

/** What recipes are made from, beside the settings. */
export interface Ingredients {
  readonly loaded: LoadedModel;
  readonly reference: Reference;
  /** The model's name and hash. */
  readonly model: Recipe["model"];
}

/** Recipes of the pieces that the settings ask for. @throws {Error} if a setting is out of range */
export async function recipesFor(
  settings: GenerateSettings,
  ingredients: Ingredients,
  run: Run,
): Promise<Recipe[]> {
  const { loaded, model } = ingredients;
  const { temperature, topK, topP, stuckAfter, seed, count, dropPrimer, velocity } = complete(
    settings,
  );
  const { grid } = loaded.model;
  const form = await formFor(settings, ingredients);
  const rules = rulesInForce(settings.without ?? [], form !== undefined);
  const sampling = { temperature, topK, topP, rules };
  checkSampling(sampling);
  const recipes: Recipe[] = [];
  for (let index = 0; index < count; index++) {
    const own = seed + index;
    const primer = await choosePrimer(settings, loaded, form !== undefined, new Random(own));
    if (primer.remark !== undefined && index === 0) run.onMessage?.(primer.remark);
    const planned = form?.(primer, new Random(own));
    recipes.push({
      kind: "recipe",
      formatVersion: 2,
      model,
      start: {
        frames: primer.frames.map(encodeCombination),
        metres: planned?.metres ?? primer.metres,
        written: primer.written,
      },
      dropPrimer,
      frames: planned?.frames ??
        framesToMake(settings, generateDefaults.frames, loaded.manifest.style, primer),
      plan: planned?.plan ?? null,
      form: planned?.form ?? "none",
      sampling,
      stuckAfter: Math.ceil(stuckAfter * stepsPerBeat(grid)),
      seed: own,
      beatsPerMinute: planned?.beatsPerMinute ?? primer.beatsPerMinute ??
        loaded.manifest.style.beatsPerMinute,
      velocity: velocityOf(velocity, loaded),
      title: `${model.name}, seed ${own}`,
      midi: "",
    });
  }
  return recipes;
}

function complete(settings: GenerateSettings): typeof generateDefaults & GenerateSettings {
  const given = Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  );
  const whole = { ...generateDefaults, ...given } as typeof generateDefaults & GenerateSettings;
  const { count, stuckAfter, seed } = whole;
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw new RangeError(`Cannot make ${count} pieces: a whole number from 1 to 1,000 is needed`);
  }
  if (!(stuckAfter >= 0)) {
    throw new RangeError(`Cannot use --stuck-after ${stuckAfter}: needed 0 or more beats`);
  }
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot use --seed ${seed}: needed a whole number`);
  }
  return whole;
}

/** A plan for what follows a primer, and what of the form's piece the new one has beside. */
interface Planned extends ReturnType<typeof planAfter> {
  readonly form: string;
  readonly beatsPerMinute?: number;
}

/** How plans are made; undefined where the model is to be free. */
async function formFor(
  settings: GenerateSettings,
  { loaded: { model, manifest }, reference: { plans } }: Ingredients,
): Promise<((primer: Primer, random: Random) => Planned) | undefined> {
  const { form = model.kind === "pitchwise" && plans.length > 0 ? "auto" : "none" } = settings;
  const { grid } = model;
  const wishes = wishesOf(settings, grid.unit === "beat" ? grid.steps : undefined);
  if (form === "none") {
    const asked = Object.keys(wishes).length > 0;
    if (asked) throw new TypeError("Cannot do as asked: without a form there is no plan to follow");
    return undefined;
  }
  if (model.kind !== "pitchwise") {
    throw new TypeError(
      `Cannot follow a form: the ${model.kind} model knows no plans; train a pitchwise one`,
    );
  }
  const { bars, frames, seconds } = settings;
  const beginning = (primer: Primer) => framesToMake(settings, 1, manifest.style, primer);
  if (form === "auto") {
    if (plans.length === 0) throw new TypeError("Cannot make a form: the model has no plans");
    return (primer, random) => {
      const key = wishes.key ?? keyOfPrimer(primer, grid);
      const asked = { ...wishes, ...(key ? { key } : {}), ...metreOfPrimer(primer) };
      const most = frames !== undefined || seconds !== undefined ? beginning(primer) : undefined;
      const make = (count: number) => newPlan(plans, count, asked, grid, random);
      const { plan, form, donors } = most === undefined
        ? make(Math.max(1, bars ?? generateDefaults.bars))
        : longEnough(make, most + primer.frames.length - primerBars(primer, grid).frames);
      if (bars !== undefined) beginning(primer); // says what is wrong with it
      return {
        ...planAfter(primer, plan, grid, most),
        form: `form of ${form.name}, bars of ${donors.join(", ")}`,
        ...(form.beatsPerMinute ? { beatsPerMinute: form.beatsPerMinute } : {}),
      };
    };
  }
  const given = typeof form === "string" ? await planOfFile(form, manifest) : {
    name: "a given plan",
    plan: checked(form),
  };
  return (primer) => {
    const most = frames !== undefined || seconds !== undefined ? beginning(primer) : undefined;
    if (bars !== undefined) beginning(primer);
    const count = most === undefined ? bars : undefined;
    return {
      ...planAfter(primer, planInFormOf(given, count, wishes, plans), grid, most),
      form: `that of ${given.name}`,
      ...(given.beatsPerMinute ? { beatsPerMinute: given.beatsPerMinute } : {}),
    };
  };
}

function checked(plan: Plan): Plan {
  checkPlan(plan);
  return plan;
}

/** A plan of at least so many frames. */
function longEnough(make: (bars: number) => NewPlan, frames: number): NewPlan {
  let count = Math.max(1, Math.ceil(frames / 16)), made = make(count);
  for (let tries = 0; planFrames(made.plan) < frames && tries < 20; tries++) {
    count = Math.ceil(count * Math.max(1.1, frames / planFrames(made.plan)));
    made = make(count);
  }
  return made;
}

/** Sounding frames from which on the key of a primer is its own. */
const FRAMES_WITH_KEY = 8;

function keyOfPrimer(
  { frames, metres }: Primer,
  grid: Parameters<typeof planOf>[1],
): Key | undefined {
  if (frames.filter(({ length }) => length > 0).length < FRAMES_WITH_KEY) return undefined;
  return keyOf(planOf({ frames, metres }, grid).bars);
}

function metreOfPrimer({ frames, metres }: Primer): { stepsPerBar?: number } {
  const last = metres.findLast(({ frame }) => frame < frames.length);
  return last && frames.length > 1 ? { stepsPerBar: last.stepsPerBar } : {};
}

async function planOfFile(
  path: string,
  { style }: LoadedModel["manifest"],
): Promise<PlanOfPiece> {
  try {
    const { frames, metres, beatsPerMinute } = tokenize(
      await readMidiFile(path),
      style.tokenize,
    );
    return { name: path, plan: planOf({ frames, metres }, style.tokenize.grid), beatsPerMinute };
  } catch (cause) {
    throw new Error(`Cannot take the form of ${path}: ${reason(cause)}`, { cause });
  }
}

/** Words for registers, in semitones. */
const REGISTERS = { low: -9, medium: 0, high: 9 } as const;

function wishesOf(
  { key, density, register, metre }: GenerateSettings,
  steps: number | undefined,
): Parameters<typeof newPlan>[2] {
  const semitones = typeof register === "string" ? REGISTERS[register] : register;
  if (register !== undefined && !(Number.isInteger(semitones) && Math.abs(semitones!) <= 48)) {
    throw new RangeError(
      `Cannot use register ${register}: needed low, medium, high, or −48 to 48 semitones`,
    );
  }
  if (typeof density === "string" && !["sparse", "medium", "full"].includes(density)) {
    throw new RangeError(
      `Cannot use density ${density}: needed sparse, medium, full, or a mean number of notes`,
    );
  }
  return {
    ...(key === undefined ? {} : { key: parseKey(key) }),
    ...(density === undefined ? {} : { density }),
    ...(semitones === undefined ? {} : { register: semitones }),
    ...(metre === undefined ? {} : { stepsPerBar: stepsOf(metre, steps) }),
  };
}

function stepsOf(metre: string, stepsPerBeat: number | undefined): number {
  const [, numerator, denominator] = /^(\d{1,2})\/(1|2|4|8|16|32)$/.exec(metre) ?? [];
  if (numerator === undefined || Number(numerator) === 0) {
    throw new RangeError(`Cannot use metre ${metre}: needed one such as 3/4`);
  }
  if (stepsPerBeat === undefined) {
    throw new RangeError("Cannot use a metre: the model's grid is in seconds");
  }
  return stepsPerBeat * 4 * Number(numerator) / Number(denominator);
}

async function choosePrimer(
  settings: GenerateSettings,
  { model, manifest, vocabulary, openings }: LoadedModel,
  planned: boolean,
  random: Random,
): Promise<Primer> {
  const { primerNote, primerMidi, primerRandom } = settings;
  const ways = [primerNote, primerMidi, primerRandom || undefined];
  if (ways.filter((way) => way !== undefined).length > 1) {
    throw new TypeError(
      "Cannot start in two ways: give one of --primer-note, --primer-midi, --primer-random",
    );
  }
  const { tokenize: how, timeSignature: [numerator, denominator] } = manifest.style;
  const metres: Metre[] = how.grid.unit === "beat"
    ? [{ frame: 0, stepsPerBar: how.grid.steps * 4 * numerator / denominator, phase: 0 }]
    : [];
  if (primerNote !== undefined) return primerFromNotes(primerNote, vocabulary, metres);
  if (primerRandom) return primerAtRandom(vocabulary, metres, random);
  if (primerMidi === undefined) {
    if (planned) return { frames: [], metres, written: 0 };
    return primerFromOpening(openings, how.grid, random);
  }
  try {
    const { frames, metres, beatsPerMinute } = tokenize(await readMidiFile(primerMidi), how);
    const primer = primerFromPiece({ name: primerMidi, frames, metres }, model.window);
    return { ...primer, beatsPerMinute };
  } catch (cause) {
    throw new Error(`Cannot start from ${primerMidi}: ${reason(cause)}`, { cause });
  }
}

function velocityOf(velocity: number | "corpus", { manifest }: LoadedModel): number {
  if (velocity === "corpus") return Math.round(manifest.style.meanVelocity);
  if (Number.isInteger(velocity) && velocity >= 1 && velocity <= 127) return velocity;
  throw new RangeError(`Cannot use velocity ${velocity}: it is 1 to 127, or "corpus"`);
}
