import type { Random } from "../../random.ts";
import { keyOf } from "../../tokens/find_key.ts";
import { type Key, keyFit, nearestMove } from "../../tokens/key.ts";
import { type BarMetre, isAlike, mainMetre, metreText } from "./metre.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { BarPlan, Plan, PlanOfPiece } from "../../tokens/plan.ts";
import {
  contentOf,
  fitContent,
  meanNotes,
  planInMode,
  raisePlan,
  transposePlan,
  withDensity,
} from "./content.ts";
import {
  contentAt,
  type Donor,
  donorOf,
  inMetreOrNearest,
  inMode,
  isNear,
  notesAskedFor,
  type Passage,
  preferred,
} from "./donors.ts";
import { closing, closingPlan, octavesToEnd } from "./ending.ts";
import { type Harmony, harmonyOf, learnHarmony, surprise } from "./harmony.ts";
import { type FormBar, formOf, inMetre, PHRASE_BARS } from "./form.ts";
import { sequenceOf } from "./joins.ts";
import { classesAround, type Taken } from "./passage_cost.ts";
import { choosePassage } from "./passages.ts";
import { likeInDonor, possible, resembling, SAME_CONTENT } from "./resembling.ts";

/** Requested properties of a new plan. */
export interface FormWishes {
  /** Key of the plan. */
  readonly key?: Key;
  /** Mean number of sounding notes, above 0, or a word relative to the corpus. */
  readonly density?: number | "sparse" | "medium" | "full";
  /** Semitones above the usual register. */
  readonly register?: number;
  /** Metre of the plan. */
  readonly metre?: BarMetre;
  /** Whether it closes with its last bar, where the form's piece does. Default true. */
  readonly end?: boolean;
}

/** A plan for new music, and its sources. */
export interface NewPlan {
  /** Plan of the bars. */
  readonly plan: Plan;
  /** The piece that provides the form. */
  readonly form: PlanOfPiece;
  /** The pieces that provide the bars' content, in order, each once. */
  readonly donors: readonly string[];
  /** Key of the plan and of its close. */
  readonly key: Key;
  /** Remark for the user, if any. */
  readonly remark?: string;
}

/**
 * A new plan: the form (bar lengths, similar bars, density) of one piece, its bars filled passage
 * by passage with those of others, in one key and one metre. No piece's whole plan returns. Where
 * there is only one piece, its own passages change places.
 * @param pieces plans of a corpus, at least one
 * @param count bars to make
 * @throws {Error} if a wish is out of range
 */
export function newPlan(
  pieces: readonly PlanOfPiece[],
  count: number,
  { key: asked, density, register = 0, metre, end = true }: FormWishes,
  grid: Grid,
  random: Random,
): NewPlan {
  const notes = density === undefined ? undefined : notesAskedFor(density, pieces);
  const all = pieces.map(donorOf);
  const donors = metre ? inMetreOrNearest(all, metre, grid) : all;
  const near = preferred(donors, [
    ({ plan }) => notes === undefined || isNear(meanNotes(plan), notes),
    ({ key: { mode } }) => asked === undefined || mode === asked.mode,
    ({ plan }) => plan.bars.length >= count / 2,
    ({ plan }) => plan.ends || !end,
  ]);
  const form = near[random.below(near.length)]!;
  const own = form.metre, bars = inMetre(formOf(form.plan, count), metre ?? own);
  const alike = donors.filter((one) => one !== form && isAlike(one.metre, own, grid));
  const key = asked ?? form.key;
  const others = preferred(alike.length > 0 ? alike : [form], [
    ({ key: { mode } }) => mode === key.mode,
    ({ plan }) => isNear(meanNotes(plan), notes ?? meanNotes(form.plan)),
    ({ plan }) => plan.bars.length >= 2 * PHRASE_BARS,
  ]).map((donor) => inMode(donor, key.mode));
  const ends = end && form.plan.ends;
  const harmony = learnHarmony(pieces, all);
  const filled = fill(bars, form, { key, ends }, others, harmony, grid, random);
  const plan = raisePlan({ bars: filled.bars, ends }, register);
  return {
    plan: notes === undefined ? plan : withDensity(plan, notes),
    form,
    donors: [...new Set(filled.taken.map(({ donor }) => donor.name))],
    key,
    ...(metre && !isAlike(own, metre, grid)
      ? {
        remark:
          `no piece of the model's corpus is in ${metreText(metre, grid)}; its bars are made ` +
          `of bars in ${metreText(own, grid)}`,
      }
      : {}),
  };
}

