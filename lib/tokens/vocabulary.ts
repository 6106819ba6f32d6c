import { decodeCombination, encodeCombination } from "./combination.ts";
import { type Frame, HELD, pitchOf } from "./frame.ts";

/** Visible name of the rest, whose text is empty. */
const REST_NAME = "rest";

/**
 * Vocabulary: combinations and their ids. Id 0 is the rest, whether it occurs or not; the others
 * follow by count, most frequent first, and by text where counts are equal.
 */
export class Vocabulary {
  /**
   * Concatenated codes of all combinations, one byte per pitch, and the end of each combination.
   */
  readonly #codes: Uint8Array;
  readonly #ends: Uint32Array;
  readonly #counts: Float64Array;
  /** Cache of requested frames and ids: in a large vocabulary most are never requested. */
  readonly #frames: Frame[] = [];
  #ids: Map<string, number> | undefined;
  readonly #nearest = new Map<string, number>(); // cache of searches, which are slow

  /** @param texts of the combinations, the rest first */
  private constructor(texts: readonly string[], counts: Float64Array) {
    const { codes, ends } = codesOf(texts);
    this.#codes = codes;
    this.#ends = ends;
    this.#counts = counts;
  }

  /** Creates a vocabulary from `counts`, which maps a combination's text to its count. */
  static fromCounts(counts: ReadonlyMap<string, number>): Vocabulary {
    return Vocabulary.numbered([...counts.keys()], [...counts.values()]).vocabulary;
  }

  /**
   * Creates a vocabulary of distinct combinations.
   * @param counts number of occurrences of each
   * @returns it, and the id of each text
   */
  static numbered(
    texts: readonly string[],
    counts: readonly number[],
  ): { vocabulary: Vocabulary; ids: Int32Array } {
    const order = Uint32Array.from(texts.keys()).filter((at) => texts[at] !== "")
      .sort((a, b) => counts[b]! - counts[a]! || (texts[a]! < texts[b]! ? -1 : 1));
    const ids = new Int32Array(texts.length), rest = texts.indexOf("");
    const sorted = [""], sortedCounts = new Float64Array(order.length + 1);
    sortedCounts[0] = counts[rest] ?? 0;
    for (const at of order) {
      ids[at] = sorted.length;
      sortedCounts[sorted.length] = counts[at]!;
      sorted.push(texts[at]!);
    }
    return { vocabulary: new Vocabulary(sorted, sortedCounts), ids };
  }

  /**
   * Parses the output of {@linkcode Vocabulary.toText}.
   * @throws {Error} if a line is not `combination<tab>count`, a combination occurs twice, or the
   * first is not the rest
   */
  static fromText(text: string): Vocabulary {
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    const texts: string[] = [], counts = new Float64Array(lines.length);
    for (const [index, line] of lines.entries()) {
      const tab = line.indexOf("\t"), name = line.slice(0, tab), count = line.slice(tab + 1);
      if (tab < 0 || !/^\d+$/.test(count)) {
        throw new Error(`Cannot read vocabulary: line ${index + 1} is not "combination<tab>count"`);
      }
      texts.push(name === REST_NAME ? "" : name);
      counts[index] = Number(count);
    }
    if (texts[0] !== "") throw new Error("Cannot read vocabulary: its first line must be the rest");
    if (new Set(texts).size !== texts.length) {
      throw new Error("Cannot read vocabulary: a combination occurs in it twice");
    }
    return new Vocabulary(texts, counts);
  }

  /**
   * Serialises the vocabulary, one line per id: the combination's text (`rest` for the rest), a
   * tab, its count.
   */
  toText(): string {
    let text = "";
    for (let id = 0; id < this.size; id++) {
      text += `${encodeCombination(this.#codesOf(id)) || REST_NAME}\t${this.#counts[id]}\n`;
    }
    return text;
  }

  /** Number of ids, the rest's included: the number of classes. */
  get size(): number {
    return this.#ends.length;
  }

  /** The frame with an id. @throws {RangeError} if there is none */
  frame(id: number): Frame {
    const known = this.#frames[id];
    if (known) return known;
    if (!(Number.isInteger(id) && id >= 0 && id < this.size)) {
      throw new RangeError(`No combination has id ${id}: ids go from 0 to ${this.size - 1}`);
    }
    return this.#frames[id] = [...this.#codesOf(id)];
  }

  #codesOf(id: number): Uint8Array {
    return this.#codes.subarray(id === 0 ? 0 : this.#ends[id - 1], this.#ends[id]);
  }

  /** The canonical text of the combination with an id; empty for the rest. */
  text(id: number): string {
    return encodeCombination(this.frame(id));
  }

  /** The id of a frame, or undefined if the vocabulary lacks it. */
  id(frame: Frame): number | undefined {
    if (!this.#ids) {
      this.#ids = new Map();
      for (let id = 0; id < this.size; id++) {
        this.#ids.set(encodeCombination(this.#codesOf(id)), id);
      }
    }
    return this.#ids.get(encodeCombination(frame));
  }

  /** Number of frames in the corpus with the combination of an id. */
  count(id: number): number {
    return this.#counts[id] ?? 0;
  }

  /**
   * Id of the combination nearest to a frame, by the least total distance in semitones from every
   * pitch to the nearest one of the other frame, at most an octave each; ties go to one that
   * strikes and holds the same, then to the most frequent.
   */
  nearest(frame: Frame): number {
    const exact = this.id(frame);
    if (exact !== undefined) return exact;
    const text = encodeCombination(frame);
    const known = this.#nearest.get(text);
    if (known !== undefined) return known;
    const other: number[] = [];
    let best = 0, least = Infinity, at = 0;
    for (let id = 1; id < this.size; id++) {
      other.length = 0;
      while (at < this.#ends[id]!) other.push(this.#codes[at++]!);
      const there = oneWay(frame, other, least);
      if (there >= least) continue;
      const distance = there + oneWay(other, frame, least - there);
      if (distance < least) [best, least] = [id, distance];
    }
    this.#nearest.set(text, best);
    return best;
  }
}

/** Concatenated codes of texts, and the end of each. @throws {Error} if one is not a combination */
function codesOf(texts: readonly string[]): { codes: Uint8Array; ends: Uint32Array } {
  let codes = new Uint8Array(8 * texts.length), length = 0;
  const ends = Uint32Array.from(texts, (text) => {
    const frame = decodeCombination(text);
    if (length + frame.length > codes.length) {
      const larger = new Uint8Array(2 * codes.length + frame.length);
      larger.set(codes);
      codes = larger;
    }
    codes.set(frame, length);
    return length += frame.length;
  });
  return { codes: codes.slice(0, length), ends };
}

const OCTAVE = 12;
/**
 * Distance between a struck and a held note: less than one semitone over all notes, so that it only
 * breaks ties.
 */
const ATTACK_DIFFERENCE = 1 / 1024;

/**
 * Sum of semitones from each pitch to the nearest of the other frame, or any sum of at least
 * `enough`.
 */
function oneWay(from: ArrayLike<number>, to: ArrayLike<number>, enough: number): number {
  let sum = 0;
  for (let i = 0; i < from.length && sum < enough; i++) {
    const code = from[i]!;
    let nearest = OCTAVE;
    for (let j = 0; j < to.length; j++) {
      const other = to[j]!;
      const attack = (code & HELD) === (other & HELD) ? 0 : ATTACK_DIFFERENCE;
      nearest = Math.min(nearest, Math.abs(pitchOf(code) - pitchOf(other)) + attack);
    }
    sum += nearest;
  }
  return sum;
}
