import type { PieceRecipe } from "../generate/recipe.ts";
import { chordsFrom, withChords } from "../generate/plan/chords.ts";
import { parseChords } from "../harmony/chord_text.ts";
import { keyOfChords } from "../harmony/scale.ts";
import { planAfter } from "../generate/after_primer.ts";
import { newPlan } from "../generate/plan/new_plan.ts";
import { samplingOf } from "../model/sampling.ts";
import { sum } from "../numbers.ts";
import { Random } from "../random.ts";
import { barsOf } from "../tokens/bars.ts";
import { encodeCombination } from "../tokens/combination.ts";
import { endOf } from "../tokens/excerpt.ts";
import { keyOf } from "../tokens/find_key.ts";
import { classCounts, type Key, keyFit, keyName } from "../tokens/key.ts";
import type { Framed } from "../tokens/piece.ts";
import { type BarPlan, type Plan, upbeatBars } from "../tokens/plan.ts";
import { planOf } from "../tokens/plan_of.ts";
import type { PagePlayer } from "./model.ts";
import type { Effort } from "./pace.ts";

/** The music before an answer. */
export interface Heard extends Framed {
  /** Number of the last bars that form the phrase to be answered, at least 1. */
  readonly phraseBars: number;
  /** Metre of the answer. */
  readonly metre: Pick<BarPlan, "steps" | "signature">;
  /** Quarter notes per minute. */
  readonly beatsPerMinute: number;
}

/** A player's preferences for answers. */
export interface AnswerWishes {
  /** −1 calmer: fewer notes, likelier ones; 1 bolder. */
  readonly boldness: -1 | 0 | 1;
  /** Similarity of answers to the phrase, 0 to 1. */
  readonly follow: number;
  /**
   * Chords, one per bar: the answer follows them instead of the phrase, and is as long as they are,
   * up to the longest answer. Empty: none.
   */
  readonly chords: string;
  /** Whether the music should close. */
  readonly ends: boolean;
  readonly effort: Effort;
  readonly seed: number;
}

/** Longest answer in bars. */
const MOST_BARS = 8;

/** Most bars before an answer in its recipe: the model's window. */
const CONTEXT_BARS = 32;

/**
 * Range of the similarity between a phrase and the bars that take it up, as a share of their notes.
 */
const LIKENESS = [0.3, 0.7] as const;

/** Sampling of calmer and bolder answers. */
const MANNERS = {
  [-1]: { temperature: 0.8, density: "sparse" },
  0: { temperature: 0.9, density: undefined },
  1: { temperature: 1.05, density: "full" },
} as const;

/**
 * The recipe of an answer: in the key and metre of the phrase, of about its length, planned from
 * the plans of the corpus; some of its bars, preferably the first and the last, take up bars of the
 * phrase.
 */
export function answerRecipe(
  heard: Heard,
  { boldness, follow, chords, ends, effort, seed }: AnswerWishes,
  player: PagePlayer,
): { readonly recipe: PieceRecipe; readonly key: Key } {
  const { grid } = player.model, random = new Random(seed);
  const bars = barsOf(heard.metres, heard.frames.length, grid);
  const phraseBars = Math.min(heard.phraseBars, bars.length);
  const context = bars.slice(-Math.max(CONTEXT_BARS, phraseBars));
  const past = {
    ...endOf({ name: "", ...heard }, heard.frames.length - context[0]!.start),
    written: 0,
  };
  const said = planOf(past, grid).bars.slice(-phraseBars), played = keyOf(said);
  const beatsPerBar = heard.metre.signature?.[0] ?? Math.round(heard.metre.steps / grid.steps);
  const sheet = chords.trim() && parseChords(chords, { key: played, beatsPerBar });
  const key = sheet ? keyOfChords(sheet.bars.flat().map(({ chord }) => chord)) : played;
  const count = Math.min(MOST_BARS, sheet ? sheet.bars.length : soundingBars(said));
  const { temperature, density } = MANNERS[boldness];
  const wishes = { key, metre: heard.metre, end: ends, density };
  const made = Array.from({ length: effort.plans }, () => {
    return newPlan(player.plans, count, wishes, grid, random);
  }).sort((a, b) => suits(b.plan, said, key) - suits(a.plan, said, key))[0]!;
  const plan = sheet
    ? withChords(made.plan, chordsFrom(sheet.bars, upbeatBars(made.plan)), beatsPerBar, grid)
    : made.plan;
  const after = planAfter(past, plan, grid);
  return {
    key,
    recipe: {
      kind: "recipe",
      formatVersion: 2,
      model: player.name,
      start: { frames: past.frames.map(encodeCombination), metres: after.metres, written: 0 },
      dropPrimer: true,
      frames: after.frames,
      plan: sheet ? after.plan : following(after.plan, said, count, follow),
      form: `answer in ${keyName(key)}, bars of ${made.donors.join(", ")}`,
      sampling: samplingOf({ temperature }, "planned"),
      stuckAfter: STUCK_BEATS * grid.steps,
      seed,
      barCandidates: effort.candidates,
      mostCopied: MOST_COPIED,
      ...(player.discriminator ? { discriminator: DISCRIMINATOR } : {}),
      beatsPerMinute: heard.beatsPerMinute,
      velocity: Math.round(player.style.meanVelocity),
      touch: 1,
      title: `Answer by ${player.name.name}`,
      midi: "",
    },
  };
}

/** Defaults of `generate`. */
const STUCK_BEATS = 8, MOST_COPIED = 6, DISCRIMINATOR = 0.4;

/** Number of bars up to the last one with an onset: the rest before an answer is no part of a phrase. */
function soundingBars(bars: readonly BarPlan[]): number {
  return Math.max(1, 1 + bars.findLastIndex(({ onsets }) => onsets?.some((count) => count > 0)));
}

/** Fitness of a plan for a phrase: its key, and the pitch classes in common. */
function suits({ bars }: Plan, said: readonly BarPlan[], key: Key): number {
  const own = classCounts(bars), theirs = classCounts(said);
  const share = (counts: readonly number[], at: number) => counts[at]! / Math.max(1, sum(counts));
  return keyFit(own, key) +
    sum(own.map((_, at) => Math.min(share(own, at), share(theirs, at))));
}

/**
 * A plan whose last `count` bars take up those of the phrase before them, as many as are to follow
 * it: its rhythm and pitch classes, and some of its notes.
 */
function following(
  plan: Plan,
  said: readonly BarPlan[],
  count: number,
  follow: number,
): Plan {
  const first = plan.bars.length - count, phrase = first - said.length;
  const order = Array.from({ length: count }, (_, k) => k)
    .sort((a, b) => Number(b === 0 || b === count - 1) - Number(a === 0 || a === count - 1));
  const taken = new Set(order.slice(0, Math.round(follow * count)));
  const degree = LIKENESS[0] + (LIKENESS[1] - LIKENESS[0]) * follow;
  return {
    ...plan,
    bars: plan.bars.map((bar, index) => {
      const k = index - first, own = said[k];
      const isLast = plan.ends && index === plan.bars.length - 1;
      if (!own || !taken.has(k) || isLast || own.frames !== bar.frames) return bar;
      const like = { bar: phrase + k, degree, transpose: 0 };
      return { ...bar, like, onsets: own.onsets, classes: own.classes };
    }),
  };
}
