import { fixedHeap } from "../wasm/heap.ts";
import { type Pool, startPool } from "../wasm/pool.ts";
import { registerKernels } from "./tfjs_kernels.ts";
import { launchTfjs, type Tfjs, tfjsThread } from "./tfjs_threads.ts";
import { startWorkers } from "../wasm/workers.ts";

/** How to start the backend. */
export interface BackendOptions {
  /** Threads that compute, the calling one included; 1 to 8. Default: all cores, up to 8. */
  readonly threads?: number;
  /**
   * `"auto"` (default): our kernels with relaxed SIMD on a heap of fixed size where engine and
   * system have them, plain SIMD where not. `"simd"`: plain SIMD in any case. `"tfjs"`: only tfjs's
   * kernels; `run` and `parallel` throw, and what relies on them takes the plain tfjs way.
   */
  readonly kernels?: "auto" | "simd" | "tfjs";
}

/** tfjs's WASM backend with threads, and our kernels working on its heap. */
export interface Backend {
  /** How many threads compute, the calling one included. */
  readonly threads: number;
  /** Which instructions our kernels use. */
  readonly simd: "relaxed SIMD" | "SIMD";
  /** Whether our kernels are loaded (see {@linkcode BackendOptions.kernels}). */
  readonly kernels: boolean;
  /** tfjs's heap. Views of `memory.buffer` must be made anew after anything was allocated. */
  readonly memory: WebAssembly.Memory;
  /** One line for people, such as `WASM with relaxed SIMD, 2 threads`, and why it is not more. */
  describe(): string;
  /**
   * Reserves `bytes` of the heap, not cleared; the caller frees them.
   *
   * @returns an address that is a multiple of 64
   * @throws RangeError when the heap (4 GiB at most) has no room
   */
  allocate(bytes: number): number;
  /** Gives back what {@linkcode Backend.allocate} reserved. */
  free(address: number): void;
  /** Where a tensor's values start in the heap, in bytes. Valid until the tensor is disposed of. */
  address(tensor: { readonly dataId: object }): number;
  /**
   * Runs a kernel once on every thread, this one included, and returns when all are done.
   *
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

const maximumThreads = 8;

let starting: Promise<Backend> | undefined;
let running: { tfjs: Tfjs; pool: Pool | undefined } | undefined;

/**
 * Starts the backend and makes it tfjs's current one. While it runs, another call returns the
 * same backend, whatever it asks for: tensors live in it. Threads keep no process alive.
 *
 * Needs to read the package cache and the repository, and no other permission.
 *
 * @throws RangeError when `threads` is not a whole number from 1 to 8
 */
export function startBackend(options: BackendOptions = {}): Promise<Backend> {
  const threads = options.threads ?? Math.min(navigator.hardwareConcurrency, maximumThreads);
  if (!Number.isInteger(threads) || threads < 1 || threads > maximumThreads) {
    return Promise.reject(
      new RangeError(`Cannot start ${threads} threads: needed a whole number from 1 to 8`),
    );
  }
  // Threads keep no process alive, not even one that awaits their start: this does.
  const awake = setInterval(() => {}, 1000);
  starting ??= start(threads, options.kernels ?? "auto").catch((error) => {
    starting = undefined;
    throw error;
  });
  starting.then(() => clearInterval(awake), () => clearInterval(awake));
  return starting;
}

/** Ends the backend's threads and disposes of all its tensors; a later start begins afresh. */
export async function stopBackend(): Promise<void> {
  await starting;
  starting = undefined;
  running?.pool?.stop();
  running?.tfjs.stop();
  running = undefined;
}

async function start(threads: number, kernels: "auto" | "simd" | "tfjs"): Promise<Backend> {
  const heap = kernels === "auto" ? fixedHeap() : undefined;
  const { modules, simd } = await loadKernels(kernels, heap);
  // A worker that a worker starts is woken by each message only half a second later (Deno 2.9.6):
  // there, tfjs goes without threads. What takes time runs on the pool's anyway.
  const nested = "WorkerGlobalScope" in globalThis;
  const workers = await startWorkers(modules && nested ? 0 : threads - 1, tfjsThread);
  const tfjs = await launchTfjs(workers, simd === "SIMD" ? undefined : heap);
  const pool = modules && await startPool(modules, tfjs.memory, threads);
  running = { tfjs, pool };
  const refusal = pool?.refusal || workers.refusal;
  const backend = backendOf(tfjs, pool, simd, { asked: threads, refusal });
  registerKernels(tfjs.backend, backend);
  return backend;
}

function backendOf(
  { backend: tfjs, memory, threads }: Tfjs,
  pool: Pool | undefined,
  simd: Backend["simd"],
  { asked, refusal }: { readonly asked: number; readonly refusal: string },
): Backend {
  const missing = (kernel: string): never => {
    throw new Error(`Cannot run kernel "${kernel}": the backend was started with tfjs's alone`);
  };
  // malloc's own alignment is less than a cache line: the address it gave lies just below ours.
  const allocated = new Map<number, number>();
  return {
    threads: pool?.threads ?? threads,
    simd,
    kernels: pool !== undefined,
    memory,
    describe() {
      const count = pool?.threads ?? threads;
      return `WASM with ${pool ? simd : "SIMD (tfjs's kernels)"}, ${count} thread${
        count === 1 ? "" : "s"
      }` + (count < asked ? ` of ${asked}: ${refusal || "no more could be started"}` : "");
    },
    allocate(bytes) {
      const block = bytes < 2 ** 32 - 64 ? tfjs.wasm._malloc(bytes + 64) >>> 0 : 0;
      if (block === 0) {
        throw new RangeError(
          `Cannot reserve ${(bytes / 2 ** 20).toFixed(0)} MiB: WASM's heap of 4 GiB has no room; ` +
            `take a smaller batch or fewer classes`,
        );
      }
      const address = Math.ceil(block / 64) * 64;
      allocated.set(address, block);
      return address;
    },
    free(address) {
      const block = allocated.get(address);
      if (block === undefined) throw new RangeError(`Nothing is allocated at ${address}`);
      allocated.delete(address);
      tfjs.wasm._free(block);
    },
    address: ({ dataId }) => tfjs.dataIdMap.get(dataId).memoryOffset,
    parallel: (kernel, argumentsOf) => pool ? pool.parallel(kernel, argumentsOf) : missing(kernel),
    run: (kernel, ...args) => pool ? pool.run(kernel, ...args) : missing(kernel),
  };
}

async function loadKernels(
  kernels: "auto" | "simd" | "tfjs",
  heap: WebAssembly.Memory | undefined,
): Promise<{ modules: WebAssembly.Module[] | undefined; simd: Backend["simd"] }> {
  if (kernels === "tfjs") return { modules: undefined, simd: "SIMD" };
  const read = (name: string) =>
    Promise.all(
      ["combination", "pitchwise"].map((network) =>
        Deno.readFile(new URL(`../model/${network}/kernels/${name}`, import.meta.url))
      ),
    );
  const compile = (modules: Uint8Array<ArrayBuffer>[]) =>
    Promise.all(modules.map((module) => WebAssembly.compile(module)));
  if (heap) {
    const relaxed = await read("kernels.wasm");
    if (relaxed.every((module) => WebAssembly.validate(module))) {
      return { modules: await compile(relaxed), simd: "relaxed SIMD" };
    }
  }
  return { modules: await compile(await read("kernels-simd.wasm")), simd: "SIMD" };
}
