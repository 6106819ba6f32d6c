import type { Backend } from "./backend.ts";
import * as words from "../../wasm/kernels/adam_words.ts";
import { BETA_1, BETA_2 } from "../../wasm/kernels/betas.ts";
import { floatsAt } from "../../wasm/blocks.ts";
import { share, workspace } from "../../wasm/multiply.ts";

/** What is added to the spread: the default of tfjs and Keras. */
const epsilon = 1e-7;

/** Bytes of the record that the kernels read. */
export const adamStepBytes = 32;

/** Writes the record `AdamStep` of lib/wasm/kernels/adam.ts. @param step counts from 1 */
export function writeAdamStep(
  backend: Backend,
  address: number,
  learningRate: number,
  step: number,
): void {
  const record = floatsAt(backend, address, adamStepBytes / 4);
  record[words.beta1] = BETA_1;
  record[words.beta2] = BETA_2;
  record[words.epsilon] = epsilon;
  record[words.rate] = learningRate / (1 - BETA_1 ** step);
  record[words.correction] = 1 / (1 - BETA_2 ** step);
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
  const record = workspace(backend, adamStepBytes);
  writeAdamStep(backend, record, learningRate, step);
  backend.parallel("adamRange", (thread, threads) => {
    // Whole cache lines to each thread.
    const [first, last] = share(Math.ceil(length / 16), thread, threads);
    return [
      record,
      ...addresses.map((address) => address + first * 64),
      Math.max(0, Math.min(length, last * 16) - first * 16),
    ];
  });
}
