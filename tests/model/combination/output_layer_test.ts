import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../../lib/model/combination/backend.ts";
import type { HeapOptions } from "../../../lib/wasm/heap.ts";
import { floatsAt } from "../../../lib/wasm/blocks.ts";
import {
  OutputLayer,
  type OutputLayerOptions,
} from "../../../lib/model/combination/output_layer.ts";
import { adam, outputGradients } from "./reference.ts";
import { assertClose, noise } from "../../wasm/support.ts";

const backend = await startBackend({ threads: 2 });

interface Layer {
  readonly hidden: Float32Array;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly labels: Int32Array;
}

function layerOf(rows: number, inputs: number, classes: number): Layer {
  return {
    hidden: noise(rows * inputs, 1),
    weights: noise(inputs * classes, 2),
    bias: noise(classes, 3),
    labels: Int32Array.from({ length: rows }, (_, row) => (row * 7 + 3) % classes),
  };
}

/** Runs steps on the kernel and gives what it left. */
function run(
  { hidden, weights, bias, labels }: Layer,
  options: OutputLayerOptions = {},
  steps = 1,
) {
  const rows = labels.length, classes = bias.length, inputs = weights.length / classes;
  const state = {
    weights: tf.tensor(weights, [inputs, classes]),
    bias: tf.tensor(bias),
    weightsFirstMoment: tf.zeros([inputs, classes]),
    weightsSecondMoment: tf.zeros([inputs, classes]),
    biasFirstMoment: tf.zeros([classes]),
    biasSecondMoment: tf.zeros([classes]),
  };
  const layer = new OutputLayer(backend, state, options);
  const bytes = Math.max(4, hidden.byteLength);
  const [hiddenAt, gradientAt] = [backend.allocate(bytes), backend.allocate(bytes)];
  floatsAt(backend, hiddenAt, hidden.length).set(hidden);
  const losses = layer.losses(hiddenAt, labels);
  const means: number[] = [];
  for (let step = 1; step <= steps; step++) {
    means.push(layer.step(hiddenAt, labels, gradientAt, step));
  }
  const result = {
    losses,
    means,
    dHidden: floatsAt(backend, gradientAt, rows * inputs).slice(),
    weights: state.weights.dataSync() as Float32Array,
    bias: state.bias.dataSync() as Float32Array,
    first: state.weightsFirstMoment.dataSync() as Float32Array,
    second: state.weightsSecondMoment.dataSync() as Float32Array,
  };
  layer.dispose();
  [hiddenAt, gradientAt].forEach(backend.free);
  Object.values(state).forEach((tensor) => tensor.dispose());
  return result;
}

function check(layer: Layer, options: OutputLayerOptions, what: string) {
  const { hidden, weights, bias, labels } = layer;
  const expected = outputGradients(hidden, weights, bias, labels);
  const actual = run(layer, options);
  assertClose(actual.losses, expected.losses, 2e-6, `${what}: losses`);
  const mean = expected.losses.reduce((a, b) => a + b, 0) / labels.length;
  assertClose(actual.means, [mean], 2e-6, `${what}: mean`);
  assertClose(actual.dHidden, expected.dHidden, 2e-6, `${what}: gradient of hidden`);
  // After one step the first moment is a tenth of the gradient.
  assertClose(
    actual.first.map((m) => m * 10),
    expected.dWeights,
    2e-6,
    `${what}: gradient of weights`,
  );
  const moments = [new Float32Array(weights.length), new Float32Array(weights.length)] as const;
  const moved = weights.slice();
  adam(moved, actual.first.map((m) => m * 10), ...moments, 1);
  assertClose(actual.weights, moved, 1e-5, `${what}: weights`);
  const biasMoved = bias.slice();
  const biasMoments = [new Float32Array(bias.length), new Float32Array(bias.length)] as const;
  adam(biasMoved, expected.dBias, ...biasMoments, 1);
  expected.dBias.forEach((d, k) => {
    // Where the gradient is all rounding, its sign, and with it the step, means nothing.
    if (Math.abs(d) > 1e-6) assertClose([actual.bias[k]!], [biasMoved[k]!], 1e-4, `${what}: bias`);
  });
}

Deno.test("the output layer agrees with plain loops at sizes around its tiles and slices", () => {
  for (const rows of [1, 3, 4, 5, 8, 9, 17]) {
    for (const inputs of [1, 4, 6]) {
      for (const classes of [1, 2, 7, 8, 9, 15, 16, 17, 41]) {
        for (const options of [{}, { sliceRows: 8, chunkColumns: 8 }, { sliceRows: 5 }]) {
          check(
            layerOf(rows, inputs, classes),
            options,
            `${rows} × ${inputs} × ${classes} ${JSON.stringify(options)}`,
          );
        }
      }
    }
  }
});

Deno.test("the output layer agrees with plain loops when there are many chunks and slices", () => {
  check(layerOf(37, 20, 1003), { sliceRows: 16, chunkColumns: 24 }, "many");
  check(layerOf(70, 33, 700), {}, "default");
});

Deno.test("the output layer agrees with plain loops at sizes around its blocks of rows", () => {
  for (const rows of [39, 40, 41, 47, 48, 49, 80, 81, 121]) {
    for (const sliceRows of [rows, 45, 80]) {
      const options = { blockRows: 40, sliceRows, chunkColumns: 16 };
      check(layerOf(rows, 11, 50), options, `${rows} rows, ${JSON.stringify(options)}`);
    }
  }
  check(layerOf(250, 6, 20), {}, "default, two blocks");
});

