import type { Random } from "../../random.ts";
import type { LayerRow, NamedArray } from "../../train/trainer.ts";

/** Filters of the convolution. */
export const FILTERS = 64;
/** Past frames that one filter sees. */
export const KERNEL = 4;
/** Units of the two hidden dense layers. */
export const HIDDEN = [128, 256] as const;
/** Share of the last hidden units that is dropped in training. */
export const DROPOUT = 0.2;
/** Slope of LeakyReLU below 0, Keras's default. */
export const LEAK = 0.3;

/** Shapes of the network's weights in tfjs's order and with its names. */
export function weightShapes(
  window: number,
  classes: number,
): readonly { readonly name: WeightName; readonly shape: readonly number[] }[] {
  const [first, second] = HIDDEN;
  return [
    { name: "conv1d/kernel", shape: [KERNEL, 1, FILTERS] },
    { name: "conv1d/bias", shape: [FILTERS] },
    { name: "dense/kernel", shape: [(window - KERNEL + 1) * FILTERS, first] },
    { name: "dense/bias", shape: [first] },
    { name: "dense_1/kernel", shape: [first, second] },
    { name: "dense_1/bias", shape: [second] },
    { name: "dense_2/kernel", shape: [second, classes] },
    { name: "dense_2/bias", shape: [classes] },
  ];
}

/** Names of the network's weights. */
export type WeightName =
  | "conv1d/kernel"
  | "conv1d/bias"
  | "dense/kernel"
  | "dense/bias"
  | "dense_1/kernel"
  | "dense_1/bias"
  | "dense_2/kernel"
  | "dense_2/bias";

/**
 * The layers of the original network: for 123,645 combinations and the rest, 320 + 303,232 +
 * 33,024 + 31,777,022 = 32,113,598 parameters.
 * @param window past frames, at least 4
 * @param classes combinations, the rest included
 */
export function combinationLayers(window: number, classes: number): LayerRow[] {
  const [first, second] = HIDDEN;
  const positions = window - KERNEL + 1;
  const parametersOf = (layer: string) =>
    weightShapes(window, classes).filter(({ name }) => name.startsWith(`${layer}/`))
      .reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
  const row = (name: string, type: string, ...shape: number[]): LayerRow => ({
    name,
    type,
    output: `(None, ${shape.join(", ")})`,
    parameters: parametersOf(name),
  });
  return [
    row("input_1", "InputLayer", window),
    row("reshape", "Reshape", window, 1),
    row("conv1d", "Conv1D", positions, FILTERS),
    row("flatten", "Flatten", positions * FILTERS),
    row("dense", "Dense", first),
    row("leaky_re_lu", "LeakyReLU", first),
    row("dense_1", "Dense", second),
    row("dropout", "Dropout", second),
    row("dense_2", "Dense", classes),
  ];
}

/**
 * Weights to start from: kernels uniform in ±√(6 / (inputs + outputs)), as Keras has them (Glorot
 * and Bengio 2010), biases 0.
 */
export function initialWeights(window: number, classes: number, random: Random): NamedArray[] {
  return weightShapes(window, classes).map(({ name, shape }) => {
    const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
    if (name.endsWith("kernel")) {
      const receptive = shape.length === 3 ? shape[0]! : 1;
      const limit = Math.sqrt(6 / (receptive * (shape.at(-2)! + shape.at(-1)!)));
      for (let i = 0; i < values.length; i++) values[i] = limit * (2 * random.next() - 1);
    }
    return { name, shape, values };
  });
}

/** tfjs's `modelTopology` of the network: what `tf.loadLayersModel` builds it from. */
export function combinationTopology(window: number, classes: number): unknown {
  const [first, second] = HIDDEN;
  const layer = (class_name: string, name: string, config: object) => ({
    class_name,
    config: { name, trainable: true, ...config },
  });
  const dense = (name: string, units: number, activation: string) =>
    layer("Dense", name, { units, activation, use_bias: true, dtype: "float32" });
  return {
    class_name: "Sequential",
    config: {
      name: "combination",
      layers: [
        layer("Reshape", "reshape", {
          batch_input_shape: [null, window],
          dtype: "float32",
          target_shape: [window, 1],
        }),
        layer("Conv1D", "conv1d", {
          filters: FILTERS,
          kernel_size: [KERNEL],
          strides: [1],
          padding: "valid",
          dilation_rate: [1],
          activation: "hard_sigmoid",
          use_bias: true,
          dtype: "float32",
        }),
        layer("Flatten", "flatten", { dtype: "float32" }),
        dense("dense", first, "linear"),
        layer("LeakyReLU", "leaky_re_lu", { alpha: LEAK, dtype: "float32" }),
        dense("dense_1", second, "swish"),
        layer("Dropout", "dropout", { rate: DROPOUT, dtype: "float32" }),
        dense("dense_2", classes, "softmax"),
      ],
    },
    keras_version: "tfjs-layers 4.22.0",
    backend: "tensor_flow.js",
  };
}
