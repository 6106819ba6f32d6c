import type { Random } from "../random.ts";
import type { Frame } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import type { Plan } from "../tokens/plan.ts";
import type { SamplingRule } from "./rules.ts";

/** How the next frame is drawn from the distribution that a model gives. */
export interface Sampling {
  /** Above 0; below 1 the likely becomes likelier, above 1 rarer. 1: the model as it is. */
  readonly temperature: number;
  /** Only the K likeliest choices are drawn from; 0: all. */
  readonly topK: number;
  /** Only the likeliest choices that together have this probability, above 0, at most 1; 1: all. */
  readonly topP: number;
  /** Rules that act beside the model's chances; default: none. */
  readonly rules?: readonly SamplingRule[];
}

/** Music that a model goes on from. */
export interface Past extends Piece {
  /**
   * What the piece is to be like, bar by bar from its first frame on, the frames to come included.
   * Without, or beyond its end, a model that knows plans is free; a model that knows none ignores it.
   */
  readonly plan?: Plan;
}

/** The architectures. */
export type ModelKind = "combination" | "pitchwise";

// What is given of a pitch in a frame that is to be drawn.
export { ENDS, FREE, OFF, STAYS, STRUCK } from "./pitchwise/kernels/fields.ts";

/** Drawing with something given, and judging a stretch of music. */
export interface ByPitch {
  /**
   * Draws the next frame of every piece, as {@linkcode Model.next} does, where some pitches are given.
   * @param givens per piece, for each of the 128 pitches what is given of it: {@linkcode FREE},
   *   {@linkcode OFF}, {@linkcode STRUCK}, {@linkcode STAYS} where it sounded before, or
   *   {@linkcode ENDS}: free, but not held
   * @returns the frames, and ln of the chance that the model itself would have given what is given,
   *   each pitch after those below it: the weight that makes such draws the model's own (importance
   *   sampling, at temperature 1)
   */
  next(
    pasts: readonly Past[],
    sampling: Sampling,
    randoms: readonly Random[],
    givens: readonly Uint8Array[],
  ): { readonly frames: Frame[]; readonly logWeights: Float64Array };
  /**
   * ln P of each of the frames from `from` on, at least 1, to the piece's end, given those before, in
   * nats; a plan is listened to.
   */
  judge(pieces: readonly Past[], from: number): Float64Array[];
}

/** What sampling, generation and evaluation know of a model: the next frame's distribution. */
export interface Model {
  /** Which of the architectures this is. */
  readonly kind: ModelKind;
  /** The grid of the corpus that it was trained on. */
  readonly grid: Grid;
  /** How many past frames it looks at. */
  readonly window: number;
  /** Trainable numbers in all. */
  readonly parameters: number;
  /**
   * ln P(frame t | the frames before it) for t = 1 … T−1 of a piece of T frames, in nats, at
   * temperature 1: T−1 values, −Infinity where the model cannot give the frame any probability.
   */
  logProbabilities(piece: Piece): Float64Array;
  /**
   * Draws the next frame of every piece in `pasts` (all at once is faster than one by one).
   * @param randoms one generator per piece, so that a piece does not depend on its neighbours
   * @param avoid per piece, a frame that must not be drawn, or undefined: the guard against being stuck
   * @param constraints per piece, for each of the 128 pitches what is given of it, as
   *   {@linkcode ByPitch.next} has it; undefined: nothing. A model that does not decide pitch by pitch
   *   ignores them
   */
  next(
    pasts: readonly Past[],
    sampling: Sampling,
    randoms: readonly Random[],
    avoid?: readonly (Frame | undefined)[],
    constraints?: readonly (Uint8Array | undefined)[],
  ): Frame[];
  /** What only a model can do that decides pitch by pitch; undefined of others. */
  readonly byPitch?: ByPitch;
  /** Frees the weights; the model cannot be used afterwards. */
  dispose(): void;
}
