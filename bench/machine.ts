import { cpus } from "node:os";
import { startHeap } from "../lib/wasm/heap.ts";

/**
 * Description of a machine, with the peak speed of its cores and memory as measured in this run.
 */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly deno: string;
  readonly backend: string;
  /**
   * Peak speed of multiply-adds in registers, in WASM, in 10^9 operations per second: on one core
   * and on all.
   */
  readonly peakGflops: readonly [one: number, all: number];
  /** Peak sequential read bandwidth, in 10^9 bytes per second: of one core and of all. */
  readonly peakGigabytes: readonly [one: number, all: number];
}

/**
 * Measures the machine: the maximum of several short runs, as other programs may be using it.
 * @param least whether to do one run of little work, which says nothing of the machine
 */
export async function measureMachine(least: boolean): Promise<Machine> {
  const backend = await startHeap(new URL("../tools/kernels/measuring/", import.meta.url));
  const bytes = least ? 2 ** 20 : 2 ** 28, rounds = least ? 2000 : 2_000_000;
  const address = backend.allocate(bytes);
  new Uint8Array(backend.memory.buffer, address, bytes).fill(0);
  const best = (work: () => void) => {
    let seconds = Infinity;
    for (let run = 0; run < (least ? 1 : 8); run++) {
      const start = performance.now();
      work();
      seconds = Math.min(seconds, (performance.now() - start) / 1000);
    }
    return seconds;
  };
  const parts = backend.threads;
  for (let i = 0; i < 2000; i++) backend.run("peak", 1000, 1, 1e-9); // until it is optimized
  const operations = rounds * 12 * 8, part = bytes / parts;
  const machine: Machine = {
    processor: cpus()[0]?.model ?? "unknown processor",
    cores: navigator.hardwareConcurrency,
    memoryBytes: Deno.systemMemoryInfo().total,
    deno: Deno.version.deno,
    backend: backend.describe(),
    peakGflops: [
      operations / best(() => backend.run("peak", rounds, 1, 1e-9)) / 1e9,
      parts * operations / best(() => backend.parallel("peak", () => [rounds, 1, 1e-9])) / 1e9,
    ],
    peakGigabytes: [
      bytes / best(() => backend.run("readAll", address, bytes)) / 1e9,
      bytes / best(() => backend.parallel("readAll", (thread) => [address + thread * part, part])) /
      1e9,
    ],
  };
  backend.free(address);
  return machine;
}
