/**
 * Trains the network that finds beats, from folders of public-domain scores as typed MIDI files: they
 * are played by a model of playing, again and again and each time otherwise. The same files, steps and
 * seed give the same weights.
 *
 * @module
 */
import { join } from "node:path";
import { INPUTS } from "../lib/beats/features.ts";
import { CHANNELS } from "../lib/beats/network.ts";
import { readMidi } from "../lib/midi/read.ts";
import { startHeap } from "../lib/wasm/heap.ts";
import { list, path, whole } from "../lib/phases/settings/declare.ts";
import { Random } from "../lib/random.ts";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { type Examples, PASSAGE, passages } from "./beats/batches.ts";
import type { Score } from "./beats/score.ts";
import { scoreOf } from "./beats/scores.ts";
import { createBeatTrainer } from "./beats/train.ts";
import { flagsFor, THREADS } from "./task.ts";

/** Passages in a batch. */
const BATCH = 16;

/** Every so many scores, one is kept aside to measure on. */
const KEPT_ASIDE = 15;

/** Learning rate at its highest, and the steps that it takes to get there. */
const RATE = 2e-3, WARM_UP = 100;

/** The scores of some folders, by name. */
async function scoresIn(folders: readonly string[]): Promise<Score[]> {
  const scores: Score[] = [];
  for (const folder of folders) {
    const { names } = await findMidiFiles(folder);
    for (const name of names.toSorted()) {
      const score = scoreOf(name, readMidi(await Deno.readFile(join(folder, name))));
      if (score) scores.push(score);
    }
  }
  return scores;
}

/** Means and deviations of the inputs. */
function scaleOf(examples: readonly Examples[]): { means: Float64Array; deviations: Float64Array } {
  const means = new Float64Array(INPUTS), squares = new Float64Array(INPUTS);
  let count = 0;
  for (const { rows, known } of examples) {
    for (let i = 0; i < PASSAGE; i++) {
      if (!known[i]) continue;
      count++;
      for (let k = 0; k < INPUTS; k++) {
        means[k]! += rows[i * INPUTS + k]!;
        squares[k]! += rows[i * INPUTS + k]! ** 2;
      }
    }
  }
  const deviations = squares.map((square, k) => {
    means[k]! /= count;
    return Math.sqrt(Math.max(0, square / count - means[k]! ** 2)) + 0.2;
  });
  return { means, deviations };
}

type Scale = ReturnType<typeof scaleOf>;

function standardised(examples: Examples, { means, deviations }: Scale): Examples {
  const rows = examples.rows.map((value, i) =>
    (value - means[i % INPUTS]!) / deviations[i % INPUTS]!
  );
  return { ...examples, rows };
}

/** Weights for inputs as they are, of weights for standardised ones: the first layer takes the scale in. */
function folded(weights: Float32Array, { means, deviations }: Scale): Float32Array {
  const out = weights.slice();
  for (let c = 0; c < CHANNELS; c++) {
    let shift = 0;
    for (let k = 0; k < INPUTS; k++) {
      out[c * INPUTS + k]! /= deviations[k]!;
      shift += out[c * INPUTS + k]! * means[k]!;
    }
    out[CHANNELS * INPUTS + c]! -= shift;
  }
  return out;
}

/** The module that the weights are kept in: 16-bit floats in base64. */
function moduleOf(weights: Float32Array, about: string): string {
  const bytes = new Uint8Array(new Float16Array(weights).buffer);
  return `/**\n * Weights of the beat network as 16-bit floats in base64, made by \`deno task train-beats\`:\n * ${about}.\n */\n` +
    `export const WEIGHTS_TEXT =\n  "${bytes.toBase64()}";\n`;
}

if (import.meta.main) {
  const { midi: folders, steps, seed, out, threads } = flagsFor<{
    readonly midi: readonly string[];
    readonly steps: number;
    readonly seed: number;
    readonly out: string;
    readonly threads?: number;
  }>({
    name: "train-beats",
    summary: "Trains the network that finds beats, from folders of typed scores.",
    example: "deno task train-beats --midi FOLDER,FOLDER",
  }, {
    midi: list("FOLDERS", "Where the scores lie, as MIDI files", { required: true }),
    steps: whole("N", "Steps of the training", { least: 1, default: 2000 }),
    seed: whole("N", "Seed of the random numbers", { least: 0, default: 1 }),
    out: path("FILE", "Where the weights are put", { default: "lib/beats/weights.ts" }),
    threads: THREADS,
  });
  const heap = await startHeap(new URL("../lib/model/combination/kernels/", import.meta.url), {
    threads,
  });
  const all = await scoresIn(folders), random = new Random(seed);
  const kept = all.filter((_, i) => i % KEPT_ASIDE === 7);
  const scores = all.filter((_, i) => i % KEPT_ASIDE !== 7);
  console.log(`${scores.length} scores to learn from, ${kept.length} kept aside`);
  const weightOf = ({ notes }: Score) => Math.sqrt(Math.min(3000, notes.length));
  const trainer = createBeatTrainer(heap, BATCH, random);
  const take = (from: Generator<Examples>, count: number) =>
    Array.from({ length: count }, () => from.next().value as Examples);
  const scale = scaleOf(take(passages(scores, new Random(seed + 1), weightOf), 300));
  const checks = take(passages(kept, new Random(3), weightOf), 4 * BATCH).map((e) =>
    standardised(e, scale)
  );
  const source = passages(scores, random, weightOf);
  let shown = [0, 0, 0];
  const every = 100, start = performance.now();
  for (let step = 0; step < steps; step++) {
    const rate = RATE * Math.min(1, (step + 1) / WARM_UP) *
      (0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * step / steps)));
    const losses = trainer.step(take(source, BATCH).map((e) => standardised(e, scale)), rate);
    if (!losses.every(Number.isFinite)) {
      throw new Error(`The loss of step ${step + 1} is no number`);
    }
    shown = shown.map((sum, i) => sum + losses[i]! / every);
    if ((step + 1) % every) continue;
    const parts = [0, 1, 2, 3].map((i) => trainer.loss(checks.slice(i * BATCH, (i + 1) * BATCH)));
    const held = shown.map((_, k) => parts.reduce((sum, p) => sum + p[k]! / 4, 0));
    const say = (values: readonly number[]) => values.map((value) => value.toFixed(3)).join(" ");
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `${step + 1} ${seconds.toFixed(0)} s: learned ${say(shown)}, kept aside ${say(held)}`,
    );
    shown = [0, 0, 0];
    const about = `${scores.length} scores, ${step + 1} steps, seed ${seed}`;
    await Deno.writeTextFile(out, moduleOf(folded(trainer.average, scale), about));
  }
  Deno.exit(0);
}
