import type { Model, Past } from "../model/model.ts";
import type { Sampling } from "../model/sampling.ts";
import { Random } from "../random.ts";
import { type Frame, REST, sameFrame } from "../tokens/frame.ts";
import type { Plan } from "../tokens/plan.ts";
import { chordConstraints } from "./chord_constraints.ts";
import type { Primer } from "./primer.ts";

/** Settings for continuing music. */
export interface Continuation {
  readonly sampling: Sampling;
  /** New frames of each piece. */
  readonly lengths: readonly number[];
  /** One sampling seed per piece. */
  readonly seeds: readonly number[];
  /**
   * Equal frames in a row after which a different one must follow, and twice the longest loop in
   * frames; 0: any number.
   */
  readonly stuckAfter: number;
  /** Called after each frame with the number of frames done. */
  readonly onFrame?: (done: number, total: number) => Promise<void> | void;
}

/** The music to continue from. */
export interface Start extends Primer {
  /** Plan of each bar, from the first frame on. */
  readonly plan?: Plan | null;
  /** Number of the last frames that the model made itself. Default 0. */
  readonly made?: number;
  /**
   * The frames that it has in common with other starts, the same array for each. Default: all.
   */
  readonly shared?: readonly Frame[];
}

/**
 * Continues from each of `starts`, all of them at once.
 * @returns the new frames of each piece
 */
export async function continueMusic(
  model: Model,
  starts: readonly Start[],
  { sampling, lengths, seeds, stuckAfter, onFrame }: Continuation,
): Promise<Frame[][]> {
  const constraints = new Map(
    Array.from(
      new Set(starts.map(({ plan }) => plan)),
      (plan) => [plan, plan ? chordConstraints(plan, model.grid) : undefined],
    ),
  );
  const pieces = starts.map((start, index) => {
    const { frames, metres, written, plan, made = 0, shared = frames } = start;
    const grown: Frame[] = [...frames];
    return {
      piece: {
        name: `${index + 1}`,
        frames: grown,
        metres,
        plan: plan ?? undefined,
        primer: shared,
      } as Past,
      grown,
      given: frames.length,
      primer: frames.length - made,
      audible: made > 0 || frames.slice(frames.length - written).some(({ length }) => length > 0),
      random: new Random(seeds[index]!),
      length: lengths[index]!,
      constraints: constraints.get(plan),
    };
  });
  const rules = new Set(sampling.rules);
  const total = Math.max(0, ...lengths);
  for (let done = 0; done < total; done++) {
    const playing = pieces.filter(({ length }) => done < length);
    const frames = model.next(
      playing.map(({ piece }) => piece),
      sampling,
      playing.map(({ random }) => random),
      playing.map(({ grown, primer, audible }) =>
        rules.has("begin-at-once") && done === 0 && !audible
          ? REST
          : rules.has("no-standstill")
          ? stuckFrame(grown, primer, stuckAfter)
          : undefined
      ),
      playing.map(({ grown, constraints }) => constraints?.(grown.length)),
    );
    for (const [index, { grown }] of playing.entries()) grown.push(frames[index]!);
    await onFrame?.(done + 1, total);
  }
  return pieces.map(({ grown, given }) => grown.slice(given));
}

/**
 * The frame that must not come next: the one that has stood for `limit` frames, or the one that
 * would continue a loop of at most half as many frames that has been repeated for twice as long.
 */
function stuckFrame(frames: readonly Frame[], from: number, limit: number): Frame | undefined {
  if (limit <= 0) return undefined;
  const made = frames.length - from;
  for (let period = 1; period <= Math.max(1, limit / 2); period++) {
    const long = period === 1 ? limit : 2 * limit;
    if (made < long) return undefined;
    let same = period;
    while (same < long && sameFrame(frames.at(-same - 1)!, frames.at(-same - 1 + period)!)) same++;
    if (same >= long) return frames.at(-period);
  }
  return undefined;
}
