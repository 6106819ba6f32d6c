import { assert, assertEquals } from "@std/assert";
import { Random } from "../../lib/random.ts";
import type { Piece } from "../../lib/tokens/piece.ts";
import { type AdaptingTrial, partForTrial, tryAdapting } from "../../lib/train/adapt.ts";
import { constantRate } from "../../lib/train/schedule.ts";
import type { Trainer } from "../../lib/train/trainer.ts";

/** A trainer whose held-out loss follows `lossAfter(distance)`, a step of rate r being r far. */
function trialOf(
  lossAfter: (distance: number) => number,
  goOn: () => boolean = () => true,
): { trial: AdaptingTrial; steps: () => number } {
  let distance = 0, steps = 0;
  const trainer: Trainer = {
    layers: [],
    parameters: 0,
    step: (_, { learningRate }) => {
      steps++;
      distance += learningRate;
      return 1;
    },
    meanLoss: () => lossAfter(distance),
    weights: () => [{ name: "distance", shape: [1], values: Float32Array.of(distance) }],
    state: () => [],
    restore: ([weights]) => void (distance = weights!.values[0]!),
    dispose: () => {},
  };
  const trial: AdaptingTrial = {
    trainer,
    schedule: constantRate,
    targets: Int32Array.from({ length: 1000 }, (_, i) => i),
    heldOut: [],
    batchSize: 10,
    seed: 1,
    epochs: 2,
    goOn: () => Promise.resolve(goOn()),
  };
  return { trial, steps: () => steps };
}

Deno.test("A trial finds that nothing is to be learned where learning only forgets", async () => {
  const { trial } = trialOf((distance) => 2 + distance);
  assertEquals((await tryAdapting(trial)).epochs, 0);
});

Deno.test("A trial finds how fast to go, and leaves the trainer as it was", async () => {
  // 200 steps a rate: 0.02, 0.1 and 0.4 far.
  for (const [far, learningRate] of [[0.4, 2e-3], [0.12, 5e-4], [0.02, 1e-4]] as const) {
    const { trial, steps } = trialOf((distance) => 3 + Math.abs(distance - far) * 10);
    assertEquals(await tryAdapting(trial), { learningRate, epochs: 2 });
    assertEquals([trial.trainer.weights()[0]!.values[0], steps()], [0, 600]);
  }
});

Deno.test("A faster rate that gains hardly more is not taken", async () => {
  const { trial } = trialOf((distance) => distance > 0 ? 3 - distance / 50 : 3.1);
  assertEquals((await tryAdapting(trial)).learningRate, 1e-4);
});

Deno.test("Of much music, a trial sees two fifths of an epoch", async () => {
  const { trial, steps } = trialOf((distance) => 3 - distance);
  const targets = Int32Array.from({ length: 10_000 }, (_, i) => i);
  assertEquals(await tryAdapting({ ...trial, targets }), { learningRate: 2e-3, epochs: 2 });
  assertEquals(steps(), 1200);
});

Deno.test("A trial that runs out of time goes by what it has measured", async () => {
  for (
    const [most, found] of [[199, [1e-4, Infinity]], [399, [1e-4, 2]], [599, [5e-4, 2]]] as const
  ) {
    let steps = 0;
    const { trial } = trialOf((distance) => 3 - distance, () => ++steps < most);
    const { learningRate, epochs } = await tryAdapting(trial);
    assertEquals([learningRate, epochs], [...found]);
    assertEquals(trial.trainer.weights()[0]!.values[0], 0);
  }
});

function pieceOf(name: string, length: number, offset: number): Piece & { offset: number } {
  const frames = Array.from({ length }, (_, i) => [60 + i % 12]);
  return { name, frames, offset, metres: [{ frame: 0, stepsPerBar: 16, phase: 4 }] };
}

Deno.test("partForTrial keeps whole pieces aside, or the end of the only one", () => {
  const many = Array.from({ length: 10 }, (_, i) => pieceOf(`${i}`, 20, 20 * i));
  const parts = partForTrial(many, new Random(1));
  assertEquals(parts.heldOut.length, 2);
  assertEquals(parts.targets.length, 8 * 19);
  const kept = new Set(parts.heldOut.map(({ name }) => Number(name)));
  assert(parts.targets.every((target) => !kept.has(Math.floor(target / 20)) && target % 20 !== 0));

  const one = partForTrial([pieceOf("one", 100, 50)], new Random(1));
  assertEquals([one.targets.length, one.targets.at(-1)], [79, 129]);
  assertEquals(one.heldOut[0]!.frames.length, 20);
  assertEquals(one.heldOut[0]!.metres, [{ frame: 0, stepsPerBar: 16, phase: 4 }]);
});
