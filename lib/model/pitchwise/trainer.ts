import * as fields from "./kernels/fields.ts";
import type { Random } from "../../random.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { Grid, Piece } from "../../tokens/piece.ts";
import { planOf } from "../../tokens/plan_of.ts";
import type { LayerRow, NamedArray, Trainer } from "../../train/trainer.ts";
import { Blocks, placeMusic, placeNetwork } from "./heap.ts";
import type { Heap } from "../../wasm/heap.ts";
import { BETA_1, BETA_2 } from "../../wasm/kernels/betas.ts";
import { keyboardOf } from "./keyboard.ts";
import { type Layout, layOut } from "./layout.ts";
import { lossesOf } from "./losses.ts";
import { compact, type PieceRange } from "./music.ts";
import { planReader } from "./plan_words.ts";
import { adoptWeights, type PitchwiseNetwork } from "./adopt.ts";
import {
  adaptingFrom,
  pitchwiseDefaults,
  pitchwiseFor,
  type PitchwiseSettings,
} from "./settings.ts";
import { noteStatisticsOf } from "./note_statistics.ts";
import { initialise, nameWeights, networkRecord, readWeights } from "./weights.ts";

/** What the trainer needs of a corpus; a `Corpus` is one. */
export interface PitchwiseCorpus {
  readonly grid: Grid;
  /** The combination of every frame of every piece, one piece after the other. */
  readonly ids: Int32Array;
  readonly pieces: readonly PieceRange[];
  readonly vocabulary: { readonly size: number; frame(id: number): Frame };
}

/** Of the frames that are learned from, the share of which the network is told no plan. */
const WITHOUT_PLAN = 0.35;

/** The share of which it is told some groups of the plan, each as likely as not. */
const WITH_SOME = 0.25;

/** Adam's averages mean little at first: the learning rate grows to its own size in this many steps. */
export const WARM_UP_STEPS = 100;

/**
 * Starts the training of a pitchwise network (see `model.ts`): AdamW (Loshchilov and Hutter 2019,
 * arXiv 1711.05101) with dropout, a bound on the gradient's norm, and an exponential average of the
 * weights, which is what {@linkcode Trainer.meanLoss} and {@linkcode Trainer.weights} give.
 *
 * The same corpus, settings, random numbers and thread count give the same bytes. The corpus is kept
 * as its ids: memory grows by 100 bytes a frame. Free it with `dispose`.
 *
 * @param base a network to start from instead of random numbers, and that what is not learned leads
 *   back to; it may be of another grid
 */
