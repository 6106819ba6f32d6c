import { jaccard, quantile } from "../../numbers.ts";
import type { Random } from "../../random.ts";
import { keyOf } from "../../tokens/find_key.ts";
import { type Key, moveBetween } from "../../tokens/key.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { BarPlan, Plan, PlanOfPiece } from "../../tokens/plan.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import {
  contentOf,
  fitContent,
  meanNotes,
  raisePlan,
  transposeContent,
  transposePlan,
  withDensity,
} from "./content.ts";
import { octavesToEnd } from "./ending.ts";
import { type FormBar, formOf, inMetre, PHRASE_BARS } from "./form.ts";
import {
  choosePassage,
  contentAt,
  type Donor,
  donorOf,
  type Passage,
  type Taken,
} from "./passages.ts";
import { resembling, SAME_CONTENT } from "./resembling.ts";

/** What a person asks of a plan. */
export interface FormWishes {
  /** Its key. */
  readonly key?: Key;
  /** Mean number of sounding notes, above 0, or a word for what is so in the corpus. */
  readonly density?: number | "sparse" | "medium" | "full";
  /** Semitones higher than it would be. */
  readonly register?: number;
  /** Steps of a bar. */
  readonly stepsPerBar?: number;
  /** Whether it comes to a close with its last bar, where the form's piece does. Default true. */
  readonly end?: boolean;
}

/** A plan for new music, and where it came from. */
export interface NewPlan {
  /** What the bars are to be like. */
  readonly plan: Plan;
  /** The piece whose form it has. */
  readonly form: PlanOfPiece;
  /** The pieces whose bars it is filled with, in order, without doubles. */
  readonly donors: readonly string[];
}

/** Words for densities are these quantiles of the mean densities of the corpus's pieces. */
const DENSITIES = { sparse: 0.1, medium: 0.5, full: 0.9 } as const;

/** Forms and donors are of pieces at most this many times as full, or as sparse, as asked for. */
const NEAR_DENSITY = 1.5;

/**
 * A new plan: the form (lengths of bars, which bars are alike, how dense) of one piece, its bars
 * filled with those of others, passage by passage, in one key and one metre. No piece's whole plan comes back.
 * Where there is one piece only, its own passages change places.
 * @param pieces plans of a corpus, at least one
 * @param count bars to make
 * @throws {Error} if a wish is out of range
 */
export function newPlan(
  pieces: readonly PlanOfPiece[],
  count: number,
  { key, density, register = 0, stepsPerBar, end = true }: FormWishes,
  grid: Grid,
  random: Random,
): NewPlan {
  const notes = density === undefined ? undefined : notesAskedFor(density, pieces);
  const donors = pieces.map(donorOf);
  const near = preferred(donors, [
    ({ plan }) => stepsPerBar === undefined || mainSteps(plan) === stepsPerBar,
    ({ plan }) => notes === undefined || isNear(meanNotes(plan), notes),
    (donor) => key === undefined || donor.key.mode === key.mode,
    ({ plan }) => plan.bars.length >= count / 2,
    ({ plan }) => plan.ends || !end,
  ]);
  const form = near[random.below(near.length)]!;
  const bars = inMetre(formOf(form.plan, count), stepsPerBar ?? mainSteps(form.plan));
  const others = preferred(donors.length > 1 ? donors.filter((one) => one !== form) : donors, [
    ({ plan }) => mainSteps(plan) === mainSteps({ bars }),
    ({ key: { mode } }) => mode === (key ?? form.key).mode,
    ({ plan }) => isNear(meanNotes(plan), notes ?? meanNotes(form.plan)),
    ({ plan }) => plan.bars.length >= 2 * PHRASE_BARS,
  ]);
  const ends = end && form.plan.ends;
  const filled = fill(bars, { ...form, key: key ?? form.key, ends }, others, grid, random);
  const plan = raisePlan({ bars: filled.bars, ends }, register);
  return {
    plan: notes === undefined ? plan : withDensity(plan, notes),
    form,
    donors: [...new Set(filled.taken.map(({ donor }) => donor.name))],
  };
}

/**
 * The plan of one piece, for a new piece in its form: whole, or as many bars of it as are asked for.
 * @throws {Error} if a wish is out of range, or asks for another metre
 */
export function planInFormOf(
  { plan, name }: PlanOfPiece,
  count: number | undefined,
  { key, density, register = 0, stepsPerBar, end = true }: FormWishes,
  pieces: readonly PlanOfPiece[],
): Plan {
  if (stepsPerBar !== undefined && stepsPerBar !== mainSteps(plan)) {
    throw new Error(`Cannot take the form of ${name} in another metre: leave out --metre`);
  }
  const ends = end && plan.ends;
  const cut = count === undefined ? { ...plan, ends } : {
    ends,
    bars: formOf(plan, count).map(({ from, ...bar }) => ({
      ...contentOf(plan.bars[from]!),
      ...bar,
    })),
  };
  const move = key === undefined ? 0 : moveBetween(keyOf(cut.bars), key);
  const moved = raisePlan(transposePlan(cut, move), register);
  if (density === undefined) return moved;
  return withDensity(moved, notesAskedFor(density, pieces.length > 0 ? pieces : [{ plan, name }]));
}

