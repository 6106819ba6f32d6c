import * as tf from "./tfjs.ts";
import type { Random } from "../../random.ts";
import type { LayerRow } from "../../train/trainer.ts";

/** Filters of the convolution. */
const FILTERS = 64;

/** Kernel size of the convolution in frames. */
const KERNEL = 4;

/** Units of the two hidden dense layers. */
export const HIDDEN = [128, 256] as const;

/** Dropout rate of the last hidden layer. */
export const DROPOUT = 0.2;

/**
 * The original network as a tfjs model: for 123,645 combinations and the rest, 320 + 303,232 +
 * 33,024 + 31,777,022 = 32,113,598 parameters. It is on tfjs's current backend; the caller disposes
 * of it.
 * @param shape.window context length in frames, at least 4
 * @param shape.classes combinations, including the rest
 * @param shape.dropout dropout rate of the last hidden layer in tfjs's own training. Default 0.2
 * @param random for initialising the kernels: uniform in ±√(6 / (inputs + outputs)), the default of
 *   Keras and tfjs (Glorot and Bengio 2010). Without it all weights are 0, to be overwritten.
 */
export function buildCombinationLayers(
  { window, classes, dropout = DROPOUT }: {
    readonly window: number;
    readonly classes: number;
    readonly dropout?: number;
  },
  random?: Random,
): tf.LayersModel {
  const kernelInitializer = () =>
    random ? tf.initializers.glorotUniform({ seed: random.bits() }) : tf.initializers.zeros();
  const dense = (name: string, units: number, activation?: "swish" | "softmax") =>
    tf.layers.dense({ name, units, activation, kernelInitializer: kernelInitializer() });
  const [first, second] = HIDDEN;
  let model: tf.LayersModel | undefined;
  tf.tidy(() => { // the initializers' tensors: variables outlive a tidy
    const inputs = tf.input({ name: "input_1", shape: [window] });
    const outputs = [
      tf.layers.reshape({ name: "reshape", targetShape: [window, 1] }),
      tf.layers.conv1d({
        name: "conv1d",
        filters: FILTERS,
        kernelSize: KERNEL,
        activation: "hardSigmoid",
        kernelInitializer: kernelInitializer(),
      }),
      tf.layers.flatten({ name: "flatten" }),
      dense("dense", first),
      tf.layers.leakyReLU({ name: "leaky_re_lu" }),
      dense("dense_1", second, "swish"),
      tf.layers.dropout({ name: "dropout", rate: dropout }),
      dense("dense_2", classes, "softmax"),
    ].reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, inputs);
    model = tf.model({ name: "combination", inputs, outputs });
  });
  return model!;
}

/** Rows of the layer table printed before training. */
export function layerRows(model: tf.LayersModel): LayerRow[] {
  return model.layers.map((layer) => ({
    name: layer.name,
    type: layer.getClassName(),
    output: `(None, ${(layer.outputShape as number[]).slice(1).join(", ")})`,
    parameters: layer.countParams(),
  }));
}
