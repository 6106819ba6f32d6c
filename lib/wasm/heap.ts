import { type Allocator, growing, PAGE_BYTES, rangeAllocator } from "./allocator.ts";
import { Pool } from "./pool.ts";

/** Options for starting the heap and its threads. */
export interface HeapOptions {
  /**
   * Number of computing threads, including the calling one; 1 to 8. Default: all cores, up to 8.
   */
  readonly threads?: number;
  /**
   * `"auto"` (default): relaxed SIMD on a heap of fixed size where engine and system support them,
   * otherwise plain SIMD on a growable heap. `"plain"`: plain SIMD in any case.
   */
  readonly simd?: "auto" | "plain";
}

/** Memory shared by all threads, with its kernels. */
export interface Heap {
  /** Number of computing threads, including the calling one. */
  readonly threads: number;
  /** Instruction set of the kernels. */
  readonly simd: "relaxed SIMD" | "SIMD";
  /** The WASM memory; views of its buffer must be recreated after any allocation. */
  readonly memory: WebAssembly.Memory;
  /**
   * One-line description such as `WASM with relaxed SIMD, 2 threads`, with the reason for a
   * fallback.
   */
  describe(): string;
  /**
   * Reserves `bytes`, not cleared; the caller frees them.
   * @returns an address that is a multiple of 64
   * @throws RangeError when the heap (4 GiB at most) has no room
   */
  allocate(bytes: number): number;
  /** Frees memory reserved by {@linkcode Heap.allocate}. */
  free(address: number): void;
  /**
   * Runs a kernel once for every thread, and returns when all are done. The calling thread takes
   * over the part of any thread that is not (yet) running: the parts, and so the result, are the
   * same.
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
 * Size of a fixed heap in pages (64 KiB): 4 GiB less one page, since tfjs's glue reads the size as
 * a 32-bit number. Memory is only committed when written to.
 */
export const heapPages = 65_535;

/** Maximum number of pages of a growable heap. */
const mostPages = 65_536;

/** Start of our allocations; below it is tfjs's own data and its threads' stacks. */
const ownStart = 2 ** 28;

const mostThreads = 8;

const relaxedFile = "kernels.wasm", plainFile = "kernels-simd.wasm";

let running: ReturnType<typeof createHeap> | undefined;
let loading: Promise<void> = Promise.resolve();

/**
 * Starts the heap and its threads, and loads a folder's kernels onto them. While it runs, another
 * call returns the same heap, ignoring its options, with the new kernels added. Threads do not keep
 * the process alive.
 *
 * Needs permission to read the folder, and no other.
 * @param folder of `kernels.wasm` (relaxed SIMD) and `kernels-simd.wasm`; kernel names are unique
 *   across folders
 * @throws RangeError when `threads` is not a whole number from 1 to 8
 */
export async function startHeap(folder: URL, options: HeapOptions = {}): Promise<Heap> {
  const threads = threadsOf(options);
  running ??= createHeap(folder, threads, options.simd ?? "auto").catch((error) => {
    running = undefined;
    throw error;
  });
  const started = await running;
  // Sequentially, because each load restarts the threads with all modules loaded so far.
  const loaded = loading.then(() => started.load(folder));
  loading = loaded.catch(() => {});
  await loaded;
  return started.heap;
}

/**
 * Hands the heap over to another allocator; blocks in use stay where they are.
 * @param allocatorOf receives the range in use, which the new allocator must not touch
 */
export async function handOverHeap(
  allocatorOf: (start: number, end: number) => Allocator,
): Promise<void> {
  (await running)?.handOver(allocatorOf);
}

/** Number of threads for the options. @throws RangeError when it is not 1 to 8 */
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
    initial: ownStart / PAGE_BYTES,
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
 * Allocates a heap of fixed size. V8 reloads the size of a growable heap for every bounds check;
 * without this, matrix products are a tenth faster (5 × 8 tiles: 55 instead of 50 GFLOP/s on one
 * Zen 4 core).
 * @returns undefined where the system does not grant that much memory
 */
function fixedMemory(): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: heapPages, maximum: heapPages, shared: true });
  } catch {
    return undefined;
  }
}

/** Whether the engine supports all of a module's instructions. */
async function isValid(file: URL): Promise<boolean> {
  return WebAssembly.validate(await Deno.readFile(file));
}
