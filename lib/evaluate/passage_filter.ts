import { type Frame, pitchOf } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { intervalsOf, momentsOf, type Passage, PASSAGE_FRAMES } from "./passages.ts";

/**
 * Bloom filter (1970) of the passages of {@linkcode PASSAGE_FRAMES} frames of some music in any
 * key, without the music itself: for music that does not ship. It uses 10 bits per passage, has no
 * false negatives and about one percent false positives.
 */
export interface PassageFilter {
  /**
   * Longest stretch that counts (see `momentsOf`) and consists of known passages only, or null. At
   * least as long as the longest copy; longer where passages from several places adjoin.
   */
  longest(frames: readonly Frame[]): Passage | null;
  /** Whether the passage ending at each frame is known; always 0 before the eighth frame. */
  known(frames: readonly Frame[]): Uint8Array;
  /** Whether the indexed music contains a piece: most of its passages that count are known. */
  knows(frames: readonly Frame[]): boolean;
  /** The filter as bytes, for {@linkcode decodePassageFilter}. */
  encode(): Uint8Array<ArrayBuffer>;
}

const BITS_PER_PASSAGE = 10;
const HASHES = 7; // the optimum for 10 bits: 10 · ln 2
const HEADER = [0x50, 0x46, 1, PASSAGE_FRAMES]; // "PF", version, length of a passage

/** Creates a filter of the passages of some music; about half a second per 500,000 frames. */
export function passageFilter(
  pieces: readonly Pick<Piece, "frames">[],
  grid: Grid,
): PassageFilter {
  const different = new Set<number>();
  for (const { frames } of pieces) for (const hash of passageHashes(frames)) different.add(hash);
  const bits = new Uint8Array(Math.ceil((Math.max(1, different.size) * BITS_PER_PASSAGE) / 8));
  for (const hash of different) {
    for (const at of places(hash, 8 * bits.length)) bits[at >> 3]! |= 1 << (at & 7);
  }
  return filterOf(bits, grid);
}

/**
 * Decodes a filter. The grid is not stored: frames must be on the grid that it was made with.
 * @throws {Error} if the bytes are no filter of this version
 */
export function decodePassageFilter(bytes: Uint8Array, grid: Grid): PassageFilter {
  if (bytes.length <= HEADER.length || HEADER.some((byte, at) => bytes[at] !== byte)) {
    throw new Error(
      `Cannot read a passage filter: its ${bytes.length} bytes do not begin as version 1 does`,
    );
  }
  return filterOf(bytes.slice(HEADER.length), grid);
}

function filterOf(bits: Uint8Array, grid: Grid): PassageFilter {
  const has = (hash: number) =>
    places(hash, 8 * bits.length).every((at) => (bits[at >> 3]! >> (at & 7) & 1) === 1);
  function known(frames: readonly Frame[]): Uint8Array {
    const known = new Uint8Array(frames.length);
    passageHashes(frames).forEach((hash, start) => {
      known[start + PASSAGE_FRAMES - 1] = has(hash) ? 1 : 0;
    });
    return known;
  }
  return {
    known,
    knows(frames) {
      const moments = momentsOf(frames, grid);
      let all = 0, met = 0;
      known(frames).forEach((isKnown, end) => {
        if (end < PASSAGE_FRAMES - 1 || !moments.counts(end - PASSAGE_FRAMES + 1, end)) return;
        all++;
        met += isKnown;
      });
      return met > all / 2;
    },
    longest(frames) {
      const moments = momentsOf(frames, grid);
      let longest: Passage | null = null, run = 0;
      known(frames).forEach((isKnown, end) => {
        run = isKnown === 1 ? run + 1 : 0;
        if (run === 0) return;
        const passage = moments.passage(end - run - PASSAGE_FRAMES + 2, end);
        if (passage && passage.frames > (longest?.frames ?? 0)) longest = passage;
      });
      return longest;
    },
    encode: () => Uint8Array.from([...HEADER, ...bits]),
  };
}

/** Bit positions of a hash: h + i·g, after Kirsch and Mitzenmacher (2006). */
function places(hash: number, bits: number): number[] {
  const first = hash % HALF, step = Math.floor(hash / HALF) * 2 + 1;
  return Array.from({ length: HASHES }, (_, i) => (first + i * step) % bits);
}

const HALF = 2 ** 26;

/**
 * 52-bit hashes of all passages of {@linkcode PASSAGE_FRAMES} frames, indexed by first frame.
 * @param anyKey whether transpositions of a passage have the same hash
 */
export function passageHashes(
  frames: readonly Frame[],
  { anyKey = true }: { anyKey?: boolean } = {},
): Float64Array {
  const codes = frames.map(anyKey ? intervalsOf : (frame) => frame);
  const frameHashes = [HASH_SEED, ~HASH_SEED].map((seed) =>
    codes.map((codes) => codes.reduce((hash, code) => mix(hash, code), seed))
  );
  const hashes = new Float64Array(Math.max(0, frames.length - PASSAGE_FRAMES + 1));
  for (let start = 0; start < hashes.length; start++) {
    const halves = frameHashes.map((ofFrame) => {
      let hash = HASH_SEED, lowest: number | undefined;
      for (let t = start; t < start + PASSAGE_FRAMES; t++) {
        const frame = frames[t]!;
        if (anyKey && frame.length > 0) {
          const here = pitchOf(frame[0]!);
          hash = mix(hash, here - (lowest ?? here));
          lowest = here;
        }
        hash = mix(hash, ofFrame[t]!);
      }
      return finish(hash) % HALF;
    });
    hashes[start] = halves[0]! * HALF + halves[1]!;
  }
  return hashes;
}

const HASH_SEED = 0x2545f491;

/** One round of a multiplicative hash with rotation, after MurmurHash3 (Appleby 2011). */
function mix(hash: number, value: number): number {
  let k = Math.imul(value + 1, 0xcc9e2d51 | 0);
  k = (k << 15) | (k >>> 17);
  hash ^= Math.imul(k, 0x1b873593);
  hash = (hash << 13) | (hash >>> 19);
  return (Math.imul(hash, 5) + 0xe6546b64) | 0;
}

/** Final avalanche step of MurmurHash3. @returns 0 to 2^32 − 1 */
function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
