import type { Model } from "../model/model.ts";
import { Random } from "../random.ts";
import { type Bar, barsOf, stepsPerBeat } from "../tokens/bars.ts";
import type { Frame } from "../tokens/frame.ts";
import { keyOf } from "../tokens/key.ts";
import { barPlansOf, type Plan } from "../tokens/plan.ts";
import type { CopyFinder } from "./candidates.ts";
import { type Continuation, continueMusic } from "./continue.ts";
import { OPEN_END, openness } from "./ending.ts";
import { distanceOfBars } from "./planning.ts";
import type { Primer } from "./primer.ts";

/** How each bar is chosen. */
export interface BarChoice {
  /** How many are drawn for each that is kept, at least 1. */
  readonly of: number;
  /** Beats in a row that may stand in the training music, in any key. */
  readonly mostCopied: number;
  /** Undefined where nothing is known of the training music. */
  readonly copies?: CopyFinder | undefined;
}

/** A bar that goes on with a copy is farther from its plan than any other. */
const COPIED = 100;

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
  { seeds, length, onFrame, ...how }:
    & Omit<Continuation, "lengths">
    & { readonly length: number },
  { of, mostCopied, copies }: BarChoice,
): Promise<Frame[][]> {
  const { grid } = model, { metres, plan } = start, first = start.frames.length;
  const copiedFrames = Math.ceil(mostCopied * stepsPerBeat(grid));
  const bars = barsOf(metres, first + length, grid);
  const randoms = seeds.map((seed) => new Random(seed));
  let pieces = seeds.map((): readonly Frame[] => start.frames);
  for (const [index, bar] of bars.entries()) {
    const from = pieces[0]!.length, end = bar.start + bar.frames;
    if (end <= from) continue;
    const before = from - first;
    const drawn = await continueMusic(
      model,
      pieces.flatMap((frames) => repeated(of, { ...start, frames, made: before })),
      {
        ...how,
        lengths: repeated(of * pieces.length, end - from),
        seeds: randoms.flatMap((random) => Array.from({ length: of }, () => random.bits())),
        onFrame: (done) => onFrame?.(before + done, length),
      },
    );
    pieces = pieces.map((frames, piece) => {
      const ways = drawn.slice(of * piece, of * (piece + 1)).map((more) => [...frames, ...more]);
      return nearest(ways, (way) => wrongOf(way, bar, index));
    });
  }
  return pieces.map((frames) => frames.slice(first));

  function wrongOf(frames: readonly Frame[], bar: Bar, index: number): number {
    const asked = plan.bars[index];
    const far = asked
      ? distanceOfBars(barPlansOf({ frames }, bars.slice(0, index + 1), index, grid)[0]!, asked)
      : 0;
    const isEnd = plan.ends && index === bars.length - 1;
    const open = isEnd ? OPEN_END * openness(frames, grid.attacks, keyOf(plan.bars)) : 0;
    const from = Math.max(first, bar.start - copiedFrames);
    const copied = copies?.longest(frames.slice(from))?.beats ?? 0;
    return far + open + (copied > mostCopied ? COPIED : 0);
  }
}

function repeated<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

/** The first of those that `distance` is least of. */
function nearest(
  all: readonly (readonly Frame[])[],
  distance: (one: readonly Frame[]) => number,
): readonly Frame[] {
  let best = all[0]!, least = Infinity;
  for (const one of all) {
    const apart = distance(one);
    if (apart < least) [best, least] = [one, apart];
  }
  return best;
}
