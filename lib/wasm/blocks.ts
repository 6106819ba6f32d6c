import type { Heap } from "./heap.ts";

/** Group of heap blocks with a common lifetime. */
export class Blocks {
  readonly #heap: Heap;
  readonly #addresses: number[] = [];

  /** Creates an empty group. */
  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /**
   * Reserves `bytes`, not cleared.
   * @throws RangeError when the heap has no room
   */
  reserve(bytes: number): number {
    const address = this.#heap.allocate(Math.max(16, bytes));
    this.#addresses.push(address);
    return address;
  }

  /** Reserves `bytes`, cleared. */
  zeros(bytes: number): number {
    const address = this.reserve(bytes);
    bytesAt(this.#heap, address, bytes).fill(0);
    return address;
  }

  /** Reserves room for `values` and copies them there. */
  copy(values: Int32Array | Float32Array | Uint8Array): number {
    const address = this.reserve(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    bytesAt(this.#heap, address, values.byteLength).set(bytes);
    return address;
  }

  /**
   * Reserves uncleared arrays of 32-bit floats by name and length; the address is 0 for length 0.
   * @throws RangeError when the heap has no room; then all blocks are freed
   */
  floats<Name extends string>(counts: Readonly<Record<Name, number>>): Record<Name, number> {
    try {
      const entries = Object.entries<number>(counts);
      return Object.fromEntries(
        entries.map(([name, count]) => [name, count && this.reserve(4 * count)]),
      ) as Record<Name, number>;
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Frees all blocks. */
  free(): void {
    for (const address of this.#addresses.splice(0)) this.#heap.free(address);
  }
}

// Views of the heap. Create a new one for each use: the buffer is replaced when the heap grows.

/** `length` bytes at `address`. */
export function bytesAt(heap: Heap, address: number, length: number): Uint8Array {
  return new Uint8Array(heap.memory.buffer, address, length);
}

/** `length` 32-bit integers at `address`. */
export function integersAt(heap: Heap, address: number, length: number): Int32Array {
  return new Int32Array(heap.memory.buffer, address, length);
}

/** `length` 32-bit floats at `address`. */
export function floatsAt(heap: Heap, address: number, length: number): Float32Array {
  return new Float32Array(heap.memory.buffer, address, length);
}

/** `length` 64-bit floats at `address`. */
export function doublesAt(heap: Heap, address: number, length: number): Float64Array {
  return new Float64Array(heap.memory.buffer, address, length);
}
