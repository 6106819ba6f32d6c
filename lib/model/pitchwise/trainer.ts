import * as fields from "../../backend/kernels/assembly/pitchwise/fields.ts";
import type { Random } from "../../random.ts";
import type { Grid, Metre, Piece } from "../../tokens/piece.ts";
import type { Frame } from "../../tokens/frame.ts";
import type { NamedArray, Trainer } from "../../train/trainer.ts";
import { compact, compactPieces, informationOf } from "./music.ts";
import type { CompactMusic } from "./music.ts";
import { layOut } from "./layout.ts";
import { Blocks, initialise, nameParts, partsOf, placeMusic, placeNetwork } from "./network.ts";
import type { Heap } from "./network.ts";
import type { PitchwiseSettings } from "./settings.ts";
import { outsideLoss } from "./keyboard.ts";
import { keyboardOf } from "./keyboard.ts";

/** What the trainer needs of a corpus. */
export interface PitchwiseCorpus {
  readonly grid: Grid;
  readonly ids: Int32Array;
  readonly pieces: readonly { offset: number; length: number; metres: readonly Metre[] }[];
  readonly vocabulary: { readonly size: number; frame(id: number): Frame };
}

/** Most frames whose loss is computed in one call of a kernel. */
const EVALUATED = 256;

/** Starts the training of a pitchwise network. */
export function createPitchwiseTrainer(
  corpus: PitchwiseCorpus,
  settings: PitchwiseSettings,
  heap: Heap,
  random: Random,
): Trainer {
  const music = compact(corpus.ids, corpus.vocabulary.size, (id) => corpus.vocabulary.frame(id));
  const keyboard = keyboardOf(music, corpus.grid);
  const layout = layOut(settings, keyboard);
  const blocks = new Blocks(heap);
  const size = layout.padded, bytes = 4 * size;
  const initial = initialise(layout, keyboard.frequencies, random);
  const weights = blocks.copy(initial), average = blocks.copy(initial);
  const moments = [blocks.zeros(bytes), blocks.zeros(bytes)] as const;
  const gradients = blocks.zeros(bytes * heap.threads);
  const squares = blocks.zeros(8 * heap.threads);
  const update = blocks.zeros(4 * fields.UPDATE_WORDS);
  const mostNotes = music.mostNotes;
  const network = placeNetwork(
    heap, blocks, layout, { weights, gradients }, mostNotes, settings.dropout, settings.inputDropout,
  );
  const information = informationOf(music, corpus.pieces, corpus.grid, layout);
  let placed = placeMusic(heap, music, information, 64);
  let steps = 0;

  function step(targets: Int32Array, options: { learningRate: number; random: Random }): number {
    const batch = targets.length;
    if (batch > placed.capacity) {
      placed.free();
      placed = placeMusic(heap, music, information, batch);
    }
    const words = blocks.ints(placed.block, fields.MUSIC_WORDS);
    words[fields.COUNT_OF_TARGETS] = batch;
    blocks.ints(words[fields.TARGETS]!, batch).set(targets);
    const seeds = blocks.ints(words[fields.SEEDS]!, batch);
    for (let i = 0; i < batch; i++) seeds[i] = options.random.bits() | 0;
    heap.parallel("pitchwiseGradient", (t, n) => [network, placed.block, t, n]);
    let loss = 0;
    for (const value of blocks.doubles(words[fields.LOSSES]!, batch)) loss += value;

    steps++;
    const reals = blocks.floats(update, fields.UPDATE_WORDS);
    const integers = blocks.ints(update, fields.UPDATE_WORDS);
    reals[fields.STEP_SIZE] = options.learningRate;
    reals[fields.DECAY] = 1 - options.learningRate * settings.weightDecay;
    integers[fields.MOMENT_1] = moments[0];
    integers[fields.MOMENT_2] = moments[1];
    integers[fields.AVERAGE] = average;
    reals[fields.AVERAGE_DECAY] = 1 - Math.max(settings.averaging, 9 / (9 + steps));
    reals[fields.CORRECTION_1] = 1 / (1 - 0.9 ** steps);
    reals[fields.CORRECTION_2] = 1 / (1 - 0.999 ** steps);
    integers[fields.SQUARES] = squares;
    reals[fields.CLIP] = settings.clip;
    heap.parallel("pitchwiseReduce", (t, n) => [network, update, t, n]);
    heap.parallel("pitchwiseUpdate", (t, n) => [network, update, t, n]);
    return loss / batch;
  }

  function meanLoss(pieces: readonly Piece[]): number {
    let sum = 0, frames = 0;
    for (const losses of pieceLosses(heap, layout, average, pieces, corpus.grid)) {
      for (const value of losses) sum += value;
      frames += losses.length;
    }
    return sum / frames;
  }

  function read(address: number): Float32Array {
    return blocks.floats(address, size);
  }

  const layers = [
    { name: "tables", type: "Sparse", output: `(pitches, ${layout.width})`, parameters: layout.rows * layout.width },
  ];
  void nameParts; void partsOf; void compactPieces; void outsideLoss; void EVALUATED;
  return {
    layers,
    parameters: layout.parameters,
    step,
    meanLoss,
    weights: () => nameParts(layout, read(average)),
    state: () => [] as NamedArray[],
    restore: () => {},
    dispose: () => { placed.free(); blocks.free(); },
  };
}

function* pieceLosses(heap: Heap, layout: ReturnType<typeof layOut>, weights: number, pieces: readonly Piece[], grid: Grid): Generator<Float64Array> {
  const music: CompactMusic = compactPieces(pieces);
  const blocks = new Blocks(heap);
  const network = placeNetwork(heap, blocks, layout, { weights, gradients: 0 }, music.mostNotes);
  let offset = 0;
  const records = pieces.map((piece) => {
    offset += piece.frames.length;
    return { offset: offset - piece.frames.length, length: piece.frames.length, metres: piece.metres };
  });
  const information = informationOf(music, records, grid, layout);
  const placed = placeMusic(heap, music, information, EVALUATED);
  const words = blocks.ints(placed.block, fields.MUSIC_WORDS);
  for (const { offset, length } of records) {
    const losses = new Float64Array(Math.max(0, length - 1));
    for (let done = 0; done < losses.length; done += EVALUATED) {
      const count = Math.min(EVALUATED, losses.length - done);
      words[fields.COUNT_OF_TARGETS] = count;
      const targets = blocks.ints(words[fields.TARGETS]!, count);
      for (let i = 0; i < count; i++) targets[i] = offset + 1 + done + i;
      heap.parallel("pitchwiseLosses", (t, n) => [network, placed.block, t, n]);
      losses.set(blocks.doubles(words[fields.LOSSES]!, count), done);
    }
    for (let i = 0; i < losses.length; i++) losses[i]! += outsideLoss(music, offset + 1 + i, layout);
    yield losses;
  }
  placed.free();
  blocks.free();
}
