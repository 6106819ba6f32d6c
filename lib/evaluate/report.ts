import type { Copying } from "./copying.ts";
import type { Critique } from "./critic.ts";
import type { Statistics } from "./statistics.ts";

/** Prediction loss on held-out music. */
export interface Prediction {
  /**
   * Mean of −ln P(frame | the frames before it) over frames 2 … T of all pieces together; null if a
   * frame has probability zero, or there is no frame.
   */
  readonly natsPerFrame: number | null;
  /** The same sum divided by the number of onsets in those frames ({@linkcode countOnsets}). */
  readonly natsPerNote: number | null;
  /** Share of frames whose combination is not in the training music, 0 to 1; null if no frames. */
  readonly unseenShare: number | null;
}

/**
 * A measure for each kind of music: the model's `generated` music, held-out human music (`heldOut`)
 * as the yardstick, and the kinds that `Also` names: the `training` music, or one random half of it
 * against the other (`halves`) as the attainable level. Null where there was no such music, or no
 * corpus; `halves` is also null for a single piece.
 */
export type OfEach<T, Also extends string = never> = {
  readonly [Kind in "generated" | "heldOut" | Also]: T | null;
};

/**
 * Result of `evaluate`. The model's own prediction is at the top level; null without MIDI files.
 */
export interface Evaluation extends Prediction {
  /** Name of the model. */
  readonly model: string;
  /** Architecture. */
  readonly kind: "combination" | "pitchwise";
  /** Name of the training corpus. */
  readonly corpus: string;
  /** Prediction of the base that it was adapted from, on the same music; null without a base. */
  readonly base: (Prediction & { readonly name: string }) | null;
  /** Music that was measured. */
  readonly music: OfEach<{
    /**
     * Path of the folder of MIDI files, or of one file; for a model's own hold-out, the corpus's.
     */
    readonly path: string;
    /** Number of primer frames at the start of its pieces, which are not evaluated. */
    readonly primerFrames: number;
    /** Number of readable pieces. */
    readonly pieces: number;
    /** Total number of frames. */
    readonly frames: number;
    /** Total number of notes on the grid. */
    readonly notes: number;
    /** Unusable files with the reason. */
    readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  }>;
  /**
   * Back-off probabilities λ of a new combination after a known and after a new one
   * ({@linkcode backOff}); null if the training music is unknown.
   */
  readonly backOff: { readonly newAfterKnown: number; readonly newAfterNew: number } | null;
  /** Predictions of baseline models trained on the same pieces; null without the corpus. */
  readonly baselines: {
    /** Independent pitches with their own frequencies. */
    readonly independent: Prediction;
    /** Independent pitches, conditional on whether each just sounded. */
    readonly transitions: Prediction;
    /** Repetition of the last frame. */
    readonly repeat: Prediction;
    /** Interpolated Kneser–Ney n-grams. */
    readonly ngram: Prediction;
  } | null;
  /** Copying from the training music; null without the corpus. */
  readonly copying: OfEach<Copying>;
  /** Overlap of each distribution with that of the training music, 0 to 1. */
  readonly overlap: OfEach<Readonly<Record<keyof Statistics, number>>, "halves">;
  /** Result of a simple classifier against the training music. */
  readonly critic: OfEach<Critique, "halves">;
  /** Distributions. */
  readonly statistics: OfEach<Statistics, "training">;
  /** Repetition statistics; lengths in frames, the worst of all pieces. */
  readonly degeneracy: OfEach<{
    /** Longest run of one unchanged sounding combination. */
    readonly longestStuckFrames: number;
    /** Longest run of rests. */
    readonly longestSilenceFrames: number;
    /** Longest held note. */
    readonly longestNoteFrames: number;
    /** Longest time between two consecutive onsets. */
    readonly longestGapFrames: number;
    /** Share of silent frames, 0 to 1; null if there are no frames. */
    readonly emptyShare: number | null;
  }, "training">;
  /** Warnings about the interpretation of the numbers. */
  readonly warnings: readonly string[];
}

/** Contents of a folder of MIDI files. */
export type MusicRead = NonNullable<Evaluation["music"]["generated"]>;
