/**
 * Training step and generation of the combination network in a separate process, for
 * bench/bench.ts, which reads its answers.
 *
 *     deno run -A bench/combination.ts KIND CLASSES BATCH THREADS
 *
 * KIND: `ours`; `tfjs-wasm`, which is tfjs's own kernels with only those added without which it
 * cannot train at all; `tfjs-cpu`, its plain JavaScript backend. Reads one command a line, answers
 * each with one line of JSON, like bench/peers/combination.py.
 */
import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { type Backend, startBackend } from "../lib/model/combination/backend.ts";
import type { CombinationAdamState, CombinationParts } from "../lib/model/combination/parts.ts";
import { CombinationStep } from "../lib/model/combination/step.ts";
import { drawIndex } from "../lib/model/sampling.ts";
import { Random } from "../lib/random.ts";
import { linesOf } from "../tools/lines.ts";

const [kind, classes, batch, threads] = [
  Deno.args[0]!,
  ...Deno.args.slice(1, 4).map(Number) as [number, number, number],
];
const window = 40, filters = 64, taps = 4, first = 128, second = 256;
const flat = (window - taps + 1) * filters;

/**
 * Pseudo-random numbers from −1 to 1 by a multiplicative hash, as in bench/peers/combination.py.
 */
function noise(count: number, seed: number, scale: number): Float32Array {
  const values = new Float32Array(count), factor = Math.fround(scale);
  for (let i = 0; i < count; i++) {
    const index = (i + seed) >>> 0;
    const mixed = (Math.imul(index, 2654435761) ^ (index >>> 7)) >>> 0;
    values[i] = Math.fround(mixed / 2 ** 31 - 1) * factor;
  }
  return values;
}

const shapes: Record<keyof CombinationParts<unknown>, [shape: number[], scale: number]> = {
  convKernel: [[taps, 1, filters], 0.15],
  convBias: [[filters], 0],
  dense1Kernel: [[flat, first], 0.05],
  dense1Bias: [[first], 0],
  dense2Kernel: [[first, second], 0.125],
  dense2Bias: [[second], 0],
  outputKernel: [[second, classes], 0.02],
  outputBias: [[classes], 0],
};
const names = Object.keys(shapes) as (keyof CombinationParts<unknown>)[];

function partsOf(make: (name: keyof CombinationParts<unknown>, index: number) => tf.Tensor) {
  return Object.fromEntries(names.map((name, index) => [name, make(name, index)])) as unknown as
    & CombinationParts<tf.Tensor>
    & Record<string, tf.Tensor>;
}

const initial = (name: keyof CombinationParts<unknown>, index: number) => {
  const [shape, scale] = shapes[name];
  const count = shape.reduce((a, b) => a * b);
  // Kernels have the seeds 1 to 4.
  return tf.tensor(scale ? noise(count, index / 2 + 1, scale) : new Float32Array(count), shape);
};
const windows = noise(batch * window, 5, 1);
const labels = Int32Array.from({ length: batch }, (_, row) => (row * 7919 + 13) % classes);
const random = new Random(1);

const run = kind === "ours" ? await ours() : await stock();

interface Runner {
  /**
   * Runs one training step and returns its loss; without dropout where it is compared with stock
   * tfjs.
   */
  step(dropout: boolean): number | Promise<number>;
  frames(count: number): void;
}

/** Seconds spent in each kernel since the last call. */
const profile: Record<string, number> = {};

function profiled(backend: Backend): Backend {
  return {
    ...backend,
    parallel(kernel, argumentsOf) {
      const start = performance.now();
      backend.parallel(kernel, argumentsOf);
      profile[kernel] = (profile[kernel] ?? 0) + (performance.now() - start) / 1000;
    },
  };
}

/** Samples frames one after another, each conditioned on the preceding ones. */
function drawFrames(count: number, next: (past: Float32Array) => Iterable<number>): void {
  const past = windows.slice();
  for (let frame = 0; frame < count; frame++) {
    let row = 0;
    for (const drawn of next(past)) {
      past.copyWithin(row * window, row * window + 1, (row + 1) * window);
      past[++row * window - 1] = drawn / classes;
    }
  }
}

