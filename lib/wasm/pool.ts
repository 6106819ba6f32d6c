import { startWorkers } from "./workers.ts";

/** Threads that wait for work, each with an instance of the same WASM modules on the same heap. */
export interface Pool {
  /** The calling thread included. */
  readonly threads: number;
  /** Why there are fewer threads than asked for; empty when there are not. */
  readonly refusal: string;
  /** See `Backend.parallel`. */
  parallel(
    kernel: string,
    argumentsOf: (thread: number, threads: number) => readonly number[],
  ): void;
  /** See `Backend.run`. */
  run(kernel: string, ...args: number[]): number;
  /** Ends the threads. */
  stop(): void;
}

// The control block, apart from the heap so that the heap can grow under it: 32-bit words, then
// each thread's arguments as 64-bit floats.
const generation = 0, remaining = 1, kernelIndex = 2, failed = 3;
const headerBytes = 64, argumentsPerThread = 40, bytesPerThread = argumentsPerThread * 8;

/** Looks this many times for new work before sleeping: about 30 µs, the gap between two kernels. */
const spins = 1500;

/** What a thread of the pool runs: it instantiates the kernels and waits for calls. */
const poolThread = `
const { parentPort, workerData } = require("node:worker_threads");
const { modules, memory, control, names, offset, spins } = workerData;
const kernels = Object.assign(
  {},
  ...modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports),
);
const words = new Int32Array(control, 0, 16);
const numbers = new Float64Array(control, offset);
const pause = Atomics.pause ?? (() => {});
parentPort.postMessage("ready");
let seen = 0;
for (;;) {
  for (let spin = 0; spin < spins && Atomics.load(words, 0) === seen; spin++) pause();
  while (Atomics.load(words, 0) === seen) Atomics.wait(words, 0, seen);
  seen = Atomics.load(words, 0);
  const index = words[2];
  if (index < 0) break;
  try {
    kernels[names[index]](...numbers.subarray(1, 1 + numbers[0]));
  } catch {
    Atomics.store(words, 3, 1);
  }
  if (Atomics.sub(words, 1, 1) === 1) Atomics.notify(words, 1);
}
`;

/**
 * Starts `threads - 1` threads and instantiates the modules on each and on the calling one.
 *
 * @param modules import their memory as `env.memory`, and nothing else; no two export the same name
 */
export async function startPool(
  modules: readonly WebAssembly.Module[],
  memory: WebAssembly.Memory,
  threads: number,
): Promise<Pool> {
  const kernels: Record<string, (...args: number[]) => number> = Object.assign(
    {},
    ...modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports),
  );
  const names = Object.keys(kernels);
  const indices = new Map(names.map((name, index) => [name, index]));
  const control = new SharedArrayBuffer(headerBytes + threads * bytesPerThread);
  const words = new Int32Array(control, 0, 16);
  const numbers = new Float64Array(control, headerBytes);
  const { workers, refusal } = await startWorkers(threads - 1, poolThread, (index) => ({
    modules,
    memory,
    control,
    names,
    offset: headerBytes + (index + 1) * bytesPerThread,
    spins,
  }));
  const started = workers.length + 1;
  let stopped = false;
  const kernelOf = (name: string) => {
    if (stopped) throw new Error(`Cannot run kernel "${name}": the backend was stopped`);
    const kernel = kernels[name];
    if (!kernel) throw new RangeError(`No kernel "${name}"; there are: ${names.join(", ")}`);
    return kernel;
  };
  return {
    threads: started,
    refusal,
    run: (name, ...args) => kernelOf(name)(...args),
    parallel(name, argumentsOf) {
      const kernel = kernelOf(name);
      for (let thread = 1; thread < started; thread++) {
        const args = argumentsOf(thread, started);
        if (args.length >= argumentsPerThread) {
          throw new RangeError(`Kernel "${name}" was given ${args.length} arguments`);
        }
        const base = thread * argumentsPerThread;
        numbers[base] = args.length;
        numbers.set(args, base + 1);
      }
      if (started > 1) {
        words[kernelIndex] = indices.get(name)!;
        words[failed] = 0;
        words[remaining] = started - 1;
        Atomics.add(words, generation, 1);
        Atomics.notify(words, generation);
      }
      let error: unknown;
      try {
        kernel(...argumentsOf(0, started));
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
