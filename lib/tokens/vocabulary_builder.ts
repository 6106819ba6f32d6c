import { encodeCombination } from "./combination.ts";
import { type Frame, REST } from "./frame.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Most combinations of one corpus, and their mean number of pitches: a bound on its memory. */
const MOST_COMBINATIONS = 1_000_000;
const PITCHES_EACH = 8;

/** Counts combinations while a corpus is being read and numbers them in order of appearance. */
export class VocabularyBuilder {
  readonly #provisional = new Map<string, number>([[encodeCombination(REST), 0]]);
  readonly #counts: number[] = [0];
  readonly #most: number;
  #codes = 0;

  /** @param most combinations, the rest included */
  constructor(most: number = MOST_COMBINATIONS) {
    this.#most = most;
  }

  /**
   * Provisional ids of frames, without counting them yet.
   * @throws {Error} if there would be too many combinations; then none of these is added
   */
  numbers(frames: readonly Frame[]): Int32Array {
    const { length } = this.#counts, codes = this.#codes;
    const ids = Int32Array.from(frames, (frame) => this.#number(frame));
    if (this.#counts.length <= this.#most && this.#codes <= PITCHES_EACH * this.#most) return ids;
    for (const frame of frames) {
      const text = encodeCombination(frame);
      if (this.#provisional.get(text)! >= length) this.#provisional.delete(text);
    }
    this.#counts.length = length;
    this.#codes = codes;
    throw new Error(
      `with it the corpus would have more than ${this.#most.toLocaleString("en-US")} ` +
        `combinations, or too large ones; take a coarser grid or fewer files`,
    );
  }

  #number(frame: Frame): number {
    const text = encodeCombination(frame);
    let id = this.#provisional.get(text);
    if (id === undefined) {
      id = this.#counts.length;
      this.#provisional.set(text, id);
      this.#counts.push(0);
      this.#codes += frame.length;
    }
    return id;
  }

  /** Counts one frame for each provisional id. */
  count(ids: Int32Array): void {
    for (const id of ids) this.#counts[id]!++;
  }

  /** Returns the vocabulary, and the final id of each provisional one. */
  finish(): { vocabulary: Vocabulary; finalIds: Int32Array } {
    const { vocabulary, ids: finalIds } = Vocabulary.numbered(
      [...this.#provisional.keys()],
      this.#counts,
    );
    return { vocabulary, finalIds };
  }
}