Deno.test("the output layer gives the same bytes on one thread, two and five", async () => {
  const layer = layerOf(37, 20, 1003);
  const options = { sliceRows: 16, chunkColumns: 8 };
  const two = run(layer, options, 3);
  for (const threads of [1, 5]) {
    const other = await inWorker(layer, options, { threads });
    assertEquals(other.means, two.means);
    assertEquals(other.weights, [...two.weights]);
  }
});

Deno.test("the output layer gives nearly the same without relaxed SIMD", async () => {
  const layer = layerOf(37, 20, 1003);
  const plain = await inWorker(layer, {}, { threads: 2, simd: "plain" });
  const { means, weights } = run(layer, {}, 3);
  assertClose(plain.means, means, 1e-5);
  assertClose(plain.weights, weights, 1e-4);
});

/** Three steps in another isolate, with a backend of its own. */
async function inWorker(layer: Layer, options: OutputLayerOptions, start: HeapOptions) {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const worker = new Worker(
    "data:text/javascript," + encodeURIComponent(`
      const { startBackend, stopBackend } = await import(${
      url("../../../lib/model/combination/backend.ts")
    });
      const { OutputLayer } = await import(${
      url("../../../lib/model/combination/output_layer.ts")
    });
      const backend = await startBackend(${JSON.stringify(start)});
      const { hidden, weights, bias, labels, options } =
        await new Promise((resolve) => { onmessage = ({ data }) => resolve(data); postMessage("ready"); });
      const floats = (address, length) => new Float32Array(backend.memory.buffer, address, length);
      const tensor = (values, shape) => {
        const address = backend.allocate(values.length * 4);
        floats(address, values.length).set(values);
        return { shape, address };
      };
      const own = { ...backend, address: ({ address }) => address };
      const zeros = (like) => new Float32Array(like.length);
      const shape = [weights.length / bias.length, bias.length];
      const state = {
        weights: tensor(weights, shape), bias: tensor(bias),
        weightsFirstMoment: tensor(zeros(weights)), weightsSecondMoment: tensor(zeros(weights)),
        biasFirstMoment: tensor(zeros(bias)), biasSecondMoment: tensor(zeros(bias)),
      };
      const layer = new OutputLayer(own, state, options);
      const input = tensor(hidden).address, gradient = tensor(hidden).address;
      const means = [1, 2, 3].map((step) => layer.step(input, labels, gradient, step));
      postMessage({ means, weights: [...floats(state.weights.address, weights.length)] });
      await stopBackend();
    `),
    { type: "module" },
  );
  try {
    return await new Promise<{ means: number[]; weights: number[] }>((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (data === "ready") worker.postMessage({ ...layer, options });
        else resolve(data);
      };
    });
  } finally {
    worker.terminate();
  }
}

Deno.test("the output layer's gradient of hidden agrees with finite differences", () => {
  const layer = layerOf(3, 5, 11), step = 1e-2;
  const { dHidden } = run(layer);
  layer.hidden.forEach((value, index) => {
    const at = (shift: number) => {
      const hidden = layer.hidden.slice();
      hidden[index] = value + shift;
      return run({ ...layer, hidden }, {}, 0).losses.reduce((a, b) => a + b, 0) / 3;
    };
    assertClose([dHidden[index]!], [(at(step) - at(-step)) / (2 * step)], 1e-4, `${index}`);
  });
});

Deno.test("the output layer's weights agree with tf.train.adam after several steps", () => {
  const layer = layerOf(9, 6, 21);
  const { hidden, labels } = layer;
  const expected = tf.tidy(() => {
    const weights = tf.variable(tf.tensor2d(layer.weights, [6, 21]));
    const bias = tf.variable(tf.tensor1d(layer.bias));
    const optimizer = tf.train.adam(0.001);
    const means = Array.from({ length: 20 }, () =>
      optimizer.minimize(() => {
        const scores = tf.matMul(tf.tensor2d(hidden, [9, 6]), weights as tf.Tensor2D).add(bias);
        const target = tf.oneHot(tf.tensor1d(labels, "int32"), 21);
        return tf.losses.softmaxCrossEntropy(target, scores) as tf.Scalar;
      }, true)!.dataSync()[0]!);
    const result = { means, weights: weights.dataSync() as Float32Array };
    [weights, bias].forEach((variable) => variable.dispose());
    optimizer.dispose();
    return result;
  });
  const actual = run(layer, { sliceRows: 4 }, 20);
  assertClose(actual.means, expected.means, 1e-5, "losses");
  assertClose(actual.weights, expected.weights, 1e-4, "weights");
});

Deno.test("the output layer's loss shows NaN and infinities wherever they come from", () => {
  for (const value of [NaN, Infinity]) {
    for (const part of ["hidden", "weights", "bias"] as const) {
      const layer = layerOf(5, 4, 19);
      layer[part][2] = value;
      const { means } = run(layer, { sliceRows: 4, chunkColumns: 8 });
      assert(!Number.isFinite(means[0]), `${value} in ${part} gave ${means[0]}`);
    }
  }
});

Deno.test("the output layer gives a large finite loss when the label's score is far below", () => {
  const layer = layerOf(2, 1, 9);
  layer.bias.fill(0);
  layer.bias[1] = -500;
  layer.weights.fill(0);
  layer.labels.fill(1);
  assertClose(run(layer).means, [500 + Math.log(8)], 1e-6);
});

Deno.test("the output layer refuses labels that are not classes", () => {
  for (const label of [-1, 5]) {
    const layer = layerOf(2, 3, 5);
    layer.labels[1] = label;
    assertThrows(() => run(layer), RangeError, `Label ${label} is not one of the 5 classes`);
  }
});
