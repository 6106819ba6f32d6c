import type { Heap } from "./heap.ts";

/** Pieces of the heap that are reserved and given back together: an address for each name. */
export type Arena<Name extends string> = Readonly<Record<Name, number>> & {
  /** Gives all of them back. */
  free(): void;
};

/**
 * Reserves room for so many 32-bit floats for each name, not cleared; 0 floats have the address 0.
 * @throws RangeError when the heap has no room; then nothing stays reserved
 */
export function allocateAll<Name extends string>(
  heap: Heap,
  floats: Readonly<Record<Name, number>>,
): Arena<Name> {
  const addresses: number[] = [];
  const free = () => addresses.forEach(heap.free);
  try {
    const entries = Object.entries<number>(floats).map(([name, count]) => {
      if (count === 0) return [name, 0];
      addresses.push(heap.allocate(count * 4));
      return [name, addresses.at(-1)];
    });
    return { ...Object.fromEntries(entries) as Record<Name, number>, free };
  } catch (error) {
    free();
    throw error;
  }
}
