import * as fields from "./kernels/fields.ts";
import type { Grid } from "../../tokens/piece.ts";
import { scratchBytes, spansFor } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { informationOf, masksOf } from "./music.ts";
import type { CompactMusic } from "./music.ts";

/** What the network needs of the backend: its heap and its threads. */
export interface Heap {
  readonly threads: number;
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  free(address: number): void;
  parallel(kernel: string, args: (thread: number, threads: number) => readonly number[]): void;
}

/** Blocks of the heap that live and die together. */
export class Blocks {
  readonly #heap: Heap;
  readonly #addresses: number[] = [];

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Reserves `bytes`, cleared. */
  zeros(bytes: number): number {
    const address = this.#heap.allocate(Math.max(16, bytes));
    this.#addresses.push(address);
    new Uint8Array(this.#heap.memory.buffer, address, bytes).fill(0);
    return address;
  }

  /** Reserves room for `values` and copies them there. */
  copy(values: Int32Array | Float32Array | Uint8Array): number {
    const address = this.zeros(values.byteLength);
    this.bytes(address, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    return address;
  }

  // Views are made anew for every use: the heap's buffer is another one after it has grown.

  /** `length` bytes at `address`. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#heap.memory.buffer, address, length);
  }

  /** `length` integers at `address`. */
  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.#heap.memory.buffer, address, length);
  }

  /** `length` 32-bit floats at `address`. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#heap.memory.buffer, address, length);
  }

  /** `length` 64-bit floats at `address`. */
  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.#heap.memory.buffer, address, length);
  }

  /** Frees all blocks. */
  free(): void {
    for (const address of this.#addresses.splice(0)) this.#heap.free(address);
  }
}

/** Music on the heap, and the targets: frames to learn from, to be judged or to be drawn. */
export interface PlacedMusic {
  /** Address of the music block. */
  readonly block: number;
  /** Sets the targets, and a random word for each if they are learned from or drawn. */
  target(frames: ArrayLike<number>, seeds?: ArrayLike<number>): void;
  /** What the kernel said of each of the `count` targets; a view. */
  losses(count: number): Float64Array;
  free(): void;
}

/**
 * Copies music to the heap and finds its echoes.
 *
 * @param lastOnly whether only each piece's last frame will be a target
 */
export function placeMusic(
  heap: Heap,
  music: CompactMusic,
  grid: Grid,
  layout: Layout,
  lastOnly = false,
): PlacedMusic {
  const blocks = new Blocks(heap), words = new Int32Array(fields.MUSIC_WORDS);
  const from = lastOnly ? (length: number) => Math.max(0, length - 1) : undefined;
  words[fields.IDS] = blocks.copy(music.ids);
  words[fields.STARTS] = blocks.copy(music.starts);
  words[fields.CODES] = blocks.copy(music.codes);
  words[fields.INFORMATION] = blocks.copy(informationOf(music, grid, layout, from));
  words[fields.COUNT_OF_PIECES] = music.pieces.length;
  const block = blocks.copy(words);
  const set = (field: number, value: number) => {
    blocks.integers(block, fields.MUSIC_WORDS)[field] = value;
  };

  const search = new Blocks(heap);
  const ranges = music.pieces.flatMap(({ offset, length }) => [offset, length]);
  set(fields.PIECES, search.copy(Int32Array.from(ranges)));
  set(fields.MASKS, search.copy(masksOf(music)));
  set(fields.ECHO_SCRATCH, search.zeros(heap.threads * fields.ECHO_SCRATCH_BYTES));
  heap.parallel("pitchwiseEchoes", (t, n) => [block, lastOnly ? 1 : 0, t, n]);
  search.free();

  let room = new Blocks(heap), capacity = 0, targets = 0, seeds = 0, losses = 0;
  return {
    block,
    target(frames, random) {
      if (frames.length > capacity) {
        room.free();
        room = new Blocks(heap);
        capacity = frames.length;
        set(fields.TARGETS, targets = room.zeros(4 * capacity));
        set(fields.SEEDS, seeds = room.zeros(4 * capacity));
        set(fields.LOSSES, losses = room.zeros(8 * capacity));
      }
      set(fields.COUNT_OF_TARGETS, frames.length);
      room.integers(targets, frames.length).set(frames);
      if (random) room.integers(seeds, random.length).set(random);
    },
    losses: (count) => room.doubles(losses, count),
    free() {
      room.free();
      blocks.free();
    },
  };
}

/** Where a network's numbers lie on the heap, and how it learns; no gradients where it does not. */
export interface NetworkPlace {
  readonly weights: number;
  readonly gradients?: number;
  readonly dropout?: number;
  readonly inputDropout?: number;
}

/** Puts a network block into `blocks`, with scratch for frames of at most `mostNotes` notes. */
export function placeNetwork(
  heap: Heap,
  blocks: Blocks,
  layout: Layout,
  mostNotes: number,
  place: NetworkPlace,
): number {
  const words = layout.words.slice(), spans = spansFor(layout, mostNotes);
  const bytes = scratchBytes(layout, spans);
  words[fields.LAG_TABLE] = blocks.copy(layout.lagTable);
  words[fields.WEIGHTS] = place.weights;
  words[fields.GRADIENTS] = place.gradients ?? 0;
  words[fields.SCRATCH] = blocks.zeros(bytes * heap.threads);
  words[fields.SCRATCH_BYTES] = bytes;
  words[fields.SPANS] = spans;
  const reals = new Float32Array(words.buffer);
  reals[fields.DROPOUT] = place.dropout ?? 0;
  reals[fields.INPUT_DROPOUT] = place.inputDropout ?? 0;
  return blocks.copy(words);
}
