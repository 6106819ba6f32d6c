import type { Corpus } from "../corpus/corpus.ts";
import type { Piece } from "../tokens/piece.ts";
import type { Vocabulary } from "../tokens/vocabulary.ts";

/** Known combinations by id; id 0 stands for the rest. */
export type Combinations = Pick<Vocabulary, "size" | "frame" | "id">;

/** The part of a corpus that evaluation needs. */
export type TrainingMusic = Pick<Corpus, "grid" | "ids" | "pieces"> & {
  readonly vocabulary: Combinations;
};

/**
 * A sequence model that gives each frame of a piece except the first a probability, like `Model`.
 */
export interface Scorer {
  /** ln P(frame t | the frames before it), nats, for t = 1 … T−1 of a piece of T frames. */
  logProbabilities(piece: Piece): Float64Array;
}

/** Ids of a piece's frames; −1 for unknown combinations. */
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
 * Set membership of frames in the training music; a vocabulary may contain more frames, of held-out
 * pieces.
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
