import { createRequire } from "node:module";
import type { Worker as NodeWorker } from "node:worker_threads";

/** Threads that answered, and if there are none, why. */
export interface Workers {
  /** They run, wait for a message, and keep no process alive. */
  readonly workers: readonly NodeWorker[];
  /** Why one did not start; empty when all did. */
  readonly refusal: string;
}

/** How long a worker may take to answer before it counts as refused. */
const startMilliseconds = 20_000;

const require = createRequire(import.meta.url);

/**
 * Starts threads that run a program: all of them, or none when one is refused.
 * @param program CommonJS that posts a message when it is ready
 */
export async function startWorkers(count: number, program: string): Promise<Workers> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: count }, () => startWorker(program)),
  );
  const workers: NodeWorker[] = [];
  let refusal = "";
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") workers.push(outcome.value);
    else refusal = String(outcome.reason?.message ?? outcome.reason);
  }
  if (workers.length < count) { // all or none: each has its place in what they share
    for (const worker of workers.splice(0)) worker.terminate();
  }
  return { workers, refusal };
}

function startWorker(program: string): Promise<NodeWorker> {
  const { Worker } = require("node:worker_threads");
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
