import type * as tf from "@tensorflow/tfjs";

/** The trainable parts of the combination network, in tfjs's order; sizes for window W, classes V. */
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

/** One of {@linkcode PARTS}. */
export type Part = (typeof PARTS)[number];

/** Something for each part. */
export type CombinationParts<T> = Readonly<Record<Part, T>>;

/** Adam's memory: the moments, shaped like the variables, and how many steps it has taken. */
export interface CombinationAdamState {
  /** Means of the gradients. */
  readonly first: CombinationParts<tf.Tensor>;
  /** Means of the squared gradients. */
  readonly second: CombinationParts<tf.Tensor>;
  /** Counts up with each step. */
  steps: number;
}
