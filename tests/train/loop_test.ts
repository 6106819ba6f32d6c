import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { EpochRecord, StepRecord } from "../../lib/train/history.ts";
import { recordStep } from "../../lib/train/history.ts";
import {
  PATIENCE_EPOCHS,
  runTraining,
  startPosition,
  type TrainingOptions,
} from "../../lib/train/loop.ts";
import type { Trainer } from "../../lib/train/trainer.ts";

/** Its one weight takes in every target, the learning rate and the noise, in order. */
function fakeTrainer(losses: (step: number) => number = () => 1): Trainer & { seen: number[] } {
  let weight = 0, steps = 0;
  const seen: number[] = [];
  return {
    seen,
    layers: [],
    parameters: 1,
    step(targets, { learningRate, random }) {
      for (const target of targets) weight = Math.fround(weight * 1.5 + target) % 1000;
      weight = Math.fround(weight + learningRate + random.next());
      seen.push(...targets);
      return losses(++steps);
    },
    meanLoss: () => losses(steps),
    weights: () => [{ name: "w", shape: [1], values: Float32Array.of(weight) }],
    state: () => [{ name: "steps", shape: [1], values: Float32Array.of(steps) }],
    restore([w], [s]) {
      weight = w!.values[0]!;
      steps = s!.values[0]!;
    },
    dispose() {},
  };
}

function options(trainer: Trainer, more: Partial<TrainingOptions> = {}): TrainingOptions {
  let time = 0;
  return {
    trainer,
    targets: Int32Array.from({ length: 10 }, (_, i) => i + 1),
    heldOut: [],
    batchSize: 4,
    budget: { epochs: 3 },
    step: (batch, { progress }, random) => {
      const learningRate = 1 - progress / 2;
      return { learningRate, loss: trainer.step(batch, { learningRate, random }) };
    },
    position: startPosition(7),
    epochs: [] as EpochRecord[],
    steps: [] as StepRecord[],
    bestWeights: [],
    secondsBefore: 0,
    now: () => time += 100,
    onCheckpoint: () => Promise.resolve(),
    ...more,
  };
}

Deno.test("runTraining takes every frame once per epoch, each time in another order", async () => {
  const trainer = fakeTrainer();
  const run = options(trainer);
  const { position, ended } = await runTraining(run);
  assertEquals(ended, "budget");
  assertEquals([position.epoch, position.step], [3, 9]);
  const epochs = [0, 1, 2].map((epoch) => trainer.seen.slice(epoch * 10, (epoch + 1) * 10));
  for (const epoch of epochs) assertEquals(epoch.toSorted((a, b) => a - b), [...run.targets]);
  assert(epochs[0]!.join() !== epochs[1]!.join());
  assertEquals(run.epochs.map(({ epoch, step }) => [epoch, step]), [[1, 3], [2, 6], [3, 9]]);
});

Deno.test("A run stopped after any step and resumed ends as one that was not", async () => {
  const whole = fakeTrainer();
  const expected = await runTraining(options(whole));
  for (let stopAfter = 1; stopAfter < 9; stopAfter++) {
    const first = fakeTrainer(), controller = new AbortController();
    const stopped = options(first, {
      signal: controller.signal,
      onStep: ({ step }) => step === stopAfter && controller.abort(),
    });
    const { position, ended } = await runTraining(stopped);
    assertEquals([ended, position.step], ["stopped", stopAfter]);
    const second = fakeTrainer();
    second.restore(first.weights(), first.state());
    const resumed = await runTraining(options(second, {
      position: JSON.parse(JSON.stringify(position)),
      epochs: stopped.epochs,
      steps: stopped.steps,
    }));
    assertEquals(resumed.position, expected.position);
    assertEquals(second.weights(), whole.weights());
    assertEquals([...first.seen, ...second.seen], whole.seen);
  }
});

Deno.test("runTraining stops with step and settings when the loss is no number, and saves it not", async () => {
  const saved: number[] = [];
  const run = options(fakeTrainer((step) => step === 5 ? NaN : 1), {
    onCheckpoint: ({ step }) => Promise.resolve(void saved.push(step)),
  });
  const { message } = await assertRejects(() => runTraining(run), Error);
  assertMatch(message, /step 5 \(epoch 2\) is NaN at learning rate .* batch size 4.*of step 3/);
  assertEquals(saved, [3]);
});

Deno.test("runTraining keeps the weights with the least held-out loss and stops when it rises for long", async () => {
  const losses = (step: number) => Math.abs(step - 6) + 1; // least after the second epoch
  const trainer = fakeTrainer(losses), bestWeights: TrainingOptions["bestWeights"] = [];
  const heldOut = [{ name: "", frames: [[60], [62]], metres: [] }];
  const { position, ended } = await runTraining(
    options(trainer, { heldOut, bestWeights, budget: { epochs: 100 } }),
  );
  assertEquals(ended, "no improvement");
  assertEquals(position.epoch, 2 + PATIENCE_EPOCHS);
  assertEquals(position.best, { heldOutLoss: 1, epochsAgo: PATIENCE_EPOCHS });
  assert(bestWeights[0]!.values[0] !== trainer.weights()[0]!.values[0]);
});

Deno.test("runTraining ends with its minutes, in the middle of an epoch if need be", async () => {
  const run = options(fakeTrainer(), { budget: { minutes: 0.05 }, batchSize: 1 });
  const { position } = await runTraining(run);
  assert(position.step > 3 && position.step < 40, `${position.step} steps of 100 ms or so in 3 s`);
});

Deno.test("A run whose time was up before it was resumed learns nothing, says so, and is as it was", async () => {
  const first = options(fakeTrainer(), { budget: { minutes: 0.05 }, batchSize: 1 });
  const { position } = await runTraining(first);
  assert(first.epochs.at(-1)!.epoch > position.epoch, "it ended within an epoch");
  const saved: number[] = [], trainer = fakeTrainer();
  const again = options(trainer, {
    budget: { minutes: 0.05 },
    batchSize: 1,
    position,
    secondsBefore: 3,
    epochs: [...first.epochs],
    onCheckpoint: ({ step }) => Promise.resolve(void saved.push(step)),
  });
  assertEquals(await runTraining(again), { position, ended: "over" });
  assertEquals([again.epochs, trainer.seen, saved], [first.epochs, [], []]);
  const more = options(trainer, { ...again, budget: { minutes: 0.1 }, epochs: [...first.epochs] });
  assertEquals((await runTraining(more)).ended, "budget");
  assertEquals(more.epochs.map(({ epoch }) => epoch), more.epochs.map((_, index) => index + 1));
});

Deno.test("A clock that jumps back does no harm", async () => {
  const times = [1000, 900, 50, -1000];
  const { position } = await runTraining(options(fakeTrainer(), { now: () => times.shift() ?? 0 }));
  assertEquals(position.step, 9);
});

Deno.test("recordStep keeps at most a thousand steps, evenly spaced", () => {
  const steps: StepRecord[] = [];
  for (let step = 1; step <= 100_000; step++) recordStep(steps, { step, loss: 1, learningRate: 1 });
  assert(steps.length > 400 && steps.length <= 1000);
  const gaps = new Set(steps.slice(1).map(({ step }, i) => step - steps[i]!.step));
  assertEquals(gaps.size, 1);
});
