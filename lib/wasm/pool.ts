import { createRequire } from "node:module";
import type { Worker as NodeWorker } from "node:worker_threads";

/** Threads that wait for work, each with an instance of the same WASM modules on the same heap. */
export interface Pool {
  /** Why a thread could not be started; undefined as long as none failed to. */
  refusal(): string | undefined;
  /** See `Heap.parallel`. */
  parallel(
    kernel: string,
    argumentsOf: (thread: number, threads: number) => readonly number[],
  ): void;
  /** See `Heap.run`. */
  run(kernel: string, ...args: number[]): number;
  /** Ends the threads. */
  stop(): void;
}

// The control block, apart from the heap so that the heap can grow under it: 32-bit words (the
// header, then for each thread whether it is there and the generation of its last task), then each
// thread's arguments as 64-bit floats.
const generation = 0, remaining = 1, kernelIndex = 2, failed = 3, readyFrom = 16, taskFrom = 32;
const headerBytes = 192, argumentsPerThread = 40, bytesPerThread = argumentsPerThread * 8;

/** Looks this many times for new work before sleeping: about 30 µs, the gap between two kernels. */
const spins = 1500;

/** What a thread of the pool runs: it instantiates the kernels and waits for calls. */
const poolThread = `
const { workerData } = require("node:worker_threads");
const { modules, memory, control, names, offset, ready, task, spins } = workerData;
const kernels = Object.assign(
  {},
  ...modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports),
);
const words = new Int32Array(control, 0, 48);
const numbers = new Float64Array(control, offset);
const pause = Atomics.pause ?? (() => {});
let seen = Atomics.load(words, 0);
Atomics.store(words, ready, 1);
while (Atomics.load(words, 2) >= 0) {
  for (let spin = 0; spin < spins && Atomics.load(words, 0) === seen; spin++) pause();
  while (Atomics.load(words, 0) === seen) Atomics.wait(words, 0, seen);
  seen = Atomics.load(words, 0);
  if (Atomics.load(words, task) !== seen) continue; // began before this thread was there
  try {
    kernels[names[words[2]]](...numbers.subarray(1, 1 + numbers[0]));
  } catch {
    Atomics.store(words, 3, 1);
  }
  if (Atomics.sub(words, 1, 1) === 1) Atomics.notify(words, 1);
}
`;

/**
 * Starts `threads - 1` threads and instantiates the modules on the calling one. It does not wait
 * for them (a thread that a worker starts needs half a second, Deno 2.9.6): until one is there, the
 * calling thread does its part.
 *
 * @param modules import their memory as `env.memory`, and nothing else; no two export the same name
 */
export function startPool(
  modules: readonly WebAssembly.Module[],
  memory: WebAssembly.Memory,
  threads: number,
): Pool {
  const kernels: Record<string, (...args: number[]) => number> = Object.assign(
    {},
    ...modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports),
  );
  const names = Object.keys(kernels);
  const indices = new Map(names.map((name, index) => [name, index]));
  const control = new SharedArrayBuffer(headerBytes + threads * bytesPerThread);
  const words = new Int32Array(control, 0, headerBytes / 4);
  const numbers = new Float64Array(control, headerBytes);
  const { workers, refusal } = startThreads(threads - 1, (index) => ({
    ...{ modules, memory, control, names, spins },
    offset: headerBytes + index * bytesPerThread,
    ready: readyFrom + index,
    task: taskFrom + index,
  }));
  let stopped = false;
  const kernelOf = (name: string) => {
    if (stopped) throw new Error(`Cannot run kernel "${name}": its threads were stopped`);
    const kernel = kernels[name];
    if (!kernel) throw new RangeError(`No kernel "${name}"; there are: ${names.join(", ")}`);
    return kernel;
  };
  /** Gives a task to those threads that are there; the others' parts are left to the caller. */
  const dispatch = (name: string, argumentsOf: (thread: number) => readonly number[]) => {
    const left: number[] = [], next = (words[generation]! + 1) | 0;
    for (let thread = 1; thread < threads; thread++) {
      if (Atomics.load(words, readyFrom + thread) === 0) {
        left.push(thread);
        continue;
      }
      const args = argumentsOf(thread);
      if (args.length >= argumentsPerThread) {
        throw new RangeError(`Kernel "${name}" was given ${args.length} arguments`);
      }
      const base = thread * argumentsPerThread;
      numbers[base] = args.length;
      numbers.set(args, base + 1);
      words[taskFrom + thread] = next;
    }
    const there = threads - 1 - left.length;
    if (there > 0) {
      words[kernelIndex] = indices.get(name)!;
      words[failed] = 0;
      words[remaining] = there;
      Atomics.add(words, generation, 1);
      Atomics.notify(words, generation);
    }
    return left;
  };
  return {
    refusal,
    run: (name, ...args) => kernelOf(name)(...args),
    parallel(name, argumentsOf) {
      const kernel = kernelOf(name);
      const left = dispatch(name, (thread) => argumentsOf(thread, threads));
      let error: unknown;
      try {
        for (const thread of [0, ...left]) kernel(...argumentsOf(thread, threads));
      } catch (caught) {
        error = caught;
      }
      waitForOthers(words);
      if (error) throw error;
      if (words[failed]) throw new Error(`Kernel "${name}" failed on another thread`);
    },
    stop() {
      if (stopped) return;
      stopped = true;
      words[kernelIndex] = -1;
      Atomics.add(words, generation, 1);
      Atomics.notify(words, generation);
      for (const worker of workers) worker.terminate();
    },
  };
}

const require = createRequire(import.meta.url);

/** Threads that keep no process alive; those that are refused are missing. */
function startThreads(
  count: number,
  workerData: (thread: number) => unknown,
): { workers: NodeWorker[]; refusal: () => string | undefined } {
  const { Worker } = require("node:worker_threads");
  let refusal: string | undefined;
  const refused = (error: unknown) => {
    refusal ??= error instanceof Error ? error.message : String(error);
  };
  const workers = Array.from({ length: count }, (_, index) => {
    try {
      const worker: NodeWorker = new Worker(poolThread, {
        eval: true,
        workerData: workerData(index + 1),
      });
      worker.once("error", refused);
      worker.unref();
      return worker;
    } catch (error) {
      refused(error);
    }
  });
  return { workers: workers.filter((worker) => worker !== undefined), refusal: () => refusal };
}

/** Returns when the other threads are done: they mostly finish together, so it looks before it sleeps. */
function waitForOthers(words: Int32Array<SharedArrayBuffer>): void {
  for (let spin = 0; spin < spins; spin++) {
    if (Atomics.load(words, remaining) <= 0) return;
  }
  for (;;) {
    const left = Atomics.load(words, remaining);
    if (left <= 0) return;
    Atomics.wait(words, remaining, left);
  }
}
