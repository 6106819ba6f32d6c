import { getBuiltinModule } from "node:process";
import type { Worker as NodeWorker } from "node:worker_threads";

// The control block, separate from the heap so that the heap can grow: 32-bit words (the header,
// then for each thread a ready flag and the generation of its last task), then each thread's
// arguments as 64-bit floats.
const generation = 0, remaining = 1, kernelIndex = 2, failed = 3, readyFrom = 16, taskFrom = 32;
const headerBytes = 192, argumentsPerThread = 40, bytesPerThread = argumentsPerThread * 8;

/**
 * Iterations of spinning for new work before sleeping: about 30 µs, the gap between two kernels.
 */
const spins = 1500;

/** Source code of a pool thread, which instantiates the kernels and waits for calls. */
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
 * Thread pool in which each thread has an instance of the same WASM modules on the same heap.
 * Starting it does not wait for the threads (one started by a worker needs half a second, Deno
 * 2.9.6): until a thread is ready, the calling thread does its part.
 */
export class Pool {
  /** Reason why a thread could not be started; undefined if none failed. */
  readonly refusal: () => string | undefined;
  readonly #threads: number;
  readonly #kernels: Readonly<Record<string, (...args: number[]) => number>>;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #numbers: Float64Array;
  readonly #workers: readonly NodeWorker[];
  #stopped = false;

  /**
   * Starts `threads - 1` threads and instantiates the modules on the calling one.
   * @param modules import their memory as `env.memory`, and nothing else; export names are unique
   */
  constructor(
    modules: readonly WebAssembly.Module[],
    memory: WebAssembly.Memory,
    threads: number,
  ) {
    this.#threads = threads;
    this.#kernels = Object.assign(
      {},
      ...modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports),
    );
    const names = Object.keys(this.#kernels);
    this.#indices = new Map(names.map((name, index) => [name, index]));
    const control = new SharedArrayBuffer(headerBytes + threads * bytesPerThread);
    this.#words = new Int32Array(control, 0, headerBytes / 4);
    this.#numbers = new Float64Array(control, headerBytes);
    const { workers, refusal } = startThreads(threads - 1, (index) => ({
      ...{ modules, memory, control, names, spins },
      offset: headerBytes + index * bytesPerThread,
      ready: readyFrom + index,
      task: taskFrom + index,
    }));
    this.#workers = workers;
    this.refusal = refusal;
  }

  /** See `Heap.run`. */
  run(name: string, ...args: number[]): number {
    return this.#kernel(name)(...args);
  }

  /** See `Heap.parallel`. */
  parallel(
    name: string,
    argumentsOf: (thread: number, threads: number) => readonly number[],
  ): void {
    const kernel = this.#kernel(name), threads = this.#threads;
    const left = this.#dispatch(name, argumentsOf);
    let error: unknown;
    try {
      for (const thread of [0, ...left]) kernel(...argumentsOf(thread, threads));
    } catch (caught) {
      error = caught;
    }
    this.#waitForOthers();
    if (error) throw new Error(`Kernel "${name}" failed: ${error}`, { cause: error });
    if (this.#words[failed]) throw new Error(`Kernel "${name}" failed on another thread`);
  }

  /** Ends the threads. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#words[kernelIndex] = -1;
    this.#wake();
    for (const worker of this.#workers) worker.terminate();
  }

  #kernel(name: string): (...args: number[]) => number {
    if (this.#stopped) throw new Error(`Cannot run kernel "${name}": its threads were stopped`);
    const kernel = this.#kernels[name];
    if (kernel) return kernel;
    throw new RangeError(`No kernel "${name}"; there are: ${[...this.#indices.keys()].join(", ")}`);
  }

  /** Dispatches a task to the threads that are ready; the caller takes over the others' parts. */
  #dispatch(
    name: string,
    argumentsOf: (thread: number, threads: number) => readonly number[],
  ): number[] {
    const words = this.#words, threads = this.#threads;
    const left: number[] = [], next = (words[generation]! + 1) | 0;
    for (let thread = 1; thread < threads; thread++) {
      if (Atomics.load(words, readyFrom + thread) === 0) {
        left.push(thread);
        continue;
      }
      const args = argumentsOf(thread, threads);
      if (args.length >= argumentsPerThread) {
        throw new RangeError(`Kernel "${name}" was given ${args.length} arguments`);
      }
      const base = thread * argumentsPerThread;
      this.#numbers[base] = args.length;
      this.#numbers.set(args, base + 1);
      words[taskFrom + thread] = next;
    }
    const there = threads - 1 - left.length;
    if (there > 0) {
      words[kernelIndex] = this.#indices.get(name)!;
      words[failed] = 0;
      words[remaining] = there;
      this.#wake();
    }
    return left;
  }

  #wake(): void {
    Atomics.add(this.#words, generation, 1);
    Atomics.notify(this.#words, generation);
  }

  /** Waits for the other threads: they mostly finish together, so it spins before it sleeps. */
  #waitForOthers(): void {
    for (let spin = 0;; spin++) {
      const left = Atomics.load(this.#words, remaining);
      if (left <= 0) return;
      if (spin >= spins) Atomics.wait(this.#words, remaining, left);
    }
  }
}

/** Starts threads that do not keep the process alive; refused ones are missing. */
function startThreads(
  count: number,
  workerData: (thread: number) => unknown,
): { workers: NodeWorker[]; refusal: () => string | undefined } {
  const { Worker } = getBuiltinModule("node:worker_threads");
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
