import type { Model } from "../model/model.ts";
import type { Sampling } from "../model/sampling.ts";
import { Random } from "../random.ts";
import { type Bar, barsOf, endOfBar, stepsPerBeat } from "../tokens/bars.ts";
import type { Frame } from "../tokens/frame.ts";
import type { Plan } from "../tokens/plan.ts";
import { type Choice, choose } from "./judge/choice.ts";
import { type Continuation, continueMusic } from "./continue.ts";
import { ranking } from "./judge/judge.ts";
import type { Criteria } from "./judge/term.ts";
import { contentOf, fitContent } from "./plan/content.ts";
import type { Primer } from "./primer.ts";

/** Settings for choosing each bar among candidates. */
export interface BarChoice extends Omit<Criteria, "grid" | "plan" | "ranges" | "replaced"> {
  /** Candidates sampled for each bar, at least 1. */
  readonly of: number;
  /** Called each time a bar of a piece is chosen. */
  readonly onChoice?: (piece: number, choice: Choice) => void;
}

/**
 * Temperature factor of {@linkcode bolder} sampling, and the maximum number of its rounds; used
 * where there are objections to every candidate bar, as happens with memorised music.
 */
const BOLDER = 1.5, BOLDER_ROUNDS = 2;

/**
 * Share of the candidates that are sampled beyond the middle of their bar, the best ones so far (as
 * in sequential halving: Karnin, Koren and Somekh 2013; but dropping half of them would lose too
 * many of the best bars); fewest candidates and fewest remaining beats of a bar at which any are
 * dropped.
 */
const BEYOND_MIDDLE = 2 / 3, LEAST_HALVED = 4, LEAST_BEATS = 2;

/** A piece in progress. */
interface Growing {
  frames: readonly Frame[];
  readonly random: Random;
}

/**
 * Continues from `start` bar by bar, several pieces side by side: each bar is sampled several
 * times, and the judge keeps one; in the middle of the bar, it drops the worst third of the
 * candidates. A network follows a plan only approximately, and errors in one bar carry over to the
 * next.
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
      const sampled = await draw(left, index, how);
      left = left.filter((piece, i) => {
        const choice = choose(judged(sampled[i]!, bars, index), judging);
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

  /** Music of candidates, to be judged by one of its bars. */
  function judged(candidates: readonly (readonly Frame[])[], bars: readonly Bar[], index: number) {
    const whole = { metres, from: first, bars, first: index, last: index };
    return candidates.map((frames) => ({ ...whole, frames }));
  }

  /** Frames of each piece so far, extended by each candidate for a bar that was not dropped. */
  async function draw(
    growing: readonly Growing[],
    index: number,
    sampling: Sampling,
  ): Promise<(readonly Frame[])[][]> {
    const from = growing[0]!.frames.length, bar = bars[index]!, end = endOfBar(bar);
    const middle = middleOf(bar, from), begun = growing.map(({ frames }) => repeated(of, frames));
    if (middle === undefined) return await extended(growing, begun, end, sampling);
    const halves = await extended(growing, begun, middle, sampling);
    return await extended(growing, bestSoFar(halves, index, middle), end, sampling);
  }

  /** Frame at which the worse candidates for a bar are dropped, if any are. */
  function middleOf(bar: Bar, from: number): number | undefined {
    const beat = stepsPerBeat(grid), beats = (endOfBar(bar) - from) / beat;
    if (of < LEAST_HALVED || beats < LEAST_BEATS) return undefined;
    return from + Math.round(beat * Math.ceil(beats / 2));
  }

  /** The best of each piece's candidates for a bar, by what is known in its middle. */
  function bestSoFar(
    candidates: readonly (readonly (readonly Frame[])[])[],
    index: number,
    middle: number,
  ): (readonly Frame[])[][] {
    const half = { ...bars[index]!, frames: middle - bars[index]!.start };
    const begun = bars.with(index, half), asked = plan.bars[index];
    const halfPlan = asked &&
      { ...asked, ...fitContent(contentOf(asked), half, grid), frames: half.frames };
    const halfway: Criteria = {
      ...judging,
      plan: halfPlan ? { ends: false, bars: plan.bars.with(index, halfPlan) } : plan,
      discriminator: undefined,
    };
    return candidates.map((own) => {
      const { verdicts } = choose(judged(own, begun, index), halfway);
      const kept = ranking(verdicts).slice(0, Math.ceil(BEYOND_MIDDLE * own.length));
      return kept.sort((a, b) => a - b).map((at) => own[at]!);
    });
  }

  /** Candidates of each piece, sampled up to a frame. */
  async function extended(
    growing: readonly Growing[],
    candidates: readonly (readonly (readonly Frame[])[])[],
    end: number,
    sampling: Sampling,
  ): Promise<(readonly Frame[])[][]> {
    const all = candidates.flatMap((own, i) =>
      own.map((frames) => ({ frames, piece: growing[i]! }))
    );
    const from = all[0]!.frames.length, made = from - first;
    const drawn = await continueMusic(
      model,
      all.map(({ frames, piece }) => ({ ...start, frames, shared: piece.frames, made })),
      {
        sampling,
        stuckAfter,
        lengths: repeated(all.length, end - from),
        seeds: all.map(({ piece }) => piece.random.bits()),
        onFrame: (done) => onFrame?.(made + done, length),
      },
    );
    const grown = all.map(({ frames }, i) => [...frames, ...drawn[i]!]);
    return candidates.map(({ length }) => grown.splice(0, length));
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
