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
): { trial: AdaptingTrial; disposed: () => number } {
  let disposed = 0;
  const createTrainer = (): Trainer => {
    let distance = 0;
    return {
      layers: [],
      parameters: 0,
      step: (_, { learningRate }) => {
        distance += learningRate;
        return 1;
      },
      meanLoss: () => lossAfter(distance),
      weights: () => [],
      state: () => [],
      restore: () => {},
      dispose: () => void disposed++,
    };
  };
  const trial: AdaptingTrial = {
    createTrainer,
    schedule: constantRate,
    targets: Int32Array.from({ length: 1000 }, (_, i) => i),
    heldOut: [],
    batchSize: 10,
    seed: 1,
    goOn: () => Promise.resolve(goOn()),
  };
  return { trial, disposed: () => disposed };
}

Deno.test("A trial finds that nothing is to be learned where learning only forgets", async () => {
  const { trial, disposed } = trialOf((distance) => 2 + distance);
  assertEquals((await tryAdapting(trial)).epochs, 0);
  assertEquals(disposed(), 3);
});

Deno.test("A trial finds how far to go, fast or slowly", async () => {
  // Best at 0.2: 100 steps of 2e-3, one epoch; the slower ones get there no better, or later.
  const far = await tryAdapting(trialOf((distance) => 3 + (distance - 0.2) ** 2 * 25).trial);
  assertEquals(far, { learningRate: 2e-3, epochs: 1, dropout: 0.5 });
  // Best at 0.005: half an epoch of the fast one is too far.
  const near = await tryAdapting(trialOf((distance) => 3 + Math.abs(distance - 0.01) * 10).trial);
  assertEquals(near, { learningRate: 1e-4, epochs: 1, dropout: 0.2 });
});

Deno.test("A trial that runs out of time lets go on what still grew better", async () => {
  let steps = 0;
  const { trial } = trialOf((distance) => 3 - distance, () => ++steps < 180);
  assertEquals(await tryAdapting(trial), { learningRate: 2e-3, epochs: Infinity, dropout: 0.5 });
  const whole = await tryAdapting(trialOf((distance) => 3 - distance).trial);
  assertEquals(whole, { learningRate: 2e-3, epochs: 60, dropout: 0.5 });
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

Deno.test("A trial that measured nothing goes gently", async () => {
  const { trial } = trialOf((distance) => 3 - distance, () => false);
  assertEquals(await tryAdapting(trial), { learningRate: 1e-4, epochs: Infinity, dropout: 0.2 });
});

Deno.test("A trial that runs out of time before a way was measured keeps to what it knows", async () => {
  let steps = 0; // the first way is given up after 100; the second would be measured after 150
  const { trial } = trialOf((distance) => 3 + distance, () => ++steps < 120);
  assertEquals((await tryAdapting(trial)).epochs, 0);
});

Deno.test("A trial that runs out of time early has tried the gentle way as far as the fast ones", async () => {
  let steps = 0; // three ways of 50 steps each are measured, and no more
  const { trial } = trialOf((distance) => 3 + Math.abs(distance - 0.006) * 10, () => ++steps < 160);
  assertEquals(await tryAdapting(trial), { learningRate: 1e-4, epochs: Infinity, dropout: 0.2 });
});
