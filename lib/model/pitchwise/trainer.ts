import type { Random } from "../../random.ts";
import type { LayerRow, NamedArray, Trainer } from "../../train/trainer.ts";
import { Blocks, floatsAt } from "../../wasm/blocks.ts";
import type { Heap } from "../../wasm/heap.ts";
import { BETA_1, BETA_2 } from "../../wasm/kernels/betas.ts";
import { adoptWeights, type PitchwiseNetwork } from "./adopt.ts";
import { type PitchwiseCorpus, plansOf } from "./corpus.ts";
import { placeMusic, placeNetwork, type TargetDetails } from "./place.ts";
import { keyboardOf } from "./keyboard.ts";
import * as fields from "./kernels/fields.ts";
import { type Layout, layOut } from "./layout.ts";
import { lossesOf } from "./losses.ts";
import { compact } from "./music.ts";
import { noteStatisticsOf } from "./note_statistics.ts";
import {
  adaptingFrom,
  pitchwiseDefaults,
  pitchwiseFor,
  type PitchwiseSettings,
} from "./settings.ts";
import { initialise, nameWeights, networkRecord, readWeights } from "./weights.ts";

/** Share of the training frames without a plan. */
const WITHOUT_PLAN = 0.35;

/**
 * Share of the training frames with a random subset of the plan's groups, each with probability one
 * half.
 */
const WITH_SOME = 0.25;

/**
 * Creates the trainer of a pitchwise network (see `model.ts`): AdamW (Loshchilov and Hutter 2019,
 * arXiv 1711.05101) with dropout, gradient clipping, and an exponential moving average of the
 * weights, which {@linkcode Trainer.meanLoss} and {@linkcode Trainer.weights} use.
 *
 * The same corpus, settings, random numbers and thread count give the same bytes. The corpus is
 * stored as ids: memory grows by 130 bytes a frame. Free it with `dispose`.
 *
 * @param base network to start from instead of random numbers, and towards which weights decay; it
 *   may have another grid
 */
export function createPitchwiseTrainer(
  corpus: PitchwiseCorpus,
  settings: Partial<PitchwiseSettings>,
  heap: Heap,
  random: Random,
  base?: PitchwiseNetwork,
): Trainer {
  const { grid, ids, pieces, vocabulary } = corpus;
  const used: PitchwiseSettings = {
    ...pitchwiseDefaults,
    ...(base ? adaptingFrom(base) : pitchwiseFor(ids.length)),
    ...settings,
  };
  const music = compact(ids, vocabulary.size, (id) => vocabulary.frame(id), pieces);
  const keyboard = keyboardOf(music, grid, base?.layout);
  const chords = used.chords && grid.unit === "beat";
  const layout = layOut({ ...used, chords }, keyboard), size = layout.padded;
  const placed = placeMusic(heap, music, grid, layout, { plans: plansOf(corpus) });
  const initial = initialise(layout, keyboard.frequencies, random);
  if (base) adoptWeights(base, layout, grid, initial);
  const blocks = new Blocks(heap);
  const { gradients, update, ...addresses } = placeLearning(heap, blocks, initial, !!base);
  const network = placeNetwork(heap, blocks, layout, music.mostNotes, {
    ...used,
    weights: addresses.weights,
    gradients,
  });
  const numbers = (name: keyof typeof addresses) => floatsAt(heap, addresses[name], size);
  let steps = 0;

  return {
    layers: layerRows(layout),
    parameters: layout.parameters,
    network: networkRecord(layout, noteStatisticsOf(music, grid)),
    step(targets, { learningRate, random }) {
      const { block } = placed, count = targets.length;
      placed.target(targets, detailsFor(targets, used, random));
      heap.parallel("pitchwiseGradient", (t, n) => [network, block, t, n]);
      let loss = 0;
      for (const nats of placed.losses(count)) loss += nats;
      steps++;
      const memorySteps = used.memoryEpochs * Math.max(1, ids.length / count);
      writeUpdate(
        floatsAt(heap, update, fields.UPDATE_WORDS),
        used,
        steps,
        learningRate,
        memorySteps,
      );
      heap.parallel("pitchwiseReduce", (t, n) => [network, update, t, n]);
      heap.parallel("pitchwiseUpdate", (t, n) => [network, update, t, n]);
      return loss / count;
    },
    meanLoss(pieces) {
      let sum = 0, frames = 0;
      for (const losses of lossesOf(heap, layout, addresses.average, pieces, grid)) {
        for (const loss of losses) sum += loss;
        frames += losses.length;
      }
      return sum / frames;
    },
    weights: () => nameWeights(layout, numbers("average")),
    state: () => [
      ...STATE.map((name) => ({ name, shape: [size], values: numbers(name).slice() })),
      { name: "steps", shape: [1], values: Float32Array.of(steps) },
    ],
    restore(weights, state) {
      numbers("average").set(readWeights(layout, weights));
      for (const name of STATE) numbers(name).set(find(state, name, size));
      steps = find(state, "steps", 1)[0]!;
    },
    dispose() {
      placed.free();
      blocks.free();
    },
  };
}

