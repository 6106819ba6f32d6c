import { type Frame, pitchOf } from "../tokens/frame.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { intervalsOf, type Moments, momentsOf, type Passage, PASSAGE_FRAMES } from "./passages.ts";

/**
 * Bloom filter (1970) of the passages of {@linkcode PASSAGE_FRAMES} frames of some music in any
 * key, without the music itself: for music that does not ship. It uses 10 bits per passage, has no
 * false negatives and about one percent false positives.
 */
interface PassageFilter {
  /**
   * Longest stretch that counts (see `momentsOf`) and consists of known passages only, or null. At
   * least as long as the longest copy; longer where passages from several places adjoin.
   * @param moments those of the frames, where they are known
   */
  longest(frames: readonly Frame[], moments?: Moments): Passage | null;
  /** Whether the passage ending at each frame is known; always 0 before the eighth frame. */
  known(frames: readonly Frame[]): Uint8Array;
  /** Whether the indexed music contains a piece: most of its counted passages are known. */
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
  const size = 8 * bits.length;
  const has = (hash: number) => {
    const first = hash % HALF, step = stepOf(hash);
    for (let i = 0; i < HASHES; i++) {
      const at = (first + i * step) % size;
      if ((bits[at >> 3]! >> (at & 7) & 1) === 0) return false;
    }
    return true;
  };
  // Candidates for a bar begin with the same frames, so that only their last ones are looked up.
  let last: { readonly frames: readonly Frame[]; readonly known: Uint8Array } | undefined;
  function known(frames: readonly Frame[]): Uint8Array {
    const known = new Uint8Array(frames.length), before = last?.frames ?? [];
    let same = 0;
    while (same < Math.min(frames.length, before.length) && frames[same] === before[same]) same++;
    if (last) known.set(last.known.subarray(0, same));
    const from = Math.max(0, same - PASSAGE_FRAMES + 1);
    passageHashes(from === 0 ? frames : frames.slice(from)).forEach((hash, start) => {
      known[from + start + PASSAGE_FRAMES - 1] = has(hash) ? 1 : 0;
    });
    last = { frames, known };
    return known.slice();
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
    longest(frames, moments = momentsOf(frames, grid)) {
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
  const first = hash % HALF, step = stepOf(hash);
  return Array.from({ length: HASHES }, (_, i) => (first + i * step) % bits);
}

function stepOf(hash: number): number {
  return Math.floor(hash / HALF) * 2 + 1;
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
  const firsts = new Int32Array(frames.length), seconds = new Int32Array(frames.length);
  for (const [t, frame] of frames.entries()) {
    let first = HASH_SEED, second = ~HASH_SEED;
    for (const code of anyKey ? intervalsOf(frame) : frame) {
      first = mix(first, code);
      second = mix(second, code);
    }
    firsts[t] = first;
    seconds[t] = second;
  }
  const hashes = new Float64Array(Math.max(0, frames.length - PASSAGE_FRAMES + 1));
  for (let start = 0; start < hashes.length; start++) {
    let first = HASH_SEED, second = HASH_SEED, lowest: number | undefined;
    for (let t = start; t < start + PASSAGE_FRAMES; t++) {
      const frame = frames[t]!;
      if (anyKey && frame.length > 0) {
        const here = pitchOf(frame[0]!), shift = here - (lowest ?? here);
        first = mix(first, shift);
        second = mix(second, shift);
        lowest = here;
      }
      first = mix(first, firsts[t]!);
      second = mix(second, seconds[t]!);
    }
    hashes[start] = finish(first) % HALF * HALF + finish(second) % HALF;
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
