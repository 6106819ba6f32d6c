import { decodeCombination, encodeCombination } from "./combination.ts";
import { type Frame, HELD, pitchOf, REST } from "./frame.ts";

/** What stands for the rest where an empty text would be hard to see. */
const REST_NAME = "rest";

/**
 * Combinations and their ids. Id 0 is the rest, whether it occurs or not; the others follow by
 * count, most frequent first, and by text where counts are equal.
 */
export class Vocabulary {
  readonly #texts: readonly string[];
  readonly #counts: readonly number[];
  readonly #frames: readonly Frame[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #nearest = new Map<string, number>(); // what was already looked for: looking takes long

  private constructor(texts: readonly string[], counts: readonly number[]) {
    this.#texts = texts;
    this.#counts = counts;
    this.#frames = texts.map(decodeCombination);
    this.#ids = new Map(texts.map((text, id) => [text, id]));
  }

  /** A vocabulary of the combinations in `counts`, which maps a combination's text to its count. */
  static fromCounts(counts: ReadonlyMap<string, number>): Vocabulary {
    const entries = [...counts].filter(([text]) => text !== "")
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return new Vocabulary(
      ["", ...entries.map(([text]) => text)],
      [counts.get("") ?? 0, ...entries.map(([, count]) => count)],
    );
  }

  /**
   * Reads what {@linkcode Vocabulary.toText} wrote.
   * @throws {Error} if a line is not `combination<tab>count`, stands twice, or the first is not the rest
   */
  static fromText(text: string): Vocabulary {
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    const texts: string[] = [], counts: number[] = [];
    for (const [index, line] of lines.entries()) {
      const [name, count, ...rest] = line.split("\t");
      if (name === undefined || !/^\d+$/.test(count ?? "") || rest.length > 0) {
        throw new Error(`Cannot read vocabulary: line ${index + 1} is not "combination<tab>count"`);
      }
      texts.push(name === REST_NAME ? "" : name);
      counts.push(Number(count));
    }
    if (texts[0] !== "") throw new Error("Cannot read vocabulary: its first line must be the rest");
    const vocabulary = new Vocabulary(texts, counts);
    if (vocabulary.#ids.size !== texts.length) {
      throw new Error("Cannot read vocabulary: a combination stands in it twice");
    }
    return vocabulary;
  }

  /** One line per id: the combination's text (`rest` for the rest), a tab, its count. */
  toText(): string {
    return this.#texts.map((text, id) => `${text || REST_NAME}\t${this.#counts[id]}\n`).join("");
  }

  /** How many ids there are, the rest's included: the number of classes. */
  get size(): number {
    return this.#texts.length;
  }

  /**
   * The frame with an id.
   * @throws {RangeError} if there is none
   */
  frame(id: number): Frame {
    const frame = this.#frames[id];
    if (!frame) {
      throw new RangeError(`No combination has id ${id}: ids go from 0 to ${this.size - 1}`);
    }
    return frame;
  }

  /** The canonical text of the combination with an id; empty for the rest. */
  text(id: number): string {
    return encodeCombination(this.frame(id));
  }

  /** The id of a frame, or undefined if the vocabulary lacks it. */
  id(frame: Frame): number | undefined {
    return this.#ids.get(encodeCombination(frame));
  }

  /** How often the combination with an id stands in the corpus, in frames. */
  count(id: number): number {
    return this.#counts[id] ?? 0;
  }

  /**
   * The id of the combination nearest to a frame: the one with the least distance to go, in
   * semitones, from every pitch to the nearest one of the other frame, at most an octave each;
   * of equals, one that strikes and holds the same, then the most frequent.
   */
  nearest(frame: Frame): number {
    const exact = this.id(frame);
    if (exact !== undefined) return exact;
    const text = encodeCombination(frame);
    const known = this.#nearest.get(text);
    if (known !== undefined) return known;
    let best = 0, least = Infinity;
    for (let id = 1; id < this.size; id++) {
      const other = this.#frames[id]!;
      const there = oneWay(frame, other, least);
      if (there >= least) continue;
      const distance = there + oneWay(other, frame, least - there);
      if (distance < least) [best, least] = [id, distance];
    }
    this.#nearest.set(text, best);
    return best;
  }
}

const OCTAVE = 12;
/** Less than one semitone however many notes differ in it, so that it only decides between equals. */
const ATTACK_DIFFERENCE = 1 / 1024;

/** Semitones from each pitch to the nearest of the other frame, or some sum of at least `enough`. */
function oneWay(from: Frame, to: Frame, enough: number): number {
  let sum = 0;
  for (const code of from) {
    if (sum >= enough) break;
    let nearest = OCTAVE;
    for (const other of to) {
      const attack = (code & HELD) === (other & HELD) ? 0 : ATTACK_DIFFERENCE;
      nearest = Math.min(nearest, Math.abs(pitchOf(code) - pitchOf(other)) + attack);
    }
    sum += nearest;
  }
  return sum;
}

/** Combinations of one corpus, of this many pitches on average: a bound on its memory. */
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
   * The provisional ids of frames, which are not counted yet.
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

  /** Counts one frame for each of the provisional ids. */
  count(ids: Int32Array): void {
    for (const id of ids) this.#counts[id]!++;
  }

  /** The vocabulary, and for each provisional id the final one. */
  finish(): { vocabulary: Vocabulary; finalIds: Int32Array } {
    const texts = [...this.#provisional.keys()];
    const vocabulary = Vocabulary.fromCounts(
      new Map(texts.map((text, id) => [text, this.#counts[id]!])),
    );
    const finalIds = Int32Array.from(texts, (text) => vocabulary.id(decodeCombination(text))!);
    return { vocabulary, finalIds };
  }
}
