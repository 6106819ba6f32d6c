import type { Backend } from "./backend.ts";
import { BETA_1, BETA_2 } from "../../wasm/kernels/betas.ts";
import { share } from "../../wasm/multiply.ts";

/** Arguments of the kernel `adamRange` for step `step`, which counts from 1. */
export function adamRates(
  step: number,
  learningRate: number,
): { readonly rate: number; readonly correction: number } {
  return { rate: learningRate / (1 - BETA_1 ** step), correction: 1 / (1 - BETA_2 ** step) };
}

/**
 * One step of Adam in place, in one pass over memory: variable and both moments are overwritten.
 *
 * m ← β1 m + (1 − β1) g, v ← β2 v + (1 − β2) g²,
 * w ← w − rate · m/(1 − β1^t) / (√(v/(1 − β2^t)) + ε), as `tf.train.adam` does it
 * (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1).
 * @param addresses of the variable, its gradient, and its first and second moment
 * @param step t, counts from 1
 */
export function adamStep(
  backend: Backend,
  addresses: readonly [w: number, g: number, m: number, v: number],
  length: number,
  step: number,
  learningRate: number,
): void {
  const { rate, correction } = adamRates(step, learningRate);
  backend.parallel("adamRange", (thread, threads) => {
    // Whole cache lines to each thread.
    const [first, last] = share(Math.ceil(length / 16), thread, threads);
    const own = Math.max(0, Math.min(length, last * 16) - first * 16);
    return [...addresses.map((address) => address + first * 64), own, rate, correction, 1];
  });
}
