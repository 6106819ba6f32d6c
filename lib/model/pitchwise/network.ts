import * as fields from "../../backend/kernels/assembly/pitchwise/fields.ts";
import type { Random } from "../../random.ts";
import type { NamedArray } from "../../train/trainer.ts";
import { scratchBytes } from "./layout.ts";
import type { Layout } from "./layout.ts";
import type { CompactMusic } from "./music.ts";

/** What the network needs of the backend: its heap, and its threads. */
export interface Heap {
  readonly threads: number;
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  free(address: number): void;
  parallel(kernel: string, args: (thread: number, threads: number) => readonly number[]): void;
}

/** Blocks of the heap that belong together and are freed together. */
export class Blocks {
  readonly #heap: Heap;
  readonly #addresses: number[] = [];

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Address of `bytes` zeroed bytes. */
  zeros(bytes: number): number {
    const address = this.#heap.allocate(Math.max(16, bytes));
    this.#addresses.push(address);
    new Uint8Array(this.#heap.memory.buffer, address, bytes).fill(0);
    return address;
  }

  /** Address of a copy of `values`. */
  copy(values: Int32Array | Float32Array | Uint8Array): number {
    const address = this.zeros(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(this.#heap.memory.buffer, address, values.byteLength).set(bytes);
    return address;
  }

  /** Views are made anew each time: the heap's buffer changes when it grows. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#heap.memory.buffer, address, length);
  }
  ints(address: number, length: number): Int32Array {
    return new Int32Array(this.#heap.memory.buffer, address, length);
  }
  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.#heap.memory.buffer, address, length);
  }

  /** Frees all of them. */
  free(): void {
    for (const address of this.#addresses.splice(0)) this.#heap.free(address);
  }
}

/** Music on the heap, ready for the kernels. */
export interface HeapMusic {
  readonly block: number;
  readonly capacity: number;
  free(): void;
}

/** Copies music to the heap, with room for `capacity` targets at a time. */
export function placeMusic(
  heap: Heap,
  music: CompactMusic,
  information: Int32Array,
  capacity: number,
): HeapMusic {
  const blocks = new Blocks(heap), words = new Int32Array(fields.MUSIC_WORDS);
  words[fields.IDS] = blocks.copy(music.ids);
  words[fields.STARTS] = blocks.copy(music.starts);
  words[fields.CODES] = blocks.copy(music.codes);
  words[fields.INFORMATION] = blocks.copy(information);
  words[fields.TARGETS] = blocks.zeros(4 * capacity);
  words[fields.SEEDS] = blocks.zeros(4 * capacity);
  words[fields.LOSSES] = blocks.zeros(8 * capacity);
  return { block: blocks.copy(words), capacity, free: () => blocks.free() };
}

/** Spans that a frame with at most `mostNotes` notes, now and before, can need. */
export function spansFor(layout: Layout, mostNotes: number): number {
  const perPast = layout.lags.length / 4 + 2 * 16 + fields.ECHOES + 4;
  return Math.ceil(mostNotes * perPast + 4 * layout.pitches + 24 * fields.HORIZONS + 32);
}

/** Fills in a network block for weights at `weights`; gradients only where there is training. */
export function placeNetwork(
  heap: Heap,
  blocks: Blocks,
  layout: Layout,
  addresses: { weights: number; gradients: number },
  mostNotes: number,
  dropout = 0,
  inputDropout = 0,
): number {
  const words = layout.words.slice(), spans = spansFor(layout, mostNotes);
  const bytes = scratchBytes(layout, spans);
  words[fields.LAG_TABLE] = blocks.copy(layout.lags);
  words[fields.WEIGHTS] = addresses.weights;
  words[fields.GRADIENTS] = addresses.gradients;
  words[fields.SCRATCH] = blocks.zeros(bytes * heap.threads);
  words[fields.SCRATCH_BYTES] = bytes;
  words[fields.SPANS] = spans;
  const reals = new Float32Array(words.buffer);
  reals[fields.DROPOUT] = dropout;
  reals[fields.INPUT_DROPOUT] = inputDropout;
  return blocks.copy(words);
}

/** The parts of a network's numbers, in order: name, shape, and where they begin. */
export function partsOf(layout: Layout): { name: string; shape: number[]; offset: number }[] {
  const { rows, width, layers, states, pitches } = layout;
  const parts = [{ name: "tables", shape: [rows, width], offset: 0 }];
  let offset = rows * width;
  for (let i = 1; i <= layers; i++) {
    parts.push({ name: `dense_${i}/kernel`, shape: [width, width], offset });
    parts.push({ name: `dense_${i}/bias`, shape: [width], offset: offset + width * width });
    offset += width * width + width;
  }
  parts.push({ name: "head/kernel", shape: [states, width], offset });
  parts.push({ name: "head/bias", shape: [states, pitches], offset: offset + states * width });
  return parts;
}

/** Cuts the numbers into named arrays, copied. */
export function nameParts(layout: Layout, numbers: Float32Array): NamedArray[] {
  return partsOf(layout).map(({ name, shape, offset }) => ({
    name,
    shape,
    values: numbers.slice(offset, offset + shape.reduce((a, b) => a * b)),
  }));
}

/**
 * Random weights before training: the head's biases are the log odds of each pitch's frequency, so
 * that learning starts from independent pitches.
 *
 * @param frequencies per state and pitch, the share of frames in which it sounds so
 */
export function initialise(
  layout: Layout,
  frequencies: Float32Array,
  random: Random,
): Float32Array {
  const numbers = new Float32Array(layout.padded);
  for (const { name, shape, offset } of partsOf(layout)) {
    const length = shape.reduce((a, b) => a * b);
    if (name === "head/bias") {
      for (let i = 0; i < length; i++) {
        const share = Math.min(0.99, Math.max(1e-5, frequencies[i]!));
        numbers[offset + i] = Math.log(share / (1 - share));
      }
    } else if (!name.endsWith("bias")) {
      const deviation = name === "tables"
        ? 0.04
        : name === "head/kernel"
        ? 0.1
        : Math.sqrt(2 / layout.width);
      for (let i = 0; i < length; i++) numbers[offset + i] = deviation * gaussian(random);
    }
  }
  return numbers;
}

/** Box and Muller's transform. */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
