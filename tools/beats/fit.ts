import type { Random } from "../../lib/random.ts";
import type { Heap } from "../../lib/wasm/heap.ts";
import { folded, type KnownPassage, scaleOf, standardised } from "./scale.ts";
import { createTrainer, type Task } from "./train.ts";

/** Peak learning rate, and the number of warm-up steps. */
const RATE = 2e-3, WARM_UP = 100;

/** Number of passages for scaling the inputs, and of held-out batches. */
const SCALING = 300, CHECKS = 4;

/** Steps between reports. */
const EVERY = 100;

/** Endless sources of passages. */
interface Sources<P> {
  readonly learned: Iterator<P>;
  readonly scaling: Iterator<P>;
  readonly heldOut: Iterator<P>;
}

/**
 * Fits a network to passages.
 * @param steps of the training
 * @param onReport called now and then with the weights for inputs as they are
 */
export async function fitNetwork<P extends KnownPassage>(
  heap: Heap,
  task: Task<P>,
  { learned, scaling, heldOut }: Sources<P>,
  steps: number,
  random: Random,
  onReport: (weights: Float32Array, said: string) => Promise<void>,
): Promise<void> {
  const { network, passages } = task, trainer = createTrainer(heap, task, random);
  const take = (from: Iterator<P>, count: number) =>
    Array.from({ length: count }, () => from.next().value as P);
  const scale = scaleOf(take(scaling, SCALING), network.inputs);
  const scaled = (some: readonly P[]) => some.map((passage) => standardised(passage, scale));
  const checks = Array.from({ length: CHECKS }, () => scaled(take(heldOut, passages)));
  let shown: number[] = [];
  const start = performance.now();
  for (let step = 0; step < steps; step++) {
    const rate = RATE * Math.min(1, (step + 1) / WARM_UP) *
      (0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * step / steps)));
    const losses = trainer.step(scaled(take(learned, passages)), rate);
    if (!losses.every(Number.isFinite)) {
      throw new Error(`The loss of step ${step + 1} is no number`);
    }
    shown = losses.map((loss, i) => (shown[i] ?? 0) + loss / EVERY);
    if ((step + 1) % EVERY) continue;
    const parts = checks.map((check) => trainer.loss(check));
    const held = shown.map((_, k) => parts.reduce((sum, p) => sum + p[k]! / CHECKS, 0));
    const say = (values: readonly number[]) => values.map((value) => value.toFixed(3)).join(" ");
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const said = `${step + 1} ${seconds} s: learned ${say(shown)}, held out ${say(held)}`;
    await onReport(folded(trainer.average, network, scale), said);
    shown = [];
  }
}
