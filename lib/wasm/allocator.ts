/** Memory allocator of a heap. */
export interface Allocator {
  /** Reserves `bytes`, not cleared, at a multiple of 64; undefined where there is no room. */
  allocate(bytes: number): number | undefined;
  /** Frees memory reserved by `allocate`; false if this allocator did not reserve it. */
  free(address: number): boolean;
}

/** Allocator of a range of the heap. */
interface RangeAllocator extends Allocator {
  /** End of the highest block in use; the range's start if there is none. */
  top(): number;
}

/** A free block of the range. */
interface Gap {
  start: number;
  end: number;
}

/** Blocks are aligned to cache lines, so that no two threads write to one. */
const alignment = 64;

/**
 * First-fit allocator; adjacent free blocks are merged.
 * @param start a multiple of 64
 * @param grow called for at least the given number of additional bytes behind `end`; returns the
 *   number actually added
 */
export function rangeAllocator(
  start: number,
  end: number,
  grow: (bytes: number) => number = () => 0,
): RangeAllocator {
  const gaps: Gap[] = start < end ? [{ start, end }] : [];
  const used = new Map<number, number>();

  function take(bytes: number): number | undefined {
    const index = gaps.findIndex((gap) => gap.end - gap.start >= bytes);
    if (index < 0) return undefined;
    const gap = gaps[index]!, address = gap.start;
    gap.start += bytes;
    if (gap.start === gap.end) gaps.splice(index, 1);
    used.set(address, bytes);
    return address;
  }

  /** Inserts a free block into the ordered list and merges it with its neighbours. */
  function give(gap: Gap): void {
    const found = gaps.findIndex((other) => other.start > gap.start);
    const index = found < 0 ? gaps.length : found;
    gaps.splice(index, 0, gap);
    const after = gaps[index + 1], before = gaps[index - 1];
    if (after && gap.end === after.start) {
      gap.end = after.end;
      gaps.splice(index + 1, 1);
    }
    if (before && before.end === gap.start) {
      before.end = gap.end;
      gaps.splice(index, 1);
    }
  }

  return {
    allocate(bytes) {
      const needed = Math.ceil(Math.max(1, bytes) / alignment) * alignment;
      const address = take(needed);
      if (address !== undefined) return address;
      const more = grow(needed);
      if (more === 0) return undefined;
      give({ start: end, end: end + more });
      end += more;
      return take(needed);
    },
    free(address) {
      const bytes = used.get(address);
      if (bytes === undefined) return false;
      used.delete(address);
      give({ start: address, end: address + bytes });
      return true;
    },
    top() {
      const last = gaps.at(-1);
      return last?.end === end ? last.start : end;
    },
  };
}

/** Size of a page of WASM memory. */
export const PAGE_BYTES = 65_536;

/** Creates the function that grows a heap, by at least 16 MiB at a time, at its end. */
export function growing(memory: WebAssembly.Memory): (bytes: number) => number {
  return (bytes) => {
    const pages = Math.ceil(Math.max(bytes, 2 ** 24) / PAGE_BYTES);
    try {
      memory.grow(pages);
      return pages * PAGE_BYTES;
    } catch {
      return 0;
    }
  };
}
