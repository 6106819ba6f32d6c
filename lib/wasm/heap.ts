import { type Allocator, rangeAllocator } from "./allocator.ts";
import { Pool } from "./pool.ts";

/** How to start the heap and its threads. */
export interface HeapOptions {
  /** Threads that compute, the calling one included; 1 to 8. Default: all cores, up to 8. */
  readonly threads?: number;
  /**
   * `"auto"` (default): relaxed SIMD on a heap of fixed size where engine and system have them,
   * plain SIMD on a heap that grows where not. `"plain"`: plain SIMD in any case.
   */
  readonly simd?: "auto" | "plain";
}

/** Memory that all threads share, and kernels that work on it. */
export interface Heap {
  /** How many threads compute, the calling one included. */
  readonly threads: number;
  /** Which instructions the kernels use. */
  readonly simd: "relaxed SIMD" | "SIMD";
  /** Views of `memory.buffer` must be made anew after anything was allocated. */
  readonly memory: WebAssembly.Memory;
  /** One line for people, such as `WASM with relaxed SIMD, 2 threads`, and why it is not more. */
  describe(): string;
  /**
   * Reserves `bytes`, not cleared; the caller frees them.
   * @returns an address that is a multiple of 64
   * @throws RangeError when the heap (4 GiB at most) has no room
   */
  allocate(bytes: number): number;
  /** Gives back what {@linkcode Heap.allocate} reserved. */
  free(address: number): void;
  /**
   * Runs a kernel once for every thread, and returns when all are done. A thread that is not there
   * (yet) has its part run on the calling one: the parts, and so the result, are the same.
   * @param argumentsOf the arguments for one thread; at most 39 numbers
   * @throws Error when a kernel failed on any thread
   */
  parallel(
    kernel: string,
    argumentsOf: (thread: number, threads: number) => readonly number[],
  ): void;
  /** Runs a kernel on the calling thread and returns its result. */
  run(kernel: string, ...args: number[]): number;
}

/**
 * Pages (64 KiB) of a heap of fixed size: 4 GiB less one page, since tfjs's glue takes the size for
 * a 32-bit number. Only what is written to takes memory.
 */
export const heapPages = 65_535;

/** Most pages of a heap that grows. */
const mostPages = 65_536;

const pageBytes = 65_536;

/** Below this lies what tfjs puts into a heap when it starts: its data and its threads' stacks. */
const ownStart = 2 ** 28;

const mostThreads = 8;

const relaxedFile = "kernels.wasm", plainFile = "kernels-simd.wasm";

let running: ReturnType<typeof createHeap> | undefined;
let loading: Promise<void> = Promise.resolve();

/**
 * Starts the heap and its threads, and loads a folder's kernels onto them. While it runs, another
 * call gives the same heap, whatever it asks for, with its kernels beside those that are there.
 * Threads keep no process alive.
 *
 * Needs to read the folder, and no other permission.
 * @param folder where `kernels.wasm` (relaxed SIMD) and `kernels-simd.wasm` lie; no two folders have kernels of
 *   the same name
 * @throws RangeError when `threads` is not a whole number from 1 to 8
 */
export async function startHeap(folder: URL, options: HeapOptions = {}): Promise<Heap> {
  const threads = threadsOf(options);
  running ??= createHeap(folder, threads, options.simd ?? "auto").catch((error) => {
    running = undefined;
    throw error;
  });
  const started = await running;
  // One after the other: each starts the threads anew with what all before it loaded.
  const loaded = loading.then(() => started.load(folder));
  loading = loaded.catch(() => {});
  await loaded;
  return started.heap;
}

/**
 * From now on another allocator gives out the memory; pieces that are in use stay where they are.
 * @param allocatorOf is given the range in use, which the other one must leave alone
 */
export async function handOverHeap(
  allocatorOf: (start: number, end: number) => Allocator,
): Promise<void> {
  (await running)?.handOver(allocatorOf);
}