/** The length of most of a plan's bars, in steps. */
export function mainSteps({ bars }: { readonly bars: readonly Pick<BarPlan, "steps">[] }): number {
  const counts = new Map<number, number>();
  for (const { steps } of bars) counts.set(steps, (counts.get(steps) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}

/** Those that meet as many of the conditions, the first first, as at least one does. */
function preferred<T>(all: readonly T[], conditions: readonly ((one: T) => boolean)[]): T[] {
  return conditions.reduce((left, condition) => {
    const kept = left.filter(condition);
    return kept.length > 0 ? kept : left;
  }, [...all]);
}

function isNear(mean: number, notes: number): boolean {
  return mean <= notes * NEAR_DENSITY && mean >= notes / NEAR_DENSITY;
}

function notesAskedFor(
  density: number | "sparse" | "medium" | "full",
  pieces: readonly PlanOfPiece[],
): number {
  if (typeof density === "number") {
    if (density > 0 && density <= 128) return density;
    throw new RangeError(`Cannot use density ${density}: needed above 0 and at most 128 notes`);
  }
  return quantile(pieces.map(({ plan }) => meanNotes(plan)), DENSITIES[density])!;
}

/** Fills the bars of a form, phrase by phrase, in a key and with an end or without. */
function fill(
  form: readonly FormBar[],
  { name, plan: { bars: old }, key, ends }: Donor & { readonly ends: boolean },
  donors: readonly Donor[],
  grid: Grid,
  random: Random,
): { bars: BarPlan[]; taken: Taken[] } {
  const bars: BarPlan[] = [], taken: Taken[] = [];
  const sources: (Passage | undefined)[] = []; // per bar, the one that it has the content of
  for (const [at, length] of phrasesOf(form.length, random)) {
    const span = form.slice(at, at + length);
    const passage = choosePassage(donors, {
      bars: span.map(({ from }) => old[from]!),
      at,
      ends: ends && at + length === form.length,
      key,
      before: bars.at(-1),
      taken,
      forbidden: { name, from: span[0]!.from },
    }, random);
    for (const [index, bar] of span.entries()) {
      add(bar, { ...passage, from: passage.from + index }, ends && at + index === form.length - 1);
    }
    const isNew = span.some(({ like }) => !like || like.degree < SAME_CONTENT);
    if (isNew) taken.push({ ...passage, bars: length });
  }
  return { bars, taken };

  function add({ frames, steps, like: asked, from }: FormBar, own: Passage, isLast: boolean): void {
    const like = isLast ? null : asked; // the end is its donor's, whatever the form's is like
    const octaves = isLast ? octavesToEnd(contentAt(own, 0), bars) : 0;
    const source = { ...own, transpose: own.transpose + octaves };
    const content = resembling(contentAt(source, 0), bars, like, {
      was: like ? old[form[like.bar]!.from]!.onsets : undefined,
      now: old[from]!.onsets,
    });
    const bar = { frames, steps, ...fitContent(content, { frames, steps }, grid) };
    bars.push({
      ...bar,
      like: possible(like, bar, bars) ?? possible(likeInDonor(source, sources), bar, bars),
    });
    sources.push(like && like.degree >= SAME_CONTENT ? undefined : source);
  }
}

/** Where phrases begin and how long they are: one or two times four bars, the last one shorter. */
function phrasesOf(count: number, random: Random): [at: number, length: number][] {
  const phrases: [number, number][] = [];
  const last = count > 2 * PHRASE_BARS && count % PHRASE_BARS === 0 ? PHRASE_BARS : 0;
  for (let at = 0; at < count;) {
    const longest = random.below(2) === 0 ? PHRASE_BARS : 2 * PHRASE_BARS;
    const left = at < count - last ? count - last - at : count - at;
    const length = left - longest === 1 ? left - 2 : Math.min(left, longest);
    phrases.push([at, Math.max(1, length)]);
    at += Math.max(1, length);
  }
  return phrases;
}

/** What a donor's bar is like there, where the bars so far have that one. */
function likeInDonor(
  { donor, from, transpose }: Passage,
  sources: readonly (Passage | undefined)[],
): FormBar["like"] {
  const like = donor.plan.bars[from]?.like;
  if (!like) return null;
  const bar = sources.findLastIndex((one) => one?.donor === donor && one.from === like.bar);
  if (bar < 0) return null;
  const moved = like.transpose + transpose - sources[bar]!.transpose;
  return Math.abs(moved) > 12 ? null : { bar, degree: like.degree, transpose: moved };
}

/** The similarity that a bar can have, or null: it cannot be like one whose pitch classes it does not share. */
export function possible(
  like: FormBar["like"],
  bar: BarContent,
  bars: readonly BarPlan[],
): FormBar["like"] {
  if (!like) return null;
  const earlier = transposeContent(contentOf(bars[like.bar]!), like.transpose);
  const own = new Set(bar.classes?.flat()), theirs = new Set(earlier.classes?.flat());
  return jaccard(own, theirs) >= like.degree ? like : null;
}
