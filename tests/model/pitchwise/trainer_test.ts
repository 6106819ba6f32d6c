import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { Heap } from "../../../lib/wasm/heap.ts";
import { loadPitchwiseModel } from "../../../lib/model/pitchwise/model.ts";
import { packArrays, unpackArrays } from "../../../lib/model/arrays.ts";
import { pitchwiseFor } from "../../../lib/model/pitchwise/settings.ts";
import { createPitchwiseTrainer } from "../../../lib/model/pitchwise/trainer.ts";
import {
  checkpointOf,
  copy,
  type NamedArray,
  restoreCheckpoint,
  type Trainer,
} from "../../../lib/train/trainer.ts";
import { cosineWithWarmUp } from "../../../lib/train/schedule.ts";
import { corpusOf, heapOf, Random, randomPiece, small } from "./support.ts";

const pieces = [1, 2].map((seed) => randomPiece(new Random(seed), { length: 60, attacks: true }));
const corpus = corpusOf(pieces, true);

function start(heap: Heap, settings = small, seed = 3): Trainer {
  return createPitchwiseTrainer(corpus, settings, heap, new Random(seed));
}

/** `count` steps on frames of the first piece, the same for the same random numbers. */
function learn(trainer: Trainer, count: number, random: Random): number[] {
  return Array.from({ length: count }, () => {
    const targets = Int32Array.from({ length: 16 }, () => 1 + random.below(59));
    return trainer.step(targets, { learningRate: 0.001, random });
  });
}

const settingOf = ({ network }: Trainer) => ({ grid: corpus.grid, network });

const bytes = (arrays: readonly NamedArray[]) =>
  arrays.map(({ name, values }) => `${name}: ${values.join(" ")}`);

Deno.test("Training learns one batch by heart", () => {
  const trainer = start(heapOf(2));
  const random = new Random(1), targets = Int32Array.from({ length: 24 }, (_, i) => 1 + 2 * i);
  const losses = Array.from({ length: 151 }, (_, i) => {
    const learningRate = cosineWithWarmUp(0.01, { progress: 0, step: i + 1 });
    return trainer.step(targets, { learningRate, random });
  });
  const [first, last] = [losses[0]!, losses.at(-1)!];
  assert(first > 2 && last < 0.02, `from ${first} to ${last}`);
  trainer.dispose();
});

Deno.test("A resumed run gives the same bytes as one that was never stopped", () => {
  const settings = { ...small, dropout: 0.3, inputDropout: 0.2, averaging: 0.01, memoryEpochs: 2 };
  const whole = start(heapOf(2), settings), random = new Random(5);
  learn(whole, 5, random);
  const weights = whole.weights(), randomState = random.state();
  const { specs, parts } = packArrays(weights, true), checkpoint = checkpointOf(whole, false);
  const saved = unpackArrays(specs, new Uint8Array(parts.flatMap((part) => [...part])));
  assertNotEquals(bytes(saved), bytes(weights)); // they are rounded
  const losses = learn(whole, 5, random);

  const resumed = start(heapOf(2), settings, 99);
  restoreCheckpoint(resumed, saved, checkpoint);
  assertEquals(learn(resumed, 5, Random.from(randomState)), losses);
  assertEquals(bytes(resumed.weights()), bytes(whole.weights()));
  assertEquals(bytes(resumed.state()), bytes(whole.state()));
  assertNotEquals(bytes(whole.weights()), bytes(weights));
  whole.dispose();
  resumed.dispose();
});

Deno.test("A trainer that is put back to its beginning learns like a new one", () => {
  const settings = { ...small, dropout: 0.3, inputDropout: 0.2, averaging: 0.01, memoryEpochs: 2 };
  const trainer = start(heapOf(2), settings);
  const weights = trainer.weights().map(copy), state = trainer.state().map(copy);
  const first = learn(trainer, 5, new Random(5)), learned = bytes(trainer.weights());
  trainer.restore(weights, state);
  assertEquals(bytes(trainer.weights()), bytes(weights));
  assertEquals(learn(trainer, 5, new Random(5)), first);
  assertEquals(bytes(trainer.weights()), learned);
  trainer.dispose();
});

Deno.test("The same seed gives the same bytes, and dropout other losses than none", () => {
  const runs = [small, small, { ...small, dropout: 0.3 }].map((settings) => {
    const trainer = start(heapOf(2), settings);
    const losses = learn(trainer, 4, new Random(1)), weights = bytes(trainer.weights());
    trainer.dispose();
    return { losses, weights };
  });
  assertEquals(runs[0], runs[1]);
  assertNotEquals(runs[0]!.losses, runs[2]!.losses);
});

Deno.test("One thread learns what two learn, but for rounding", () => {
  const [one, two] = ([1, 2] as const).map((threads) => {
    const trainer = start(heapOf(threads));
    const losses = learn(trainer, 8, new Random(1));
    const loss = trainer.meanLoss(pieces);
    trainer.dispose();
    return [...losses, loss];
  });
  one!.forEach((loss, i) => assert(Math.abs(loss - two![i]!) < 1e-3, `${loss} and ${two![i]}`));
});

Deno.test("Weights of a run on two threads load on one, and give the run's own loss", () => {
  const trainer = start(heapOf(2));
  learn(trainer, 10, new Random(1));
  const model = loadPitchwiseModel(trainer.weights(), settingOf(trainer), heapOf(1));
  const nats = pieces.flatMap((piece) => [...model.logProbabilities(piece)]);
  const mean = -nats.reduce((sum, value) => sum + value, 0) / nats.length;
  assert(Math.abs(mean - trainer.meanLoss(pieces)) < 1e-6);
  assertEquals(model.parameters, trainer.parameters);
  assertEquals(
    trainer.layers.reduce((sum, { parameters }) => sum + parameters, 0),
    trainer.parameters,
  );
  assertThrows(
    () => loadPitchwiseModel(trainer.weights().slice(0, -1), settingOf(trainer), heapOf(1)),
    Error,
    "head/bias",
  );
  model.dispose();
  trainer.dispose();
});

Deno.test("Training, judging and drawing again and again leave the heap as large as it was", () => {
  const trainer = start(heapOf(2));
  const model = loadPitchwiseModel(trainer.weights(), settingOf(trainer), heapOf(2));
  const round = () => {
    learn(trainer, 2, new Random(1));
    trainer.meanLoss(pieces);
    model.next(pieces, { temperature: 1, topK: 0, topP: 1 }, pieces.map((_, i) => new Random(i)));
  };
  round();
  const before = heapOf(2).memory.buffer.byteLength;
  for (let i = 0; i < 50; i++) round();
  assertEquals(heapOf(2).memory.buffer.byteLength, before);
  model.dispose();
  trainer.dispose();
});

Deno.test("Fewer units are dropped the more music there is", () => {
  const shares = [0, 15_000, 150_000, 1e9].map((frames) => pitchwiseFor(frames).dropout);
  assertEquals(shares, [0.5, 0.5, 0.25, 0.1]);
});

Deno.test("A run that diverges says so by a loss that is no number, and does not hang", () => {
  const trainer = start(heapOf(2), { ...small, clip: Infinity }), random = new Random(1);
  const losses = Array.from(
    { length: 12 },
    () => trainer.step(Int32Array.of(3, 4, 5), { learningRate: 1e30, random }),
  );
  assert(losses.some((loss) => !Number.isFinite(loss)), losses.join());
  trainer.dispose();
});
