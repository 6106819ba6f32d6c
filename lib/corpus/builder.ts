import { type ChordSpan, findChords } from "../harmony/find.ts";
import { sha256 } from "../store/files.ts";
import type { Tokenized, TokenizeSettings } from "../tokens/tokenize.ts";
import { VocabularyBuilder } from "../tokens/vocabulary_builder.ts";
import { TouchLearner } from "../touch/learn.ts";
import { TimingLearner } from "../touch/timing_learner.ts";
import type { CorpusParts, CorpusPiece } from "./corpus.ts";

/**
 * Builder of a corpus from pieces. It keeps only ids, four bytes a frame, and each combination
 * once: its size does not grow with anything else in the MIDI files.
 */
export class CorpusBuilder {
  readonly #tokenize: TokenizeSettings;
  readonly #vocabulary = new VocabularyBuilder();
  readonly #touch = new TouchLearner();
  readonly #timing = new TimingLearner();
  readonly #pieces: CorpusPiece[] = [];
  readonly #chords: ChordSpan[][] = [];
  readonly #names = new Map<string, string>(); // hash of a piece's ids → its name
  readonly #tempos: number[] = [];
  readonly #framesIn = new Map<string, number>(); // time signature → frames
  #ids = new Int32Array(1 << 16);
  #length = 0;
  #notes = 0;
  #velocities = 0;

  /** @param tokenize settings of the tokenization */
  constructor(tokenize: TokenizeSettings) {
    this.#tokenize = tokenize;
  }

  /**
   * Adds a piece, unless one with the same frames is present; that one's name is then returned.
   * @throws {Error} if the corpus would grow too large with it
   */
  add(name: string, music: Tokenized): { duplicateOf?: string; combinations: number } {
    const ids = this.#vocabulary.numbers(music.frames);
    const combinations = new Set(ids).size;
    const hash = sha256(new Uint8Array(ids.buffer));
    const duplicateOf = this.#names.get(hash);
    if (duplicateOf !== undefined) return { duplicateOf, combinations };
    this.#names.set(hash, name);
    this.#vocabulary.count(ids);
    this.#append(ids);
    const { metres, beatsPerMinute, timeSignature, notes, meanVelocity, played } = music;
    this.#pieces.push({ name, offset: this.#length - ids.length, length: ids.length, metres });
    const { grid } = this.#tokenize;
    this.#chords.push(grid.unit === "beat" ? findChords(music, grid) : []);
    this.#tempos.push(beatsPerMinute);
    const signature = timeSignature.join("/");
    this.#framesIn.set(signature, (this.#framesIn.get(signature) ?? 0) + ids.length);
    this.#notes += notes;
    this.#velocities += notes * meanVelocity;
    const features = this.#touch.add(played, metres, this.#tokenize);
    if (features) this.#timing.add(music, grid, features);
    return { combinations };
  }

  /** Returns all parts of the corpus except those known only to the caller. */
  finish(): Omit<CorpusParts, "madeFrom" | "report"> {
    const { vocabulary, finalIds } = this.#vocabulary.finish();
    const ids = this.#ids.slice(0, this.#length).map((id) => finalIds[id]!);
    const [signature = "4/4"] = [...this.#framesIn].sort((a, b) => b[1] - a[1])[0] ?? [];
    const [numerator, denominator] = signature.split("/").map(Number);
    const touch = this.#touch.finish(), timing = this.#timing.finish();
    return {
      vocabulary,
      ids,
      pieces: this.#pieces,
      chords: this.#chords,
      style: {
        tokenize: this.#tokenize,
        beatsPerMinute: median(this.#tempos),
        timeSignature: [numerator!, denominator!],
        meanVelocity: this.#notes === 0 ? 64 : this.#velocities / this.#notes,
        ...(touch && { touch: { ...touch, timing } }),
      },
    };
  }

  #append(ids: Int32Array): void {
    const needed = this.#length + ids.length;
    if (needed > this.#ids.length) {
      const larger = new Int32Array(Math.max(needed, 2 * this.#ids.length));
      larger.set(this.#ids.subarray(0, this.#length));
      this.#ids = larger;
    }
    this.#ids.set(ids, this.#length);
    this.#length = needed;
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 120;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
