import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { adamStep } from "../../lib/model/combination/adam.ts";
import { startBackend } from "../../lib/model/combination/backend.ts";
import { drawFromScores, drawingBytes } from "../../lib/model/combination/draw.ts";
import { startHeap } from "../../lib/wasm/heap.ts";
import { floatsAt } from "../../lib/wasm/blocks.ts";
import { adam } from "../model/combination/reference.ts";
import { assertClose, noise } from "./support.ts";

const backend = await startBackend({ threads: 2 });
await startHeap(new URL("../../tools/kernels/measuring/", import.meta.url));

/** Runs a kernel that turns `values` into as many others. */
function mapped(kernel: string, values: Float32Array): Float32Array {
  const bytes = Math.max(16, values.byteLength);
  const [from, to] = [backend.allocate(bytes), backend.allocate(bytes)];
  floatsAt(backend, from, values.length).set(values);
  backend.run(kernel, from, to, values.length, 1);
  const result = floatsAt(backend, to, values.length).slice();
  backend.free(from);
  backend.free(to);
  return result;
}

Deno.test("exponentials are within 2.5e-7 of Math.exp over the whole range", () => {
  const x = Float32Array.from({ length: 200_001 }, (_, i) => -87.3 + i * 175.6 / 200_000);
  const y = mapped("exponentials", x);
  let worst = 0;
  x.forEach((value, i) => worst = Math.max(worst, Math.abs(y[i]! / Math.exp(value) - 1)));
  assert(worst < 2.5e-7, `off by ${worst}`);
});

Deno.test("exponentials keep their ends, NaN and odd lengths", () => {
  const x = Float32Array.of(0, -0, 1, -88, -Infinity, 89, Infinity, NaN, -87);
  for (let length = 0; length <= x.length; length++) {
    const y = mapped("exponentials", x.slice(0, length));
    const expected = [1, 1, Math.E, 0, 0, Infinity, Infinity, NaN, Math.exp(-87)];
    assertClose(y, expected.slice(0, length), 1e-6, `${length}`);
  }
});

Deno.test("adamStep agrees with plain loops and with tf.train.adam at any length", () => {
  for (const length of [1, 3, 4, 5, 15, 16, 17, 1000]) {
    const values = noise(length), gradients = [2, 3, 4].map((seed) => noise(length, seed));
    const [w, m, v] = [values.slice(), new Float32Array(length), new Float32Array(length)];
    const tensors = [tf.tensor1d(values), tf.zeros([length]), tf.zeros([length])] as const;
    const [variable, first, second] = tensors;
    const variable2 = tf.variable(tf.tensor1d(values));
    const optimizer = tf.train.adam(0.01);
    gradients.forEach((values, i) => {
      const gradient = tf.tensor1d(values);
      adam(w, values, m, v, i + 1, { learningRate: 0.01 });
      const [at, g, one, two] = [variable, gradient, first, second].map(backend.address);
      adamStep(backend, [at!, g!, one!, two!], length, i + 1, 0.01);
      optimizer.applyGradients([{ name: variable2.name, tensor: gradient }]);
      gradient.dispose();
    });
    assertClose(variable.dataSync(), w, 1e-6, `${length}: weights`);
    assertClose(variable2.dataSync(), w, 1e-5, `${length}: tf.train.adam`);
    assertClose(first.dataSync(), m, 1e-6, `${length}: first moment`);
    assertClose(second.dataSync(), v, 1e-6, `${length}: second moment`);
    [...tensors, variable2].forEach((tensor) => tensor.dispose());
    optimizer.dispose();
  }
});

Deno.test("skinnyScores agrees with plain loops when columns are split anywhere", () => {
  for (
    const [rows, inputs, classes] of [
      [1, 8, 9],
      [3, 17, 1029],
      [8, 5, 3],
      [1, 1, 1],
      [7, 19, 1030],
      [12, 8, 515],
    ] as const
  ) {
    const parts = [noise(rows * inputs), noise(inputs * classes, 2), noise(classes, 3)] as const;
    const [hidden, weights, bias] = parts;
    const addresses = parts.map(({ byteLength }) => backend.allocate(byteLength));
    parts.forEach((values, i) => floatsAt(backend, addresses[i]!, values.length).set(values));
    const out = backend.allocate(rows * classes * 4);
    const cut = Math.floor(classes / 3);
    backend.parallel("skinnyScores", (thread, threads) => [
      ...[...addresses, out, rows, inputs, classes],
      ...(thread === 0 ? [0, cut] : thread === threads - 1 ? [cut, classes] : [0, 0]),
    ]);
    if (backend.threads === 1) {
      backend.run("skinnyScores", ...addresses, out, rows, inputs, classes, cut, classes);
    }
    const expected = Array.from({ length: rows * classes }, (_, index) => {
      const row = Math.floor(index / classes), k = index % classes;
      let sum = bias[k]!;
      for (let i = 0; i < inputs; i++) sum += hidden[row * inputs + i]! * weights[i * classes + k]!;
      return sum;
    });
    assertClose(floatsAt(backend, out, rows * classes), expected, 1e-5, `${rows} × ${classes}`);
    [...addresses, out].forEach(backend.free);
  }
});

Deno.test("drawFromScores draws where the uniform number falls among the probabilities", () => {
  const sizes = [[1, 1], [2, 3], [3, 1023], [2, 1024], [2, 1025], [1, 5000]] as const;
  for (const [rows, classes] of sizes) {
    for (const temperature of [0.5, 1, 2]) {
      const scores = noise(rows * classes, 4).map((x) => 3 * x);
      const at = backend.allocate(drawingBytes(rows, classes));
      for (const uniform of [0, 0.1, 0.5, 0.9, 1 - 2 ** -32]) {
        floatsAt(backend, at, scores.length).set(scores);
        const uniforms = new Array(rows).fill(uniform);
        drawFromScores(backend, at, classes, { temperature, uniforms }).forEach((drawn, row) => {
          const own = [...scores.subarray(row * classes, (row + 1) * classes)];
          const weights = own.map((score) => Math.exp(score / temperature));
          const total = weights.reduce((a, b) => a + b);
          const below = weights.slice(0, drawn).reduce((a, b) => a + b, 0) / total;
          assert(below <= uniform + 1e-6, `${drawn} of ${classes} for ${uniform}`);
          assert(below + weights[drawn]! / total >= uniform - 1e-6, `${drawn} of ${classes}`);
        });
      }
      backend.free(at);
    }
  }
});

Deno.test("drawFromScores never draws what is excluded or impossible", () => {
  const at = backend.allocate(drawingBytes(1, 4));
  const draw = (scores: number[], uniform: number, excluded?: number) => {
    floatsAt(backend, at, 4).set(scores);
    return drawFromScores(backend, at, 4, {
      temperature: 1,
      uniforms: [uniform],
      excluded: [excluded],
    })[0];
  };
  for (const uniform of [0, 0.5, 0.999]) {
    assertEquals(draw([0, 50, 0, -Infinity], uniform, 1) === 1, false);
    assertEquals(draw([-Infinity, -Infinity, 7, -Infinity], uniform), 2);
    assertEquals(draw([NaN, 0, 0, 0], uniform), -1);
    assertEquals(draw([-Infinity, -Infinity, -Infinity, -Infinity], uniform), -1);
  }
  backend.free(at);
});