/** How many threads the options ask for. @throws RangeError when that is not 1 to 8 */
export function threadsOf({ threads }: HeapOptions): number {
  if (threads === undefined) return Math.min(navigator.hardwareConcurrency, mostThreads);
  if (Number.isInteger(threads) && threads >= 1 && threads <= mostThreads) return threads;
  throw new RangeError(
    `Cannot start ${threads} threads: needed a whole number from 1 to ${mostThreads}`,
  );
}

/** Ends the heap's threads; a later start begins with an empty heap. */
export async function stopHeap(): Promise<void> {
  const stopped = running;
  running = undefined;
  (await stopped)?.stop();
}

async function createHeap(folder: URL, threads: number, simd: "auto" | "plain") {
  const fixed = simd === "auto" && await isValid(new URL(relaxedFile, folder))
    ? fixedMemory()
    : undefined;
  const memory = fixed ?? new WebAssembly.Memory({
    initial: ownStart / pageBytes,
    maximum: mostPages,
    shared: true,
  });
  const own = rangeAllocator(
    ownStart,
    memory.buffer.byteLength,
    fixed ? undefined : growing(memory),
  );
  let allocator: Allocator = own;
  const modules = new Map<string, WebAssembly.Module>();
  let pool: Pool | undefined;
  const started = () => {
    if (!pool) throw new Error("Cannot run a kernel: the heap was stopped");
    return pool;
  };

  const heap: Heap = {
    threads,
    simd: fixed ? "relaxed SIMD" : "SIMD",
    memory,
    describe() {
      const refusal = pool?.refusal();
      return `WASM with ${heap.simd}, ${threads} thread${threads === 1 ? "" : "s"}` +
        (refusal ? `, of which some could not be started: ${refusal}` : "");
    },
    allocate(bytes) {
      const address = bytes < 2 ** 32 ? allocator.allocate(bytes) : undefined;
      if (address !== undefined) return address;
      throw new RangeError(
        `Cannot reserve ${(bytes / 2 ** 20).toFixed(0)} MiB: WASM's heap of 4 GiB has no room; ` +
          `take a smaller batch or fewer classes`,
      );
    },
    free(address) {
      if (!own.free(address) && !allocator.free(address)) {
        throw new RangeError(`Nothing is allocated at ${address}`);
      }
    },
    parallel: (kernel, argumentsOf) => started().parallel(kernel, argumentsOf),
    run: (kernel, ...args) => started().run(kernel, ...args),
  };
  return {
    heap,
    async load(folder: URL) {
      if (modules.has(folder.href)) return;
      const bytes = await Deno.readFile(new URL(fixed ? relaxedFile : plainFile, folder));
      modules.set(folder.href, await WebAssembly.compile(bytes));
      pool?.stop();
      pool = new Pool([...modules.values()], memory, threads);
    },
    handOver(allocatorOf: (start: number, end: number) => Allocator) {
      allocator = allocatorOf(ownStart, own.top());
    },
    stop() {
      pool?.stop();
      pool = undefined;
    },
  };
}

/**
 * A heap that has its full size from the start. V8 looks up the size of a heap that may grow for
 * every access that it checks; without, matrix products are a tenth faster (5 × 8 tiles: 55 instead
 * of 50 GFLOP/s on one Zen 4 core).
 * @returns undefined where the system does not promise that much memory
 */
function fixedMemory(): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: heapPages, maximum: heapPages, shared: true });
  } catch {
    return undefined;
  }
}

/** Grows a heap by at least 16 MiB at a time, behind all that is there. */
function growing(memory: WebAssembly.Memory): (bytes: number) => number {
  return (bytes) => {
    const pages = Math.ceil(Math.max(bytes, 2 ** 24) / pageBytes);
    try {
      memory.grow(pages);
      return pages * pageBytes;
    } catch {
      return 0;
    }
  };
}

/** Whether the engine knows all of a module's instructions. */
async function isValid(file: URL): Promise<boolean> {
  return WebAssembly.validate(await Deno.readFile(file));
}
