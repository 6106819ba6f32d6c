import * as tf from "@tensorflow/tfjs";
import { LEAK, type WeightName } from "./layers.ts";

/** The network's weights as tfjs variables. */
export type CombinationVariables = Readonly<Record<WeightName, tf.Variable>>;

/**
 * The layers before the last, in plain tfjs operations.
 * @param windows [B, window] ids, as numbers
 * @param mask [B, 256] factors of the dropout, or null
 * @returns [B, 256]; the caller disposes it
 */
export function hiddenLayers(
  variables: CombinationVariables,
  windows: tf.Tensor2D,
  mask: tf.Tensor2D | null,
): tf.Tensor2D {
  return tf.tidy(() => {
    const [rows, window] = windows.shape;
    const kernel = variables["conv1d/kernel"] as unknown as tf.Tensor3D;
    const conv = tf.conv1d(windows.reshape([rows, window, 1]) as tf.Tensor3D, kernel, 1, "valid")
      .add(variables["conv1d/bias"]);
    const sigmoid = conv.mul(0.2).add(0.5).clipByValue(0, 1).reshape([rows, -1]);
    const first = sigmoid.matMul(variables["dense/kernel"]).add(variables["dense/bias"]);
    const second = tf.leakyRelu(first, LEAK).matMul(variables["dense_1/kernel"] as tf.Tensor2D)
      .add(variables["dense_1/bias"]);
    const swish = second.mul(second.sigmoid());
    return (mask ? swish.mul(mask) : swish) as tf.Tensor2D;
  });
}

/**
 * Mean softmax cross-entropy of the whole network in nats, in plain tfjs operations: the reference
 * that the fast step is held against.
 * @param labels [B] int32, the class of each window's next frame
 * @returns a scalar; the caller disposes it
 */
export function plainLoss(
  variables: CombinationVariables,
  windows: tf.Tensor2D,
  labels: tf.Tensor1D,
  mask: tf.Tensor2D | null,
): tf.Scalar {
  return tf.tidy(() => {
    const logits = hiddenLayers(variables, windows, mask)
      .matMul(variables["dense_2/kernel"]).add(variables["dense_2/bias"]) as tf.Tensor2D;
    const classes = logits.shape[1];
    const picked = logits.mul(tf.oneHot(labels, classes)).sum(1);
    return logits.logSumExp(1).sub(picked).mean() as tf.Scalar;
  });
}
