import { growing, rangeAllocator } from "./allocator.ts";
import type { Heap } from "./heap.ts";

/** Kernel modules for both instruction sets, as `startHeap` reads them from files. */
interface KernelBytes {
  /** Module with relaxed SIMD, which not every engine supports. */
  readonly relaxed: Uint8Array<ArrayBuffer>;
  /** Module with plain SIMD. */
  readonly plain: Uint8Array<ArrayBuffer>;
}

/** Initial and maximum pages (64 KiB): 32 MiB and 1 GiB. */
const PAGES = { initial: 512, maximum: 16_384 } as const;

/** Start of the allocations, so that no address is 0. */
const START = 2 ** 16;

/**
 * Creates a single-threaded heap with private memory for environments without files or shared
 * memory: a page opened from disk, and its worker. Its results equal those of `startHeap`.
 * @param simd as for `startHeap`
 * @throws {WebAssembly.CompileError} if the engine supports neither instruction set
 */
export async function createOwnHeap(
  { relaxed, plain }: KernelBytes,
  simd: "auto" | "plain" = "auto",
): Promise<Heap> {
  const isRelaxed = simd === "auto" && WebAssembly.validate(relaxed);
  const memory = new WebAssembly.Memory(PAGES);
  const { instance } = await WebAssembly.instantiate(
    withPrivateMemory(isRelaxed ? relaxed : plain, PAGES),
    { env: { memory } },
  );
  const kernels = instance.exports as Record<string, (...args: number[]) => number>;
  const allocator = rangeAllocator(START, memory.buffer.byteLength, growing(memory));
  const kernel = (name: string) => {
    const found = kernels[name];
    if (!found) throw new Error(`Cannot run kernel "${name}": there is none of this name`);
    return found;
  };
  const heap: Heap = {
    threads: 1,
    simd: isRelaxed ? "relaxed SIMD" : "SIMD",
    memory,
    describe: () => `WASM with ${heap.simd}, 1 thread`,
    allocate(bytes) {
      const address = allocator.allocate(bytes);
      if (address !== undefined) return address;
      throw new RangeError(
        `Cannot reserve ${(bytes / 2 ** 20).toFixed(0)} MiB: the page's heap of 1 GiB has no room`,
      );
    },
    free(address) {
      if (!allocator.free(address)) throw new RangeError(`Nothing is allocated at ${address}`);
    },
    parallel: (name, argumentsOf) => void kernel(name)(...argumentsOf(0, 1)),
    run: (name, ...args) => kernel(name)(...args),
  };
  return heap;
}

/** Constants of the WebAssembly binary format, version 1. */
const HEADER_BYTES = 8, IMPORT_SECTION = 2, MEMORY_KIND = 2;
/** Flags of memory limits with a maximum: private, and shared. */
const PRIVATE = 1, SHARED = 3;

/**
 * Rewrites the memory import of a module to private memory with other limits; the kernels contain
 * nothing that needs shared memory.
 * @throws {Error} if its only import is not a memory with a maximum
 */
function withPrivateMemory(
  wasm: Uint8Array<ArrayBuffer>,
  { initial, maximum }: { readonly initial: number; readonly maximum: number },
): Uint8Array<ArrayBuffer> {
  let at = HEADER_BYTES;
  const number = () => {
    let value = 0;
    for (let shift = 0;; shift += 7) {
      const byte = wasm[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < wasm.length) {
    const section = at, id = wasm[at++], length = number(), end = at + length;
    if (id !== IMPORT_SECTION) {
      at = end;
      continue;
    }
    const content = at, count = number();
    for (let name = 0; name < 2; name++) { // the module's and the import's
      const bytes = number(); // also advances `at`
      at += bytes;
    }
    const kind = wasm[at++], flag = wasm[at++];
    if (count !== 1 || kind !== MEMORY_KIND || (flag !== SHARED && flag !== PRIVATE)) break;
    const limits = at - 1;
    const body = [
      ...wasm.subarray(content, limits),
      PRIVATE,
      ...leb128(initial),
      ...leb128(maximum),
    ];
    return new Uint8Array([
      ...wasm.subarray(0, section),
      IMPORT_SECTION,
      ...leb128(body.length),
      ...body,
      ...wasm.subarray(end),
    ]);
  }
  throw new Error("Cannot use kernels: their only import is not a memory with a maximum");
}

/** LEB128 encoding of an unsigned number. */
function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(Math.floor(value / 128))];
}
