import type { Model, Sampling } from "../model/model.ts";
import { Random } from "../random.ts";
import { chordDistance } from "../harmony/fit.ts";
import { type Bar, barsOf, endOfBar, framesOf, stepsPerBeat } from "../tokens/bars.ts";
import type { Frame } from "../tokens/frame.ts";
import { keyOf } from "../tokens/find_key.ts";
import type { Plan } from "../tokens/plan.ts";
import { barPlansOf } from "../tokens/plan_of.ts";
import { distanceOfBars } from "../tokens/qualities.ts";
import { copiedBeats, type CopyCheck } from "./candidates.ts";
import { type Continuation, continueMusic } from "./continue.ts";
import type { Discriminator } from "./discriminator.ts";
import { OPEN_END, openness } from "./plan/ending.ts";
import type { Primer } from "./primer.ts";

/** How each bar is chosen. */
export interface BarChoice extends CopyCheck {
  /** How many are drawn for each that is kept, at least 1. */
  readonly of: number;
  /** What knows how much a bar sounds like the model's, and how much that counts beside its plan. */
  readonly discriminator?: { readonly of: Discriminator; readonly weight: number } | undefined;
}

/** How much it counts that a bar is not heard as its chords. */
const CHORD = 3;

/** A bar that goes on with a copy is farther from its plan than any other. */
const COPIED = 100;

/** Copies are looked for in so many beats: in slow music few notes stand there, and few are no copy. */
const COPY_WINDOW = 24;

/**
 * Where all bars drawn go on with one, as happens to music that is learned by heart, others are drawn
 * {@linkcode bolder}, at so many times the temperature, and again.
 */
const BOLDER = 1.5, BOLDER_ROUNDS = 2;

/** A piece on its way. */
interface Growing {
  frames: readonly Frame[];
  readonly random: Random;
}

/**
 * Lets a model go on from `start` bar by bar, a few times side by side: each bar is drawn several
 * times, and the one nearest to its plan is kept, if it does not go on with a copy. A network follows
 * a plan only by and large, and each bar that goes astray leads the next ones astray.
 *
 * @param seeds one for each piece; a piece does not depend on its neighbours
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
  { of, discriminator, ...copying }: BarChoice,
): Promise<Frame[][]> {
  const { grid } = model, { metres, plan } = start, first = start.frames.length;
  const copyWindow = Math.ceil((COPY_WINDOW + copying.mostCopied) * stepsPerBeat(grid));
  const bars = barsOf(metres, first + length, grid);
  const pieces = seeds.map((seed): Growing => ({ frames: start.frames, random: new Random(seed) }));
  for (const [index, bar] of bars.entries()) {
    if (endOfBar(bar) <= pieces[0]!.frames.length) continue;
    let left: readonly Growing[] = pieces, how = sampling;
    for (let round = 0; left.length > 0; round++, how = bolder(how)) {
      const nearest = (await draw(left, bar, how)).map((ways) =>
        ways.map((frames) => ({ frames, wrong: wrongOf(frames, index) }))
          .reduce((best, one) => one.wrong < best.wrong ? one : best)
      );
      const isKept = (i: number) => nearest[i]!.wrong < COPIED || round === BOLDER_ROUNDS;
      for (const [i, piece] of left.entries()) if (isKept(i)) piece.frames = nearest[i]!.frames;
      left = left.filter((_, i) => !isKept(i));
    }
    await onBar?.(pieces.map(({ frames }) => frames.slice(first)));
  }
  return pieces.map(({ frames }) => frames.slice(first));

  /** For each piece, as it would be with each of the ways drawn to go on with a bar. */
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

  /** How little the last bar of a piece on its way is what it is to be. */
  function wrongOf(frames: readonly Frame[], index: number): number {
    const asked = plan.bars[index],
      [made] = barPlansOf(frames, bars.slice(0, index + 1), index, grid);
    const chords = asked?.chords
      ? CHORD * chordDistance(framesOf(frames, bars[index]!), asked.chords)
      : 0;
    const far = chords + (asked ? distanceOfBars(made!, asked) : 0);
    const isEnd = plan.ends && index === bars.length - 1;
    const open = isEnd ? OPEN_END * openness(frames, grid.attacks, keyOf(plan.bars)) : 0;
    const from = Math.max(first, bars[index]!.start - copyWindow);
    const copied = copiedBeats(frames.slice(from), copying);
    const odd = discriminator ? discriminator.weight * discriminator.of(frames, bars, index) : 0;
    return far + open + odd + (copied > 0 ? COPIED : 0);
  }
}

function repeated<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

/** Sampling that is held neither to what is likely nor to the plan. */
function bolder(sampling: Sampling): Sampling {
  return {
    temperature: sampling.temperature * BOLDER,
    topK: 0,
    topP: 1,
    rules: sampling.rules?.filter((rule) => rule !== "as-planned") ?? [],
  };
}
