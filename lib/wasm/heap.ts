/**
 * Pages (64 KiB) of a heap of fixed size: 4 GiB less one page, since tfjs's glue takes the size for
 * a 32-bit number. Only what is written to takes memory.
 */
export const heapPages = 65_535;

/**
 * A heap that has its full size from the start. V8 looks up the size of a heap that may grow for
 * every access that it checks; without, matrix products are a tenth faster (5 × 8 tiles: 55 instead
 * of 50 GFLOP/s on one Zen 4 core).
 *
 * @returns undefined where the system does not promise that much memory
 */
export function fixedHeap(): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: heapPages, maximum: heapPages, shared: true });
  } catch {
    return undefined;
  }
}
