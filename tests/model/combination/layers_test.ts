import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../../lib/model/combination/backend.ts";
import { saveModel } from "../../../lib/model/bundle.ts";
import { bundleFiles } from "../../../lib/model/combination/files.ts";
import { buildCombinationLayers, layerRows } from "../../../lib/model/combination/layers.ts";
import { createCombinationNetwork } from "../../../lib/model/combination/network.ts";
import { loadModel } from "../../../lib/model/load.ts";
import { Random } from "../../../lib/random.ts";
import { Vocabulary } from "../../../lib/tokens/vocabulary.ts";
import { layerTable } from "../../../lib/train/trainer.ts";
import { startPosition } from "../../../lib/train/loop.ts";
import { assertClose } from "../../wasm/support.ts";

const backend = await startBackend({ threads: 2 });
const window = 40, classes = 53;

/** Random examples; the first `distinct` ones again and again. */
function examples(rows: number, distinct = rows) {
  const random = new Random(9);
  const windows = Array.from({ length: distinct * window }, () => random.below(classes));
  const labels = Array.from({ length: distinct }, () => random.below(classes));
  return {
    windows: Float32Array.from({ length: rows * window }, (_, i) => windows[i % windows.length]!),
    labels: Int32Array.from({ length: rows }, (_, i) => labels[i % distinct]!),
  };
}

Deno.test("the network has 32,113,598 parameters at 123,645 combinations and the rest", () => {
  const model = buildCombinationLayers({ window, classes: 123_645 + 1 });
  const lines: string[] = [];
  model.summary(undefined, undefined, (line) => lines.push(String(line)));
  assertEquals(model.countParams(), 32_113_598);
  assert(lines.includes("Total params: 32113598"), lines.join("\n"));
  const rows = layerRows(model).map(({ name, type, output, parameters }) =>
    `${name} ${type} ${output} ${parameters}`
  );
  assertEquals(rows, [
    "input_1 InputLayer (None, 40) 0",
    "reshape Reshape (None, 40, 1) 0",
    "conv1d Conv1D (None, 37, 64) 320",
    "flatten Flatten (None, 2368) 0",
    "dense Dense (None, 128) 303232",
    "leaky_re_lu LeakyReLU (None, 128) 0",
    "dense_1 Dense (None, 256) 33024",
    "dropout Dropout (None, 256) 0",
    "dense_2 Dense (None, 123646) 31777022",
  ]);
  assert(layerTable(layerRows(model), 123_645).endsWith("Total params: 32,113,598"));
  model.dispose();
});

Deno.test("the kernels start where Glorot and Bengio have them, and a seed gives the same again", () => {
  const weightsOf = (seed: number) => {
    const model = buildCombinationLayers({ window, classes }, new Random(seed));
    const values = model.getWeights().map((tensor) => tensor.dataSync().slice());
    model.dispose();
    return values;
  };
  const weights = weightsOf(1);
  assertEquals(weightsOf(1), weights);
  assert(weightsOf(2)[2]![0] !== weights[2]![0]);
  const [, , dense, bias] = weights as [unknown, unknown, Float32Array, Float32Array];
  const limit = Math.sqrt(6 / (37 * 64 + 128)), most = dense.reduce((a, b) => Math.max(a, b));
  assert(most <= limit && most > 0.99 * limit);
  assert(bias.every((value) => value === 0));
});

Deno.test("building, training and disposing leave no tensor behind", () => {
  const { windows, labels } = examples(8);
  const round = () => {
    const model = buildCombinationLayers({ window, classes }, new Random(1));
    const network = createCombinationNetwork(backend, model, true);
    network.step.step(windows, labels, null);
    network.dispose();
  };
  round();
  const before = tf.memory();
  round();
  const { numTensors, numBytes } = tf.memory();
  assertEquals([numTensors, numBytes], [before.numTensors, before.numBytes]);
});

