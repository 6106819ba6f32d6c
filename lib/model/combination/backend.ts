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
import { installation, ownFile } from "../../program.ts";

/** The heap with our kernels, and tfjs's WASM backend with threads on the same heap. */
export interface Backend extends Heap {
  /** Byte address of a tensor's values in the heap. Valid until the tensor is disposed of. */
  address(tensor: { readonly dataId: object }): number;
}

let starting: Promise<Backend> | undefined;
let running: Tfjs | undefined;

/**
 * Starts the backend and makes it tfjs's current one. While it runs, another call returns the same
 * backend and ignores its options: tensors live in it. Threads do not keep the process alive.
 *
 * Needs permission to read the package cache and the repository, and no other.
 * @throws RangeError when `threads` is not a whole number from 1 to 8
 */
export async function startBackend(options: HeapOptions = {}): Promise<Backend> {
  threadsOf(options);
  // Threads do not keep the process alive, not even while their start is awaited: this timer does.
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
 * Imports a module of the original network that uses tfjs, which is loaded only on demand.
 * @throws {Error} if tfjs is not in Deno's cache and cannot be downloaded, or not part of a compiled
 *   program
 */
export function loadTfjs<T>(url: URL): Promise<T> {
  if (installation() === "compiled") {
    throw new Error(
      "Cannot run the original network: this compiled program does not contain tfjs; use the npm " +
        "package or a clone of the project for it, or --model pitchwise",
    );
  }
  const packages = ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"];
  return loadWithPackages("run the original network", packages, url);
}

/** Ends all threads and disposes of all tensors; a later start creates a new backend. */
export async function stopBackend(): Promise<void> {
  await starting;
  starting = undefined;
  running?.stop();
  running = undefined;
  await stopHeap();
}

async function start(options: HeapOptions): Promise<Backend> {
  const kernels = ownFile("lib/model/combination/kernels/");
  const heap = await startHeap(kernels, options);
  const { registerKernels } = await loadTfjs<typeof import("./tfjs_kernels.ts")>(
    new URL("./tfjs_kernels.ts", import.meta.url),
  );
  const { launchTfjs, tfjsThread } = await loadTfjs<typeof import("./tfjs_threads.ts")>(
    new URL("./tfjs_threads.ts", import.meta.url),
  );
  const { startWorkers } = await import("./workers.ts");
  // A worker started by a worker is woken by each message only half a second later (Deno 2.9.6):
  // there, tfjs runs without threads. The expensive work runs on the heap's threads anyway.
  const nested = "WorkerGlobalScope" in globalThis;
  const workers = await startWorkers(nested ? 0 : heap.threads - 1, tfjsThread);
  running = await launchTfjs(workers, heap.memory);
  const { wasm, dataIdMap } = running.backend;
  await handOverHeap((from, to) => {
    const taken = wasm._malloc(to) >>> 0; // lowest addresses first, so that it ends above `to`
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

/** tfjs's own `malloc`: once tensors are in the heap, all memory is allocated there. */
function glueAllocator(wasm: Tfjs["backend"]["wasm"]): Allocator {
  // malloc's alignment is less than a cache line: its original address lies just below ours.
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