/** State for resuming, besides the average and the number of steps. */
const STATE = ["weights", "moment1", "moment2"] as const;

/** Reserves parameters and optimizer state, and an update block for them. */
function placeLearning(heap: Heap, blocks: Blocks, initial: Float32Array, anchored: boolean) {
  const bytes = initial.byteLength, words = new Int32Array(fields.UPDATE_WORDS);
  const addresses = {
    weights: blocks.copy(initial),
    average: blocks.copy(initial),
    moment1: blocks.zeros(bytes),
    moment2: blocks.zeros(bytes),
    gradients: blocks.zeros(bytes * heap.threads),
  };
  words[fields.MOMENT_1] = addresses.moment1;
  words[fields.MOMENT_2] = addresses.moment2;
  words[fields.AVERAGE] = addresses.average;
  words[fields.ANCHOR] = anchored ? blocks.copy(initial) : 0;
  words[fields.SQUARES] = blocks.zeros(8 * heap.threads);
  return { ...addresses, update: blocks.copy(words) };
}

/**
 * Writes an update block.
 * @param memorySteps see {@linkcode PitchwiseSettings.memoryEpochs}
 */
function writeUpdate(
  reals: Float32Array,
  { averaging, clip }: PitchwiseSettings,
  steps: number,
  rate: number,
  memorySteps: number,
): void {
  reals[fields.RATE] = Math.fround(rate) * Math.fround(1 / (1 - BETA_1 ** steps));
  reals[fields.CORRECTION] = 1 / (1 - BETA_2 ** steps);
  reals[fields.DECAY] = 1 - rate / pitchwiseDefaults.learningRate / memorySteps;
  // At first the average is that of all steps so far, so that it does not stay near the start.
  reals[fields.AVERAGE_SHARE] = Math.max(averaging, 9 / (9 + steps));
  reals[fields.CLIP] = clip;
}

/** Per-target training inputs: plan groups and augmentation. */
function detailsFor(
  targets: Int32Array,
  { transpose }: PitchwiseSettings,
  random: Random,
): TargetDetails {
  return {
    seeds: Int32Array.from(targets, () => random.bits()),
    groups: Uint8Array.from(targets, () => groupsToTell(random)),
    transpose: Int8Array.from(targets, () => random.below(2 * transpose + 1) - transpose),
  };
}

/** Random choice of the plan groups for one frame: none, all, or some. */
function groupsToTell(random: Random): number {
  const kind = random.next(), some = random.bits();
  if (kind < WITHOUT_PLAN) return 0;
  return kind < WITHOUT_PLAN + WITH_SOME ? some & fields.ALL_GROUPS : fields.ALL_GROUPS;
}

function find(arrays: readonly NamedArray[], name: string, length: number): Float32Array {
  const array = arrays.find((array) => array.name === name);
  if (array?.values.length !== length) {
    throw new Error(
      `Cannot continue training: the checkpoint's array "${name}" has ` +
        `${array ? array.values.length : "no"} numbers, needed ${length}; train from the start`,
    );
  }
  return array.values;
}

/** Rows of the layer table; the tables of the first layer form one row. */
function layerRows({ rows, width, layers, states, pitches }: Layout): LayerRow[] {
  const output = `(None, ${pitches}, ${width})`;
  return [
    { name: "tables", type: "SparseDense", output, parameters: rows * width },
    ...Array.from({ length: layers }, (_, i) => ({
      name: `dense_${i + 1}`,
      type: "Dense",
      output,
      parameters: width * width + width,
    })),
    {
      name: "head",
      type: "Dense",
      output: `(None, ${pitches}, ${states})`,
      parameters: states * (width + pitches),
    },
  ];
}
