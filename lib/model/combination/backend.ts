import type { Allocator } from "../../wasm/allocator.ts";
import {
  handOverHeap,
  type Heap,
  type HeapOptions,
  startHeap,
  stopHeap,
  threadsOf,
} from "../../wasm/heap.ts";
import { loadWithPackages } from "../../packages.ts";
import type { Tfjs } from "./tfjs_threads.ts";

/** The heap and our kernels on it, and tfjs's WASM backend with threads on the same heap. */
export interface Backend extends Heap {
  /** Where a tensor's values start in the heap, in bytes. Valid until the tensor is disposed of. */
  address(tensor: { readonly dataId: object }): number;
}

let starting: Promise<Backend> | undefined;
let running: Tfjs | undefined;

/**
 * Starts the backend and makes it tfjs's current one. While it runs, another call returns the
 * same backend, whatever it asks for: tensors live in it. Threads keep no process alive.
 *
 * Needs to read the package cache and the repository, and no other permission.
 * @throws RangeError when `threads` is not a whole number from 1 to 8
 */
export async function startBackend(options: HeapOptions = {}): Promise<Backend> {
  threadsOf(options);
  // Threads keep no process alive, not even one that awaits their start: this does.
  const awake = setInterval(() => {}, 1000);
  starting ??= start(options).catch((error) => {
    starting = undefined;
    throw error;
  });
  try {
    return await starting;
  } finally {
    clearInterval(awake);
  }
}

/**
 * Imports a module of the original network that computes with tfjs: only who needs tfjs loads it.
 * @throws {Error} if tfjs is not in Deno's cache and cannot be downloaded
 */
export function loadTfjs<T>(url: URL): Promise<T> {
  const packages = ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"];
  return loadWithPackages("run the original network", packages, url);
}

/** Ends all threads and disposes of all tensors; a later start begins afresh. */
export async function stopBackend(): Promise<void> {
  await starting;
  starting = undefined;
  running?.stop();
  running = undefined;
  await stopHeap();
}

async function start(options: HeapOptions): Promise<Backend> {
  const kernels = new URL("./kernels/", import.meta.url);
  const heap = await startHeap(kernels, options);
  const { registerKernels } = await loadTfjs<typeof import("./tfjs_kernels.ts")>(
    new URL("./tfjs_kernels.ts", import.meta.url),
  );
  const { launchTfjs, tfjsThread } = await loadTfjs<typeof import("./tfjs_threads.ts")>(
    new URL("./tfjs_threads.ts", import.meta.url),
  );
  const { startWorkers } = await import("./workers.ts");
  // A worker that a worker starts is woken by each message only half a second later (Deno 2.9.6):
  // there, tfjs goes without threads. What takes time runs on the heap's anyway.
  const nested = "WorkerGlobalScope" in globalThis;
  const workers = await startWorkers(nested ? 0 : heap.threads - 1, tfjsThread);
  running = await launchTfjs(workers, heap.memory);
  const { wasm, dataIdMap } = running.backend;
  await handOverHeap((from, to) => {
    const taken = wasm._malloc(to) >>> 0; // from the lowest address on, so that it ends above `to`
    if (taken === 0 || taken > from) {
      throw new Error(`Cannot start the WASM backend: tfjs began at ${taken}, above ${from}`);
    }
    return glueAllocator(wasm);
  });
  const backend: Backend = {
    ...heap,
    address: ({ dataId }) => dataIdMap.get(dataId).memoryOffset,
  };
  registerKernels(running.backend, backend);
  return backend;
}

/** tfjs's own `malloc`: once tensors are in the heap, all memory comes from there. */
function glueAllocator(wasm: Tfjs["backend"]["wasm"]): Allocator {
  // malloc's own alignment is less than a cache line: the address it gave lies just below ours.
  const allocated = new Map<number, number>();
  return {
    allocate(bytes) {
      const block = bytes < 2 ** 32 - 64 ? wasm._malloc(bytes + 64) >>> 0 : 0;
      if (block === 0) return undefined;
      const address = Math.ceil(block / 64) * 64;
      allocated.set(address, block);
      return address;
    },
    free(address) {
      const block = allocated.get(address);
      if (block === undefined) return false;
      allocated.delete(address);
      wasm._free(block);
      return true;
    },
  };
}
