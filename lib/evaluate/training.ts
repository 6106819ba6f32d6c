import type { Frame } from "../tokens/frame.ts";
import type { Grid, Metre, Piece } from "../tokens/piece.ts";

/** The combinations that a model knows, by id; a `Vocabulary` is one. */
export interface Combinations {
  /** How many there are, the rest (id 0) included. */
  readonly size: number;
  /** The frame of an id, 0 (included) to `size` (excluded). */
  frame(id: number): Frame;
  /** The id of a frame, or undefined where the frame is not known. */
  id(frame: Frame): number | undefined;
}

/** What the measures need of the music that a model learned from; a `Corpus` is one. */
export interface TrainingMusic {
  /** How its time is cut. */
  readonly grid: Grid;
  /** Its combinations. */
  readonly vocabulary: Combinations;
  /** The combination of every frame of every piece, one piece after the other. */
  readonly ids: Int32Array;
  /** Where each piece begins in `ids`, and how many frames it has. */
  readonly pieces: readonly {
    readonly name: string;
    readonly offset: number;
    readonly length: number;
    readonly metres: readonly Metre[];
  }[];
}

/** Anything that gives each frame of a piece but the first a probability; a `Model` is one. */
export interface Scorer {
  /** ln P(frame t | the frames before it), nats, for t = 1 … T−1 of a piece of T frames. */
  logProbabilities(piece: Piece): Float64Array;
}

/** The ids of a piece's frames; −1 where the combination is not known. */
export function idsOf(piece: Piece, vocabulary: Combinations): Int32Array {
  return Int32Array.from(piece.frames, (frame) => vocabulary.id(frame) ?? -1);
}

/** The training pieces with their frames. */
export function piecesOf({ vocabulary, ids, pieces }: TrainingMusic): Piece[] {
  return pieces.map(({ name, offset, length, metres }) => ({
    name,
    frames: Array.from(ids.subarray(offset, offset + length), (id) => vocabulary.frame(id)),
    metres,
  }));
}

/**
 * Tells frames that stand in the training music from others; a vocabulary may have more, of
 * pieces that were kept aside.
 */
export function seenIn({ vocabulary, ids, pieces }: TrainingMusic): Pick<Combinations, "id"> {
  const seen = new Uint8Array(vocabulary.size);
  for (const { offset, length } of pieces) {
    for (const id of ids.subarray(offset, offset + length)) seen[id] = 1;
  }
  return {
    id(frame) {
      const id = vocabulary.id(frame);
      return id !== undefined && seen[id] === 1 ? id : undefined;
    },
  };
}
