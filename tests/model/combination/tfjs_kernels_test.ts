import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../../lib/model/combination/backend.ts";
import { assertClose, noise, on } from "../../wasm/support.ts";

await startBackend({ threads: 2 });

const sizes = [1, 3, 4, 5, 8, 17];

Deno.test("matMul agrees with tfjs's cpu backend whichever factor is transposed", () => {
  for (const m of sizes) {
    for (const k of [1, 4, 33]) {
      for (const n of [1, 7, 8, 9, 40]) {
        for (
          const [transposeA, transposeB] of [[false, false], [false, true], [true, false], [
            true,
            true,
          ]]
        ) {
          const compute = () =>
            tf.matMul(
              tf.tensor(noise(m * k), transposeA ? [k, m] : [m, k]),
              tf.tensor(noise(k * n, 2), transposeB ? [n, k] : [k, n]),
              transposeA,
              transposeB,
            );
          assertClose(on("wasm", compute), on("cpu", compute), 1e-5, `${m}×${k}×${n}`);
        }
      }
    }
  }
});

Deno.test("matMul agrees with tfjs's cpu backend when a batch is broadcast", () => {
  const compute = () =>
    tf.matMul(
      tf.tensor(noise(3 * 5 * 2), [3, 5, 2]),
      tf.tensor(noise(5 * 4, 2), [1, 5, 4]),
      true,
      false,
    );
  assertClose(on("wasm", compute), on("cpu", compute));
});

Deno.test("a fused matMul with bias and activation agrees with tfjs's cpu backend", () => {
  for (const activation of ["linear", "relu", "leakyrelu"] as const) {
    const compute = () =>
      tf.fused.matMul({
        a: tf.tensor(noise(5 * 7), [5, 7]),
        b: tf.tensor(noise(9 * 7, 2), [9, 7]),
        transposeB: true,
        bias: tf.tensor(noise(9, 3)),
        activation,
        leakyreluAlpha: 0.3,
      });
    assertClose(on("wasm", compute), on("cpu", compute), 1e-5, activation);
  }
});

const convolutions = [
  { input: [2, 7, 5, 3], filter: [3, 2, 3, 4], strides: 1, pad: "valid" },
  { input: [1, 7, 6, 2], filter: [3, 3, 2, 5], strides: 2, pad: "same" },
  { input: [3, 1, 40, 1], filter: [1, 4, 1, 64], strides: 1, pad: "valid" },
  { input: [2, 5, 5, 1], filter: [2, 2, 1, 1], strides: [1, 2], pad: "same" },
] as const;

Deno.test("the gradient of a convolution's filter agrees with tfjs's cpu backend", () => {
  for (const { input, filter, strides, pad } of convolutions) {
    const length = (shape: readonly number[]) => shape.reduce((product, size) => product * size);
    const compute = () =>
      tf.grad((weights) =>
        tf.square(
          tf.conv2d(
            tf.tensor(noise(length(input)), [...input]) as tf.Tensor4D,
            weights as tf.Tensor4D,
            strides as number,
            pad,
          ),
        ).sum()
      )(tf.tensor(noise(length(filter), 2), [...filter]));
    assertClose(on("wasm", compute), on("cpu", compute), 1e-5, `${input} ${filter}`);
  }
});

Deno.test("the gradients of convolution and matMul agree with finite differences", () => {
  const x = noise(2 * 12), step = 1e-2;
  const loss = (weights: tf.Tensor) =>
    tf.tidy(() => {
      const filter = weights.slice(0, 8).reshape([4, 1, 2]) as tf.Tensor3D;
      const rows = weights.slice(8, 4).reshape([2, 2]);
      const hidden = tf.conv1d(tf.tensor3d(x, [2, 12, 1]), filter, 1, "valid").reshape([2, 18]);
      return tf.matMul(rows, hidden, true, false).tanh().sum() as tf.Scalar;
    });
  const weights = noise(12, 5);
  const gradient = tf.tidy(() => tf.grad(loss)(tf.tensor1d(weights)).dataSync());
  weights.forEach((weight, index) => {
    const at = (shift: number) => {
      const moved = Float32Array.from(weights);
      moved[index] = weight + shift;
      return tf.tidy(() => loss(tf.tensor1d(moved)).dataSync()[0]!);
    };
    assertClose([gradient[index]!], [(at(step) - at(-step)) / (2 * step)], 2e-3, `weight ${index}`);
  });
});

Deno.test("our kernels for tfjs leave no tensor behind", () => {
  const before = tf.memory().numTensors;
  const data = tf.engine().backend.numDataIds();
  for (let round = 0; round < 5; round++) {
    tf.tidy(() => {
      const gradients = tf.grads((a, b) =>
        tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same").sum()
      )(
        [tf.ones([1, 4, 4, 2]), tf.ones([3, 3, 2, 2])],
      );
      tf.matMul(gradients[0]!.reshape([4, 8]), gradients[0]!.reshape([4, 8]), true, false);
    });
  }
  assertEquals(tf.memory().numTensors, before);
  assertEquals(tf.engine().backend.numDataIds(), data);
});
