import type { Copying } from "./copying.ts";
import type { Critique } from "./critic.ts";
import type { Statistics } from "./statistics.ts";

/** How well something predicts the unseen music. */
export interface Prediction {
  /**
   * Mean of −ln P(frame | the frames before it) over frames 2 … T of all pieces together;
   * null where a frame has no probability at all, or there is no frame.
   */
  readonly natsPerFrame: number | null;
  /** The same sum, divided by the notes that begin in those frames ({@linkcode countOnsets}). */
  readonly natsPerNote: number | null;
  /** Share of frames whose combination is not in the training music, 0 to 1; null if no frames. */
  readonly unseenShare: number | null;
}

/**
 * What was measured on each kind of music: on the model's `generated` music, on music by people that
 * the model did not learn from (`heldOut`), the yardstick, and on what `Also` names: the `training`
 * music, or one random half of it beside the other (`halves`), which is what to hope for. Null where
 * there was no such music, or no corpus, and `halves` where it has one piece only.
 */
export type OfEach<T, Also extends string = never> = {
  readonly [Kind in "generated" | "heldOut" | Also]: T | null;
};

/** The result of `evaluate`. The model's own prediction stands at the top; null without MIDI files. */
export interface Evaluation extends Prediction {
  /** The name of the model. */
  readonly model: string;
  /** Its architecture. */
  readonly kind: "combination" | "pitchwise";
  /** The corpus that it learned from. */
  readonly corpus: string;
  /** What it was adapted from, measured on the same music; null if it started from nothing. */
  readonly base: (Prediction & { readonly name: string }) | null;
  /** What it was measured on. */
  readonly music: OfEach<{
    /** The folder of MIDI files, or one file; of a model's own hold-out, the corpus's. */
    readonly path: string;
    /** Frames at the start of its pieces that were given to the model, and are not judged. */
    readonly primerFrames: number;
    /** Pieces that could be read. */
    readonly pieces: number;
    /** Their frames in all. */
    readonly frames: number;
    /** Their notes on the grid in all. */
    readonly notes: number;
    /** Files that could not be used. */
    readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  }>;
  /**
   * How often a combination came that was new, after a known and after a new one: λ of the backing
   * off ({@linkcode backOff}); null if the training music is not known.
   */
  readonly backOff: { readonly newAfterKnown: number; readonly newAfterNew: number } | null;
  /** What the plainest models predict, trained on the same pieces; null without the corpus. */
  readonly baselines: {
    /** Every pitch by its own frequency. */
    readonly independent: Prediction;
    /** Every pitch by itself, given whether it just sounded. */
    readonly transitions: Prediction;
    /** The last frame again. */
    readonly repeat: Prediction;
    /** Interpolated Kneser–Ney n-grams. */
    readonly ngram: Prediction;
  } | null;
  /** How much of the music stands in the training music; null without the corpus. */
  readonly copying: OfEach<Copying>;
  /** Per distribution, how far it overlaps with that of the training music, 0 to 1. */
  readonly overlap: OfEach<Readonly<Record<keyof Statistics, number>>, "halves">;
  /** How well a plain classifier tells the music from the training music, and by what. */
  readonly critic: OfEach<Critique, "halves">;
  /** The distributions themselves. */
  readonly statistics: OfEach<Statistics, "training">;
  /** Signs of music that is stuck; lengths in frames, the worst of all pieces. */
  readonly liveliness: OfEach<{
    /** The longest run of one and the same sounding combination. */
    readonly longestStuckFrames: number;
    /** The longest run of rests. */
    readonly longestSilenceFrames: number;
    /** The longest that a note is held. */
    readonly longestNoteFrames: number;
    /** The longest time in which no note begins, between two that do. */
    readonly longestGapFrames: number;
    /** Share of frames in which nothing sounds, 0 to 1; null if there are no frames. */
    readonly emptyShare: number | null;
  }, "training">;
  /** What a reader of the numbers has to know. */
  readonly warnings: readonly string[];
}

/** What was read from a folder of MIDI files. */
export type MusicRead = NonNullable<Evaluation["music"]["generated"]>;
