import type * as tf from "@tensorflow/tfjs";

/**
 * Trainable parameters of the combination network, in tfjs's order; sizes for window W, classes V.
 */
export const PARTS = [
  "convKernel", // [4, 1, 64]
  "convBias", // [64]
  "dense1Kernel", // [(W - 3) · 64, 128]
  "dense1Bias", // [128]
  "dense2Kernel", // [128, 256]
  "dense2Bias", // [256]
  "outputKernel", // [256, V]
  "outputBias", // [V]
] as const;

/** Name of one of {@linkcode PARTS}. */
export type Part = (typeof PARTS)[number];

/** A record with one value per part. */
export type CombinationParts<T> = Readonly<Record<Part, T>>;

/** Adam's state: the moments, shaped like the variables, and the number of steps. */
export interface CombinationAdamState {
  /** First moments: means of the gradients. */
  readonly first: CombinationParts<tf.Tensor>;
  /** Second moments: means of the squared gradients. */
  readonly second: CombinationParts<tf.Tensor>;
  /** Number of steps so far. */
  steps: number;
}
