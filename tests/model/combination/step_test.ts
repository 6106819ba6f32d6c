import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../../lib/model/combination/backend.ts";
import {
  type CombinationAdamState,
  type CombinationParts,
  type Part,
  PARTS,
} from "../../../lib/model/combination/parts.ts";
import { CombinationStep } from "../../../lib/model/combination/step.ts";
import { Random } from "../../../lib/random.ts";
import { assertClose, noise } from "../../wasm/support.ts";

const backend = await startBackend({ threads: 2 });

const window = 40, classes = 53, batch = 24;

/** The network in plain tfjs; dropout is applied by hand so that both see the same mask. */
function plainModel(): tf.LayersModel {
  const input = tf.input({ shape: [window] });
  const layers = [
    tf.layers.reshape({ targetShape: [window, 1] }),
    tf.layers.conv1d({ filters: 64, kernelSize: 4, activation: "hardSigmoid" }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 128 }),
    tf.layers.leakyReLU(),
    tf.layers.dense({ units: 256, activation: "swish" }),
    tf.layers.dense({ units: classes }),
  ];
  const output = layers.reduce<tf.SymbolicTensor>(
    (x, layer) => layer.apply(x) as tf.SymbolicTensor,
    input,
  );
  return tf.model({ inputs: input, outputs: output });
}

function partsOf<T>(make: (name: Part, index: number) => T) {
  return Object.fromEntries(PARTS.map((name, i) => [name, make(name, i)])) as unknown as
    & CombinationParts<T>
    & Record<string, T>;
}

/** Weights like Glorot's, from our own generator, biases too. */
function initialWeights(model: tf.LayersModel): Float32Array[] {
  return model.getWeights().map(({ shape, size }, index) => {
    const bound = shape.length === 1
      ? 0.1
      : Math.sqrt(6 / (shape.at(-1)! + shape.slice(0, -1).reduce((a, b) => a * b)));
    return noise(size, 100 + index).map((x) => x * bound);
  });
}

function data() {
  const random = new Random(9);
  const windows = Float32Array.from({ length: batch * window }, () => random.next());
  const labels = Int32Array.from({ length: batch }, () => random.below(classes));
  return { windows, labels };
}

function ours(model: tf.LayersModel, weights: Float32Array[], threads = backend) {
  const shapes = model.getWeights().map(({ shape }) => shape);
  const variables = partsOf((_, i) => tf.tensor(weights[i]!, shapes[i]!));
  const state: CombinationAdamState = {
    first: partsOf((_, i) => tf.zeros(shapes[i]!)),
    second: partsOf((_, i) => tf.zeros(shapes[i]!)),
    steps: 0,
  };
  const step = new CombinationStep(threads, variables, state, { sliceRows: 16 });
  const dispose = () => {
    step.dispose();
    [variables, state.first, state.second].forEach((parts) =>
      Object.values(parts).forEach((tensor) => tensor.dispose())
    );
  };
  return { step, variables, state, dispose };
}

Deno.test("50 steps of the combination network give the same losses as plain tfjs", () => {
  const model = plainModel();
  const weights = initialWeights(model);
  model.setWeights(weights.map((values, i) => tf.tensor(values, model.getWeights()[i]!.shape)));
  const { windows, labels } = data();
  const optimizer = tf.train.adam(0.001);
  const x = tf.tensor2d(windows, [batch, window]);
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
  const plain = Array.from({ length: 50 }, () =>
    tf.tidy(() =>
      optimizer.minimize(
        () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor),
        true,
      )!.dataSync()[0]!
    ));
  const { step, dispose } = ours(model, weights);
  const fast = plain.map(() => step.step(windows, labels, null));
  assert(fast[49]! < fast[0]! * 0.9, `learns nothing: ${fast[0]} to ${fast[49]}`);
  fast.forEach((loss, i) => {
    assert(Math.abs(loss / plain[i]! - 1) < 1e-4, `step ${i + 1}: ${loss}, plain ${plain[i]}`);
  });
  dispose();
  model.dispose();
});

Deno.test("the combination step's gradients agree with plain tfjs, dropout and odd batches included", () => {
  const model = plainModel();
  const weights = initialWeights(model);
  model.setWeights(weights.map((values, i) => tf.tensor(values, model.getWeights()[i]!.shape)));
  for (const rows of [1, 3, 17]) {
    const { windows, labels } = data();
    const part = windows.slice(0, rows * window), targets = labels.slice(0, rows);
    const mask = noise(rows * 256, 3).map((x) => x > -0.6 ? 1.25 : 0);
    const hidden = tf.model({ inputs: model.inputs, outputs: model.layers.at(-2)!.output });
    const { value, grads } = tf.variableGrads(() =>
      tf.tidy(() => {
        const h = hidden.apply(tf.tensor2d(part, [rows, window]), {
          training: true,
        }) as tf.Tensor2D;
        const scores = model.layers.at(-1)!.apply(h.mul(tf.tensor2d(mask, [rows, 256])));
        const y = tf.oneHot(tf.tensor1d(targets, "int32"), classes);
        return tf.losses.softmaxCrossEntropy(y, scores as tf.Tensor) as tf.Scalar;
      })
    );
    const { step, state, dispose } = ours(model, weights);
    assertClose([step.step(part, targets, mask)], value.dataSync(), 1e-5, "loss");
    model.trainableWeights.forEach((weight, i) => {
      const gradient = grads[weight.name] ??
        grads[Object.keys(grads).find((name) => name.startsWith(weight.originalName))!]!;
      const moment = state.first[PARTS[i]!].dataSync() as Float32Array;
      assertClose(moment.map((m) => m * 10), gradient.dataSync(), 3e-6, `${rows}: ${PARTS[i]}`);
    });
    dispose();
    value.dispose();
    Object.values(grads).forEach((gradient) => gradient.dispose());
  }
  model.dispose();
});

Deno.test("scores and losses of the combination network agree with plain tfjs", () => {
  const model = plainModel();
  const weights = initialWeights(model);
  model.setWeights(weights.map((values, i) => tf.tensor(values, model.getWeights()[i]!.shape)));
  const { windows, labels } = data();
  const { step, dispose } = ours(model, weights);
  for (const rows of [1, 2, 8]) {
    const part = windows.slice(0, rows * window);
    const expected = tf.tidy(() =>
      (model.predict(tf.tensor2d(part, [rows, window])) as tf.Tensor).dataSync()
    );
    assertClose(step.scores(part, rows), expected, 1e-5, `${rows} rows`);
  }
  const losses = step.losses(windows, labels);
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / batch;
  assertClose([step.step(windows, labels, null)], [mean], 1e-6, "loss");
  dispose();
  model.dispose();
});

Deno.test("steps, losses and scores leave nothing in the heap", () => {
  const model = plainModel();
  const { windows, labels } = data();
  const { step, dispose } = ours(model, initialWeights(model));
  const round = () => {
    step.step(windows, labels, null);
    step.losses(windows.slice(0, 5 * window), labels.slice(0, 5));
    step.scores(windows.slice(0, window), 1);
  };
  round();
  const before = [tf.memory().numTensors, backend.memory.buffer.byteLength];
  for (let i = 0; i < 20; i++) round();
  assertEquals([tf.memory().numTensors, backend.memory.buffer.byteLength], before);
  dispose();
  model.dispose();
});
