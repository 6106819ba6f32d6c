import type * as tf from "@tensorflow/tfjs";

/** Something for each trainable part of the combination network; sizes for window W, classes V. */
export interface CombinationParts<T> {
  /** [4, 1, 64] */
  readonly convKernel: T;
  /** [64] */
  readonly convBias: T;
  /** [(W - 3) · 64, 128] */
  readonly dense1Kernel: T;
  /** [128] */
  readonly dense1Bias: T;
  /** [128, 256] */
  readonly dense2Kernel: T;
  /** [256] */
  readonly dense2Bias: T;
  /** [256, V] */
  readonly outputKernel: T;
  /** [V] */
  readonly outputBias: T;
}

/** Adam's memory: the moments, shaped like the variables, and how many steps it has taken. */
export interface CombinationAdamState {
  /** Means of the gradients. */
  readonly first: CombinationParts<tf.Tensor>;
  /** Means of the squared gradients. */
  readonly second: CombinationParts<tf.Tensor>;
  /** Counts up with each step. */
  steps: number;
}
