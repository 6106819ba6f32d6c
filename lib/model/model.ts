import type { Random } from "../random.ts";
import type { Frame } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import type { Plan } from "../tokens/plan.ts";
import type { Sampling } from "./sampling.ts";

/** Context that a model continues; frames may be appended to it between calls, none replaced. */
export interface Past extends Piece {
  /**
   * Plan of the piece, bar by bar from its first frame on, including the frames to come. Without a
   * plan, or beyond its end, a model that knows plans is free; other models ignore it.
   */
  readonly plan?: Plan;
  /**
   * The frames with which it begins; the same array where several continue the same music, so that
   * these need not be compared.
   */
  readonly primer?: readonly Frame[];
}

/** The architectures. */
export type ModelKind = "combination" | "pitchwise";

// Constraints on a pitch in a frame to be sampled.
export { ENDS, FREE, OFF, STAYS, STRUCK } from "./pitchwise/kernels/fields.ts";

/** Constrained sampling, and scoring of a segment of music. */
export interface ByPitch {
  /**
   * Samples the next frame of every piece, as {@linkcode Model.next} does, with constraints on some
   * pitches.
   * @param constraints per piece, the constraint on each of the 128 pitches: {@linkcode FREE},
   *   {@linkcode OFF}, {@linkcode STRUCK}, {@linkcode STAYS} where it sounded before, or
   *   {@linkcode ENDS}: free, but not held
   * @returns the frames, and the ln probability of the constraints under the unconstrained model,
   *   each pitch conditional on those below it: the importance weight that corrects the samples to
   *   the model's own distribution (importance sampling, at temperature 1)
   */
  next(
    pasts: readonly Past[],
    sampling: Sampling,
    randoms: readonly Random[],
    constraints: readonly Uint8Array[],
  ): { readonly frames: Frame[]; readonly logWeights: Float64Array };
  /**
   * Conditional ln P of each frame from `from` on, at least 1, to the piece's end, given those
   * before, in nats; a plan is taken into account.
   */
  judge(pieces: readonly Past[], from: number): Float64Array[];
}

/** Interface of a model for sampling, generation and evaluation: the next frame's distribution. */
export interface Model {
  /** Architecture. */
  readonly kind: ModelKind;
  /** Grid of the training corpus. */
  readonly grid: Grid;
  /** Context length in frames. */
  readonly window: number;
  /** Number of trainable parameters. */
  readonly parameters: number;
  /**
   * ln P(frame t | the frames before it) for t = 1 … T−1 of a piece of T frames, in nats, at
   * temperature 1: T−1 values, −Infinity where the model gives the frame probability zero.
   */
  logProbabilities(piece: Piece): Float64Array;
  /**
   * Samples the next frame of every piece in `pasts` (a batch is faster than one by one).
   * @param randoms one generator per piece, so that a piece does not depend on its neighbours
   * @param avoid per piece, a frame that must not be sampled, or undefined: the guard against
   *   repetition
   * @param constraints per piece, the constraint on each of the 128 pitches, as in
   *   {@linkcode ByPitch.next}; undefined: none. A model that does not decide pitch by pitch
   *   ignores them
   */
  next(
    pasts: readonly Past[],
    sampling: Sampling,
    randoms: readonly Random[],
    avoid?: readonly (Frame | undefined)[],
    constraints?: readonly (Uint8Array | undefined)[],
  ): Frame[];
  /** Operations of pitch-by-pitch models only; undefined for other models. */
  readonly byPitch?: ByPitch;
  /** Frees the weights; the model cannot be used afterwards. */
  dispose(): void;
}
