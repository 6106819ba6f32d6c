import type { Model } from "../model/model.ts";
import type { Sampling } from "../model/sampling.ts";
import { Random } from "../random.ts";
import { type Bar, barsOf, endOfBar } from "../tokens/bars.ts";
import type { Frame } from "../tokens/frame.ts";
import type { Plan } from "../tokens/plan.ts";
import { type Choice, choose } from "./choice.ts";
import { type Continuation, continueMusic } from "./continue.ts";
import type { Criteria } from "./judge/term.ts";
import type { Primer } from "./primer.ts";

/** Settings for choosing each bar among candidates. */
export interface BarChoice extends Omit<Criteria, "grid" | "plan" | "ranges" | "replaced"> {
  /** Candidates sampled for each bar, at least 1. */
  readonly of: number;
  /** Called each time a bar of a piece is chosen. */
  readonly onChoice?: (piece: number, choice: Choice) => void;
}

/**
 * Temperature factor of {@linkcode bolder} sampling, and the rounds of it at most: used where every
 * candidate bar is objected to, as happens with memorised music.
 */
const BOLDER = 1.5, BOLDER_ROUNDS = 2;

/** A piece in progress. */
interface Growing {
  frames: readonly Frame[];
  readonly random: Random;
}

/**
 * Continues from `start` bar by bar, several pieces side by side: each bar is sampled several
 * times, and the judge keeps one. A network follows a plan only approximately, and errors in one
 * bar carry over to the next.
 *
 * @param seeds one per piece; a piece does not depend on its neighbours
 * @returns the new frames of each piece
 */
export async function continueBarByBar(
  model: Model,
  start: Primer & { readonly plan: Plan },
  { seeds, length, sampling, stuckAfter, onFrame, onBar }:
    & Omit<Continuation, "lengths">
    & {
      readonly length: number;
      /** Called after each bar with the new frames of each piece so far. */
      readonly onBar?: (made: readonly (readonly Frame[])[]) => Promise<void> | void;
    },
  { of, onChoice, ...criteria }: BarChoice,
): Promise<Frame[][]> {
  const { grid } = model, { metres, plan } = start, first = start.frames.length;
  const judging: Criteria = { ...criteria, grid, plan };
  const bars = barsOf(metres, first + length, grid);
  const pieces = seeds.map((seed): Growing => ({ frames: start.frames, random: new Random(seed) }));
  for (const [index, bar] of bars.entries()) {
    if (endOfBar(bar) <= pieces[0]!.frames.length) continue;
    let left: readonly Growing[] = pieces, how = sampling;
    for (let round = 0; left.length > 0; round++, how = bolder(how)) {
      const sampled = await draw(left, bar, how);
      left = left.filter((piece, i) => {
        const whole = { metres, from: first, bars, first: index, last: index };
        const choice = choose(sampled[i]!.map((frames) => ({ ...whole, frames })), judging);
        const { verdicts, best } = choice;
        if (verdicts[best]!.hard > 0 && round < BOLDER_ROUNDS) return true;
        piece.frames = sampled[i]![best]!;
        onChoice?.(pieces.indexOf(piece), choice);
        return false;
      });
    }
    await onBar?.(pieces.map(({ frames }) => frames.slice(first)));
  }
  return pieces.map(({ frames }) => frames.slice(first));

  /** Frames of each piece so far, extended by each candidate for the next bar. */
  async function draw(
    growing: readonly Growing[],
    bar: Bar,
    sampling: Sampling,
  ): Promise<(readonly Frame[])[][]> {
    const from = growing[0]!.frames.length, made = from - first;
    const drawn = await continueMusic(
      model,
      growing.flatMap(({ frames }) => repeated(of, { ...start, frames, made })),
      {
        sampling,
        stuckAfter,
        lengths: repeated(of * growing.length, endOfBar(bar) - from),
        seeds: growing.flatMap(({ random }) => Array.from({ length: of }, () => random.bits())),
        onFrame: (done) => onFrame?.(made + done, length),
      },
    );
    return growing.map(({ frames }, i) =>
      drawn.slice(of * i, of * (i + 1)).map((more) => [...frames, ...more])
    );
  }
}

function repeated<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

/** Sampling at a higher temperature, without truncation to likely frames or to the plan. */
function bolder(sampling: Sampling): Sampling {
  return {
    ...sampling,
    temperature: sampling.temperature * BOLDER,
    topK: 0,
    topP: 1,
    rules: sampling.rules?.filter((rule) => rule !== "as-planned") ?? [],
  };
}
