import { getBuiltinModule } from "node:process";
import type { Worker as NodeWorker } from "node:worker_threads";

/** Timeout for a worker's start. */
const startMilliseconds = 20_000;

/**
 * Starts threads that run a program: either all of them, or none if one is refused.
 * @param program CommonJS that posts a message when it is ready
 * @returns idle threads, which do not keep the process alive
 */
export async function startWorkers(count: number, program: string): Promise<NodeWorker[]> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: count }, () => startWorker(program)),
  );
  const workers = outcomes.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
  if (workers.length === count) return workers;
  for (const worker of workers) worker.terminate(); // each has its fixed place in the shared state
  return [];
}

function startWorker(program: string): Promise<NodeWorker> {
  const { Worker } = getBuiltinModule("node:worker_threads");
  return new Promise((resolve, reject) => {
    const worker: NodeWorker = new Worker(program, { eval: true });
    const seconds = startMilliseconds / 1000;
    const timer = setTimeout(
      () => reject(new Error(`no answer after ${seconds} s`)),
      seconds * 1000,
    );
    worker.once("message", () => {
      clearTimeout(timer);
      worker.unref();
      resolve(worker);
    });
    worker.once("error", (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