async function ours(): Promise<Runner> {
  const backend = profiled(await startBackend({ threads }));
  const variables = partsOf(initial);
  const zeros = () => partsOf((name) => tf.zeros(shapes[name][0]));
  let network: CombinationStep | undefined;
  const mask = new Float32Array(batch * second);
  return {
    step(dropout) {
      network ??= new CombinationStep(backend, variables, {
        first: zeros(),
        second: zeros(),
        steps: 0,
      } as CombinationAdamState);
      if (dropout) {
        for (let i = 0; i < mask.length; i++) mask[i] = random.next() < 0.2 ? 0 : 1.25;
      }
      return network.step(windows, labels, dropout ? mask : null);
    },
    frames(count) {
      network ??= new CombinationStep(backend, variables);
      const own = network;
      const uniforms = () => Array.from({ length: batch }, () => random.next());
      drawFrames(count, (past) => own.draw(past, { temperature: 1, uniforms: uniforms() }));
    },
  };
}

/** The network in stock tfjs: its own layers and optimizer, run by `trainOnBatch`. */
async function stock(): Promise<Runner> {
  if (kind === "tfjs-cpu") await tf.setBackend("cpu");
  else {
    await import("@tensorflow/tfjs-backend-wasm"); // its kernels are there before ours take their place
    const original = (["BatchMatMul", "_FusedMatMul"] as const)
      .map((name) => tf.getKernel(name, "wasm")!);
    await startBackend({ threads });
    for (const kernel of original) {
      tf.unregisterKernel(kernel.kernelName, "wasm");
      tf.registerKernel(kernel);
    }
  }
  const input = tf.input({ shape: [window] });
  const output = [
    tf.layers.reshape({ targetShape: [window, 1] }),
    tf.layers.conv1d({ filters, kernelSize: taps, activation: "hardSigmoid" }),
    tf.layers.flatten(),
    tf.layers.dense({ units: first }),
    tf.layers.leakyReLU(),
    tf.layers.dense({ units: second, activation: "swish" }),
    tf.layers.dropout({ rate: 0.2 }),
    tf.layers.dense({ units: classes, activation: "softmax" }),
  ].reduce<tf.SymbolicTensor>((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  const model = tf.model({ inputs: input, outputs: output });
  tf.tidy(() => model.setWeights(names.map(initial)));
  const optimizer = tf.train.adam(0.001);
  model.compile({ optimizer, loss: "sparseCategoricalCrossentropy" });
  const x = tf.tensor2d(windows, [batch, window]), y = tf.tensor1d(Float32Array.from(labels));
  return {
    async step(learn) {
      if (learn) return await model.trainOnBatch(x, y) as number;
      const chances = tf.tidy(() => (model.predict(x) as tf.Tensor).dataSync());
      return labels.reduce((sum, k, row) => sum - Math.log(chances[row * classes + k]!), 0) / batch;
    },
    frames(count) {
      drawFrames(count, (past) => {
        const scores = tf.tidy(() =>
          (model.predict(tf.tensor2d(past, [batch, window])) as tf.Tensor).log().dataSync()
        ) as Float32Array;
        return Array.from({ length: batch }, (_, row) => {
          const own = scores.subarray(row * classes, (row + 1) * classes);
          return drawIndex(own, { temperature: 1, topK: 0, topP: 1 }, random);
        });
      });
    },
  };
}

for await (const line of linesOf(Deno.stdin.readable)) {
  const [command, count] = line.split(" ");
  const start = performance.now(), before = process.cpuUsage();
  const answer: Record<string, number> = {};
  if (command === "check" || command === "step") answer.loss = await run.step(command === "step");
  else if (command === "frames") run.frames(Number(count));
  else if (command === "profile") {
    for (const kernel of Object.keys(profile)) delete profile[kernel];
    await run.step(true);
    Object.assign(answer, profile);
  } else if (command === "memory") {
    const status = await Deno.readTextFile("/proc/self/status");
    answer.bytes = Number(/VmHWM:\s+(\d+)/.exec(status)![1]) * 1024;
  }
  answer.seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  answer.processorSeconds = (user + system) / 1e6;
  console.log(JSON.stringify(answer));
}
