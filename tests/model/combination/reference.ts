/**
 * What the kernels compute, said plainly: the formulas as loops in 64-bit floats. The tests hold
 * every kernel against these; nothing else uses them.
 */

/** Matrices are row by row; gradients are those of the mean loss. */
export interface OutputGradients {
  /** Cross-entropy of each row in nats. */
  readonly losses: Float64Array;
  /** [rows, inputs] */
  readonly dHidden: Float64Array;
  /** [inputs, classes] */
  readonly dWeights: Float64Array;
  /** [classes] */
  readonly dBias: Float64Array;
}

/** Dense, softmax and cross-entropy, forward and backward; see output_layer.ts. */
export function outputGradients(
  hidden: Float32Array,
  weights: Float32Array,
  bias: Float32Array,
  labels: Int32Array,
): OutputGradients {
  const rows = labels.length, classes = bias.length, inputs = weights.length / classes;
  const losses = new Float64Array(rows);
  const dHidden = new Float64Array(rows * inputs);
  const dWeights = new Float64Array(inputs * classes);
  const dBias = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    const scores = Float64Array.from(bias);
    for (let input = 0; input < inputs; input++) {
      for (let k = 0; k < classes; k++) {
        scores[k]! += hidden[row * inputs + input]! * weights[input * classes + k]!;
      }
    }
    const peak = scores.reduce((a, b) => Math.max(a, b));
    const total = scores.reduce((sum, score) => sum + Math.exp(score - peak), 0);
    const label = labels[row]!;
    losses[row] = peak + Math.log(total) - scores[label]!;
    for (let k = 0; k < classes; k++) {
      const d = (Math.exp(scores[k]! - peak) / total - (k === label ? 1 : 0)) / rows;
      dBias[k]! += d;
      for (let input = 0; input < inputs; input++) {
        dWeights[input * classes + k]! += hidden[row * inputs + input]! * d;
        dHidden[row * inputs + input]! += weights[input * classes + k]! * d;
      }
    }
  }
  return { losses, dHidden, dWeights, dBias };
}

/** One step of Adam, in place; see adam.ts. */
export function adam(
  w: Float32Array,
  g: ArrayLike<number>,
  m: Float32Array,
  v: Float32Array,
  step: number,
  { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = {},
): void {
  for (let i = 0; i < w.length; i++) {
    m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
    v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
    const first = m[i]! / (1 - beta1 ** step), second = v[i]! / (1 - beta2 ** step);
    w[i]! -= learningRate * first / (Math.sqrt(second) + epsilon);
  }
}