export function createPitchwiseTrainer(
  corpus: PitchwiseCorpus,
  settings: Partial<PitchwiseSettings>,
  heap: Heap,
  random: Random,
  base?: PitchwiseNetwork,
): Trainer {
  const frames = corpus.ids.length;
  const used: PitchwiseSettings = {
    ...pitchwiseDefaults,
    ...(base ? adaptingFrom(base) : pitchwiseFor(frames)),
    ...settings,
  };
  const music = compact(
    corpus.ids,
    corpus.vocabulary.size,
    (id) => corpus.vocabulary.frame(id),
    corpus.pieces,
  );
  const plans = corpus.pieces.map(({ offset, length, metres }) => {
    const ids = corpus.ids.subarray(offset, offset + length);
    const frames = Array.from(ids, (id) => corpus.vocabulary.frame(id));
    return planReader(planOf({ frames, metres }, corpus.grid), corpus.grid);
  });
  const keyboard = keyboardOf(music, corpus.grid, base?.layout);
  const layout = layOut(used, keyboard), size = layout.padded;
  const blocks = new Blocks(heap);
  const initial = initialise(layout, keyboard.frequencies, random);
  if (base) adoptWeights(base, layout, corpus.grid, initial);
  const addresses = {
    weights: blocks.copy(initial),
    average: blocks.copy(initial),
    moment1: blocks.zeros(4 * size),
    moment2: blocks.zeros(4 * size),
  };
  const gradients = blocks.zeros(4 * size * heap.threads);
  const anchor = base ? blocks.copy(initial) : 0;
  const update = placeUpdate(heap, blocks, { ...addresses, anchor });
  const network = placeNetwork(heap, blocks, layout, music.mostNotes, {
    weights: addresses.weights,
    gradients,
    dropout: used.dropout,
    inputDropout: used.inputDropout,
    pastNoise: used.pastNoise,
  });
  const placed = placeMusic(heap, music, corpus.grid, layout, { plans }), { block } = placed;
  let steps = 0;

  function step(
    targets: Int32Array,
    { learningRate, random }: { learningRate: number; random: Random },
  ): number {
    const count = targets.length;
    placed.target(targets, {
      seeds: Int32Array.from(targets, () => random.bits()),
      groups: Uint8Array.from(targets, () => groupsToTell(random)),
      transpose: Int8Array.from(
        targets,
        () => random.below(2 * used.transpose + 1) - used.transpose,
      ),
    });
    heap.parallel("pitchwiseGradient", (t, n) => [network, block, t, n]);
    let loss = 0;
    for (const nats of placed.losses(count)) loss += nats;

    steps++;
    const memorySteps = used.memoryEpochs * Math.max(1, frames / count);
    const rate = learningRate * Math.min(1, steps / WARM_UP_STEPS);
    const reals = blocks.floats(update, fields.UPDATE_WORDS);
    reals[fields.RATE] = Math.fround(rate) * Math.fround(1 / (1 - BETA_1 ** steps));
    reals[fields.DECAY] = 1 - rate / pitchwiseDefaults.learningRate / memorySteps;
    // At first the average is that of all steps so far, so that it does not keep to the start.
    reals[fields.AVERAGE_SHARE] = Math.max(used.averaging, 9 / (9 + steps));
    reals[fields.CORRECTION] = 1 / (1 - BETA_2 ** steps);
    reals[fields.CLIP] = used.clip;
    heap.parallel("pitchwiseReduce", (t, n) => [network, update, t, n]);
    heap.parallel("pitchwiseUpdate", (t, n) => [network, update, t, n]);
    return loss / count;
  }

  function meanLoss(pieces: readonly Piece[]): number {
    let sum = 0, frames = 0;
    for (const losses of lossesOf(heap, layout, addresses.average, pieces, corpus.grid)) {
      for (const loss of losses) sum += loss;
      frames += losses.length;
    }
    return sum / frames;
  }

  return {
    layers: layerRows(layout),
    parameters: layout.parameters,
    network: networkRecord(layout, noteStatisticsOf(music, corpus.grid)),
    step,
    meanLoss,
    weights: () => nameWeights(layout, blocks.floats(addresses.average, size)),
    state: () => [
      ...(["weights", "moment1", "moment2"] as const).map((name) => ({
        name,
        shape: [size],
        values: blocks.floats(addresses[name], size).slice(),
      })),
      { name: "steps", shape: [1], values: Float32Array.of(steps) },
    ],
    restore(weights, state) {
      blocks.floats(addresses.average, size).set(readWeights(layout, weights));
      for (const name of ["weights", "moment1", "moment2"] as const) {
        blocks.floats(addresses[name], size).set(find(state, name, size));
      }
      steps = find(state, "steps", 1)[0]!;
    },
    dispose() {
      placed.free();
      blocks.free();
    },
  };
}

/** Which groups of a plan the network is told of one frame: none, all, or some. */
function groupsToTell(random: Random): number {
  const kind = random.next(), some = random.bits();
  if (kind < WITHOUT_PLAN) return 0;
  return kind < WITHOUT_PLAN + WITH_SOME ? some & fields.ALL_GROUPS : fields.ALL_GROUPS;
}

function placeUpdate(
  heap: Heap,
  blocks: Blocks,
  { moment1, moment2, average, anchor }: Record<
    "moment1" | "moment2" | "average" | "anchor",
    number
  >,
): number {
  const words = new Int32Array(fields.UPDATE_WORDS);
  words[fields.MOMENT_1] = moment1;
  words[fields.MOMENT_2] = moment2;
  words[fields.AVERAGE] = average;
  words[fields.ANCHOR] = anchor;
  words[fields.SQUARES] = blocks.zeros(8 * heap.threads);
  return blocks.copy(words);
}

function find(arrays: readonly NamedArray[], name: string, length: number): Float32Array {
  const array = arrays.find((array) => array.name === name);
  if (array?.values.length !== length) {
    throw new Error(
      `Cannot go on training: the checkpoint's array "${name}" has ` +
        `${array ? array.values.length : "no"} numbers, needed ${length}; train from the start`,
    );
  }
  return array.values;
}

/** The layers for the table: the first one's tables together. */
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
