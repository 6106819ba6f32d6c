/**
 * Trains the network that finds beats on folders of public-domain scores as MIDI files without
 * expression, which a model of performance plays again and again, differently each time. The same
 * files, steps and seed give the same weights.
 *
 * @module
 */
import { join } from "node:path";
import { EVENT_NETWORK } from "../lib/beats/salience.ts";
import { readMidi } from "../lib/midi/read.ts";
import { startHeap } from "../lib/wasm/heap.ts";
import { list, path, whole } from "../lib/phases/settings/declare.ts";
import { Random } from "../lib/random.ts";
import { findMidiFiles } from "../lib/store/midi_files.ts";
import { PASSAGE, passages } from "./beats/batches.ts";
import { fitNetwork } from "./beats/fit.ts";
import { lossOf } from "./beats/loss.ts";
import type { Score } from "./beats/score.ts";
import { scoreOf } from "./beats/scores.ts";
import { flagsFor, THREADS } from "./task.ts";

/** Passages per batch. */
const BATCH = 16;

/** Interval of held-out scores. */
const HELD_OUT_EVERY = 15;

/** Reads the scores of some folders, sorted by name. */
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

/** Source of the module with the weights: 16-bit floats in base64. */
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
  const kept = all.filter((_, i) => i % HELD_OUT_EVERY === 7);
  const scores = all.filter((_, i) => i % HELD_OUT_EVERY !== 7);
  console.log(`${scores.length} scores to learn from, ${kept.length} held out`);
  const weightOf = ({ notes }: Score) => Math.sqrt(Math.min(3000, notes.length));
  const task = { network: EVENT_NETWORK, passages: BATCH, length: PASSAGE, loss: lossOf };
  const sources = {
    learned: passages(scores, random, weightOf),
    scaling: passages(scores, new Random(seed + 1), weightOf),
    heldOut: passages(kept, new Random(3), weightOf),
  };
  await fitNetwork(heap, task, sources, steps, random, async (weights, said) => {
    console.log(said);
    await Deno.writeTextFile(
      out,
      moduleOf(weights, `${scores.length} scores, ${steps} steps, seed ${seed}`),
    );
  });
  Deno.exit(0);
}