Deno.test("50 steps of tfjs's own fit give our losses, and either goes on with what the other learned", async () => {
  const size = 10, rows = 50 * size;
  const { windows, labels } = examples(rows, 5 * size);
  const shape = { window, classes, dropout: 0 }; // tfjs draws its masks from generators of its own
  const plain = buildCombinationLayers(shape, new Random(3));
  const model = buildCombinationLayers(shape, new Random(3));
  const { step, dispose } = createCombinationNetwork(backend, model, true);
  const x = tf.tensor2d(windows, [rows, window]), y = tf.tensor1d(Float32Array.from(labels));
  const compiled = { optimizer: tf.train.adam(0.001), loss: "sparseCategoricalCrossentropy" };
  plain.compile(compiled);
  const theirs: number[] = [];
  await plain.fit(x, y, {
    batchSize: size,
    shuffle: false,
    verbose: 0,
    callbacks: { onBatchEnd: (_, logs) => void theirs.push(logs!.loss!) },
  });
  const ours = theirs.map((_, batch) =>
    step.step(
      windows.subarray(batch * size * window, (batch + 1) * size * window),
      labels.subarray(batch * size, (batch + 1) * size),
      null,
    )
  );
  assertEquals(ours.length, 50);
  assert(ours[49]! < ours[0]!, `learns nothing: ${ours[0]} to ${ours[49]}`);
  ours.forEach((loss, i) => {
    assert(
      Math.abs(loss - theirs[i]!) < 1e-4 * Math.max(1, loss),
      `step ${i + 1}: ${loss}, tfjs ${theirs[i]}`,
    );
  });

  const mean = () => step.losses(windows, labels).reduce((a, b) => a + b) / rows;
  const before = mean();
  model.compile({ ...compiled, optimizer: tf.train.adam(0.001) });
  await model.fit(x, y, { batchSize: size, verbose: 0, shuffle: false });
  const after = mean();
  assert(after < before, `our kernels do not see what tfjs learned: ${before} to ${after}`);
  const seen = tf.tidy(() => (model.evaluate(x, y, { batchSize: rows }) as tf.Scalar).dataSync());
  assertClose([after], seen, 1e-5, "mean loss");
  plain.dispose();
  dispose();
  tf.dispose([x, y]);
});

Deno.test("tf.loadLayersModel reads a bundle, and predicts what we do", async () => {
  const folder = await Deno.makeTempDir();
  const model = buildCombinationLayers({ window, classes }, new Random(5));
  const network = createCombinationNetwork(backend, model, true);
  const { windows, labels } = examples(64);
  for (let i = 0; i < 20; i++) network.step.step(windows, labels, null);
  const vocabulary = Vocabulary.fromCounts(
    new Map(Array.from({ length: classes - 1 }, (_, i) => [`${40 + i}`, classes - i])),
  );
  assertEquals(vocabulary.size, classes);
  const grid = { unit: "beat", steps: 4, attacks: false } as const;
  await saveModel(`${folder}/bundle`, {
    model: "combination",
    corpus: { name: "none", hash: "" },
    style: {
      tokenize: { grid, tracks: "all", melody: false, pedal: false },
      beatsPerMinute: 120,
      timeSignature: [4, 4],
      meanVelocity: 64,
    },
    settings: {
      window,
      batchSize: 64,
      learningRate: 0.001,
      holdout: 0,
      seed: 1,
      budget: { epochs: 20 },
    },
    position: startPosition(1),
    seconds: 0,
  }, {
    weights: network.weights(),
    checkpoint: network.state(),
    vocabulary,
    history: { epochs: [], steps: [] },
    backOff: { newAfterKnown: 0.5, newAfterNew: 0.5, counts: [] },
    openings: [],
    reference: {},
    topology: model.toJSON(undefined, false),
  });
  network.dispose();

  const plain = await tf.loadLayersModel(bundleFiles(`${folder}/bundle`));
  const loaded = await loadModel(`${folder}/bundle`);
  const ids = Int32Array.from({ length: 60 }, (_, i) => (i * 17) % classes);
  const piece = { name: "", frames: [...ids].map((id) => vocabulary.frame(id)), metres: [] };
  const ours = loaded.model.logProbabilities(piece).map(Math.exp);
  const theirs = Array.from(ids.subarray(1), (id, i) => {
    const past = new Float32Array(window), known = ids.subarray(Math.max(0, i + 1 - window), i + 1);
    past.set(known, window - known.length);
    return tf.tidy(() =>
      (plain.predict(tf.tensor2d(past, [1, window])) as tf.Tensor).dataSync()[id]!
    );
  });
  assertClose(ours, theirs, 1e-5, "probabilities");
  plain.dispose();
  loaded.model.dispose();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("bundleFiles says what to do where there is no combination model", async () => {
  await assertRejects(
    () => tf.loadLayersModel(bundleFiles("no/such/model")),
    Error,
    "deno task train",
  );
});
