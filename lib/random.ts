/**
 * Seeded pseudorandom number generator whose state can be saved and restored.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, of which 32 are a
 * counter, so that every seed has a period of at least 2^32. Not for cryptography.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "./random.ts";
 *
 * const random = new Random(7);
 * const state = random.state();
 * const first = random.next();
 * assertEquals(Random.from(state).next(), first);
 * ```
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  /** Creates a generator from a seed, any integer of up to 53 bits. */
  constructor(seed: number) {
    this.#a = 0;
    this.#b = seed | 0;
    this.#c = Math.floor(seed / 2 ** 32) | 0;
    this.#counter = 1;
    for (let i = 0; i < 15; i++) this.bits(); // the first outputs of similar seeds are similar
  }

  /** Creates a generator that continues from a saved {@linkcode Random.state}. */
  static from(state: RandomState): Random {
    const random = new Random(0);
    [random.#a, random.#b, random.#c, random.#counter] = state;
    return random;
  }

  /** Current state, for {@linkcode Random.from}. */
  state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#counter];
  }

  /** 32 random bits as an unsigned integer, 0 to 2^32 - 1. */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform number in [0, 1) with 32 random bits. */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  /** Uniform integer in [0, `bound`). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Shuffles `items` in place (Fisher–Yates). */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = items[i];
      items[i] = items[j];
      items[j] = kept;
    }
    return items;
  }
}

/** Derived seed number `index` of a seed; far apart, so that neighbouring seeds share none. Index 0 is the seed itself. */
export function seedAt(seed: number, index: number): number {
  return (seed + index * 1_000_003) % Number.MAX_SAFE_INTEGER;
}

/** The four 32-bit integers that make up a {@linkcode Random}; survives JSON. */
export type RandomState = readonly [a: number, b: number, c: number, counter: number];

/** A normally distributed number (Box and Muller 1958). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