/**
 * The plan of one piece, for a new piece in its form: whole, or as many bars of it as requested.
 * @throws {Error} if a wish is out of range, or requests another metre
 */
export function planInFormOf(
  { plan, name }: PlanOfPiece,
  count: number | undefined,
  { key: asked, density, register = 0, metre, end = true }: FormWishes,
  grid: Grid,
  pieces: readonly PlanOfPiece[],
): { readonly plan: Plan; readonly key: Key } {
  const own = mainMetre(plan);
  if (metre && !isAlike(own, metre, grid)) {
    throw new Error(
      `Cannot take the form of ${name} in ${metreText(metre, grid)}: it is in ` +
        `${metreText(own, grid)}; leave out --metre`,
    );
  }
  const ends = end && plan.ends, ownKey = keyOf(plan.bars, plan.ends), key = asked ?? ownKey;
  const cut = count === undefined ? { ...plan, ends } : {
    ends,
    bars: formOf(plan, count).map(({ from, ...bar }) => ({
      ...contentOf(plan.bars[from]!),
      ...bar,
    })),
  };
  const inKey = transposePlan(
    planInMode(cut, ownKey, key.mode),
    nearestMove(ownKey.tonic, key.tonic),
  );
  const closed = asked && ends ? closingPlan(inKey, key) : inKey;
  const moved = raisePlan(closed, register);
  if (density === undefined) return { plan: moved, key };
  const notes = notesAskedFor(density, pieces.length > 0 ? pieces : [{ plan, name }]);
  return { plan: withDensity(moved, notes), key };
}

/** Fills the bars of a form, that of a piece, phrase by phrase in a key, with or without an end. */
function fill(
  form: readonly FormBar[],
  origin: Donor,
  { key, ends }: { readonly key: Key; readonly ends: boolean },
  donors: readonly Donor[],
  corpus: Harmony | null,
  grid: Grid,
  random: Random,
): { bars: BarPlan[]; taken: Taken[] } {
  const bars: BarPlan[] = [], taken: Taken[] = [];
  const sources: (Passage | undefined)[] = []; // per bar, the source of its content
  const { name, plan: { bars: old } } = origin;
  for (const [at, length] of phrasesOf(form.length, random)) {
    const span = form.slice(at, at + length);
    const harmony = bars.map(harmonyOf), isEnd = ends && at + length === form.length;
    const chosen = choosePassage(donors, {
      bars: span.map(({ from }) => old[from]!),
      at,
      ends: isEnd,
      key,
      sequence: sequenceOf(form, bars, at, length),
      // music in a key that was asked for stays in it
      ownKeyFit: key === origin.key ? keyFit(classesAround(origin, span[0]!.from, length), key) : 1,
      surprise: corpus &&
        ((passage, most) => surprise(corpus, passage, span, harmony, key, isEnd, most)),
      taken,
      forbidden: { name, from: span[0]!.from },
    }, random);
    const octaves = isEnd ? octavesToEnd(contentAt(chosen, 0), bars.at(-1)) : 0;
    const passage = { ...chosen, transpose: chosen.transpose + octaves };
    for (const [index, bar] of span.entries()) {
      add(bar, { ...passage, from: passage.from + index }, ends && at + index === form.length - 1);
    }
    const isNew = span.some(({ like }) => !like || like.degree < SAME_CONTENT);
    if (isNew) taken.push({ ...passage, bars: length });
  }
  return { bars, taken };

  function add(
    { frames, steps, signature, like: asked, from }: FormBar,
    own: Passage,
    isLast: boolean,
  ): void {
    const like = isLast ? null : asked; // the end is its donor's, whatever the form says
    const octaves = isLast ? octavesToEnd(contentAt(own, 0), bars.at(-1)) : 0;
    const source = { ...own, transpose: own.transpose + octaves };
    const lent = isLast ? closing(contentAt(source, 0), key) : contentAt(source, 0);
    const content = resembling(lent, bars, like, {
      was: like ? old[form[like.bar]!.from]!.onsets : undefined,
      now: old[from]!.onsets,
    });
    const length = { frames, steps, ...(signature ? { signature } : {}) };
    const bar = { ...length, ...fitContent(content, length, grid) };
    bars.push({
      ...bar,
      like: possible(like, bar, bars) ?? possible(likeInDonor(source, sources), bar, bars),
    });
    sources.push(like && like.degree >= SAME_CONTENT ? undefined : source);
  }
}

/** Starts and lengths of phrases: one or two times four bars, the last one shorter. */
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
