/**
 * Starts tfjs's WASM backend with SIMD and threads under Deno.
 *
 * tfjs never uses threads where `process.versions.node` exists. Three things stand in the way:
 * the flag, the workers (the package hands a `blob:` address to Node's `Worker`, which Deno
 * refuses), and the count (its C++ side uses at most half of the processors that it counts).
 * While the backend starts, {@linkcode launchTfjs} stands in for `Worker`, for `os.cpus`, and for
 * `WebAssembly.Memory`, since tfjs is to use our heap, and puts all back afterwards. Worker and
 * processors are swapped through `require`, since that is the object that the package itself sees.
 */
import { dirname, join } from "node:path";
import process, { getBuiltinModule } from "node:process";
import { fileURLToPath } from "node:url";
import type { Worker as NodeWorker } from "node:worker_threads";
import { packageSpecifier } from "../../packages.ts";
import * as tf from "./tfjs.ts";

const { wasm } = tf;

/** tfjs release whose internals this folder was written against. */
const knownVersion = "4.22.0";

/** Number of workers that the package's emscripten glue always asks for. */
const glueWorkers = 8;

/** The part of tfjs's WASM backend that the kernels use. */
export interface TfjsBackend extends tf.KernelBackend {
  readonly wasm: { _malloc(bytes: number): number; _free(address: number): void };
  readonly dataIdMap: {
    get(dataId: object): { memoryOffset: number };
  };
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(dataId: object): boolean;
}

/** tfjs's running backend. */
export interface Tfjs {
  readonly backend: TfjsBackend;
  /** Disposes of the backend and all its tensors, and ends its threads. */
  stop(): void;
}

interface Message {
  readonly cmd: string;
  readonly urlOrBlob?: unknown;
}

type Listener = (argument: unknown) => void;

/**
 * Program of a tfjs thread: it loads the package's own glue on the shared heap and enters the C
 * thread.
 */
export const tfjsThread = `
const { parentPort } = require("node:worker_threads");
globalThis.Module = {};
globalThis.startWorker = (instance) => {
  globalThis.Module = instance;
  parentPort.postMessage({ cmd: "loaded" });
};
globalThis.postMessage = (message) => parentPort.postMessage(message);
Module.instantiateWasm = (imports, done) => {
  const instance = new WebAssembly.Instance(Module.wasmModule, imports);
  done(instance);
  Module.wasmModule = null;
  return instance.exports;
};
parentPort.on("message", (message) => {
  if (message.cmd === "load") {
    const { wasmModule, wasmMemory, glue } = message;
    Object.assign(Module, { wasmModule, wasmMemory, buffer: wasmMemory.buffer, ENVIRONMENT_IS_PTHREAD: true });
    require(glue)(Module);
  } else if (message.cmd === "run") {
    Module.__emscripten_thread_init(message.pthread_ptr, 0, 0, 1);
    Module.establishStackSpace();
    Module.PThread.receiveObjectTransfer(message);
    Module.PThread.threadInitTLS();
    try {
      Module.invokeEntryPoint(message.start_routine, message.arg);
    } catch (error) {
      if (error !== "unwind") throw error;
    }
  }
});
parentPort.postMessage({ cmd: "started" });
`;

/**
 * Starts tfjs's WASM backend and makes it the current one.
 * @param workers threads running {@linkcode tfjsThread}, besides the calling one; at most 7
 * @param heap used by tfjs instead of a heap of its own: its data is at the bottom, and its
 *   `malloc` allocates above that
 * @throws Error when the installed tfjs is not the release that this folder was written for
 */
export async function launchTfjs(
  workers: readonly NodeWorker[],
  heap: WebAssembly.Memory,
): Promise<Tfjs> {
  const versions = [tf.version.tfjs, wasm.version_wasm];
  if (versions.some((version) => version !== knownVersion)) {
    throw new Error(
      `Cannot start the WASM backend: @tensorflow/tfjs is ${versions[0]} and ` +
        `@tensorflow/tfjs-backend-wasm is ${versions[1]}, but this program reaches into the ` +
        `internals of ${knownVersion}; install that release, or check lib/model/combination against the new one`,
    );
  }
  const dist = dirname(
    fileURLToPath(import.meta.resolve(packageSpecifier("@tensorflow/tfjs-backend-wasm"))),
  );
  const glue = join(dist, "../wasm-out/tfjs-backend-wasm-threaded-simd.js");

  let asked = 0;
  /** Stand-in for `Worker` in the glue, which uses the workers it requested last first. */
  class Thread {
    readonly #worker = workers[glueWorkers - ++asked];
    readonly #listeners: Listener[] = [];
    constructor() {
      this.#worker?.on("message", (message) => this.#emit(message));
    }
    #emit(message: unknown) {
      for (const listener of this.#listeners) listener(message);
    }
    on(event: string, listener: Listener) {
      if (event === "message") this.#listeners.push(listener);
      else this.#worker?.on(event, listener);
    }
    postMessage(message: Message) {
      if (message.cmd !== "load") return this.#worker?.postMessage(message);
      const { urlOrBlob: _, ...rest } = message;
      if (this.#worker) this.#worker.postMessage({ ...rest, glue });
      else queueMicrotask(() => this.#emit({ cmd: "loaded" }));
    }
    // The glue's threads would keep the process alive; a task that forgets to stop must still end.
    ref() {}
    unref() {}
    terminate() {
      this.#worker?.terminate();
    }
  }

  const restore = standIn(Thread, 2 * (workers.length + 1), heap);
  try {
    // Registering the factory again allows a restart after a stop: tfjs removes it with the
    // backend.
    factory ??= tf.findBackendFactory("wasm");
    if (!tf.findBackendFactory("wasm")) tf.registerBackend("wasm", factory, 2);
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
    wasm.setThreadsCount(workers.length + 1);
    wasm.setWasmPaths(dist + "/");
    if (!await tf.setBackend("wasm")) {
      throw new Error("Cannot start the WASM backend: tfjs gave up, see its message above");
    }
  } finally {
    restore();
  }
  return {
    backend: tf.backend() as TfjsBackend,
    stop() {
      tf.removeBackend("wasm");
      for (const worker of workers) worker.terminate();
    },
  };
}

let factory: ReturnType<typeof tf.findBackendFactory> | undefined;

/** Replaces worker, processor count and heap; the returned function restores them. */
function standIn(worker: unknown, processors: number, heap: WebAssembly.Memory): () => void {
  const workerThreads = getBuiltinModule("node:worker_threads");
  const os = getBuiltinModule("node:os");
  const original = { Worker: workerThreads.Worker, cpus: os.cpus, globalWorker: globalThis.Worker };
  const { Memory } = WebAssembly;
  // The glue also rethrows every error of the process, which is none of its business.
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => new Set(process.listeners(event as "uncaughtException")));
  workerThreads.Worker = worker as typeof NodeWorker;
  os.cpus = () => new Array(processors).fill({});
  Object.assign(WebAssembly, {
    // During this time only the glue creates shared memory.
    Memory: function (descriptor: WebAssembly.MemoryDescriptor) {
      return descriptor.shared ? heap : new Memory(descriptor);
    },
  });
  return () => {
    workerThreads.Worker = original.Worker;
    os.cpus = original.cpus;
    WebAssembly.Memory = Memory;
    globalThis.Worker = original.globalWorker;
    events.forEach((event, index) => {
      for (const listener of process.listeners(event as "uncaughtException")) {
        if (!before[index]!.has(listener)) process.off(event, listener);
      }
    });
  };
}
