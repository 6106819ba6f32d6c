import type { Corpus } from "../corpus/corpus.ts";
import type { Piece } from "../tokens/piece.ts";
import type { Vocabulary } from "../tokens/vocabulary.ts";

/** The combinations that a model knows, by id; id 0 is the rest. */
export type Combinations = Pick<Vocabulary, "size" | "frame" | "id">;

/** What the measures need of the music that a model learned from. */
export type TrainingMusic = Pick<Corpus, "grid" | "ids" | "pieces"> & {
  readonly vocabulary: Combinations;
};

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
