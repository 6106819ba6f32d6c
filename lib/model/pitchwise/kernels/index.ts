// The pitchwise model's kernels for training steps, evaluation and sampling. Every buffer is passed
// in by the blocks of fields.ts. Recommended reading order:
//
//   fields.ts, blocks.ts    interface to the folder above, and its accessors
//   features.ts, spans.ts   input features of the music, as a sparse list of table rows
//   echoes.ts               copy features: the earlier passages that match best
//   forward.ts, sparse.ts, matrix.ts   from there to the logits; buffers.ts: addresses of all buffers
//   loss.ts                 log-likelihood of a frame
//   backward.ts, update.ts  learning
//   choices.ts, prefixes.ts, sample.ts   sampling frames
import * as F from "./fields";
import { backward } from "./backward";
import { real, shareStart, targetOf, word } from "./blocks";
import { scratchBytes, scratchOf } from "./buffers";
import { findEchoes, findLastEchoes } from "./echoes";
import { forwardDense, forwardFirst, packWeights } from "./forward";
import { lossOf } from "./loss";
import { drawFrames, startDrawing } from "./sample";

export { pitchwiseReduce, pitchwiseUpdate } from "./update";

/** Size in bytes of each thread's scratch for a network. */
export function pitchwiseScratchBytes(network: usize): usize {
  return scratchBytes(network);
}

/**
 * Finds the echoes of every frame, or only of each piece's last; pieces are divided among the
 * threads.
 */
export function pitchwiseEchoes(
  music: usize,
  lastOnly: i32,
  thread: i32,
  threads: i32,
): void {
  const scratch = <usize> word(music, F.ECHO_SCRATCH) + <usize> (thread * F.ECHO_SCRATCH_BYTES);
  for (let i = thread; i < word(music, F.COUNT_OF_PIECES); i += threads) {
    const piece = <usize> word(music, F.PIECES) + (<usize> i << 3);
    const offset = load<i32>(piece), length = load<i32>(piece, 4);
    if (!lastOnly) findEchoes(music, offset, length, scratch);
    else if (length > 0) findLastEchoes(music, offset, length);
  }
}

/**
 * Losses of one thread's share of a batch, with the gradient of their mean added to the thread's
 * own sum. Each target may be transposed: its keyboard then begins that many semitones lower.
 */
export function pitchwiseGradient(network: usize, music: usize, thread: i32, threads: i32): void {
  const scratch = scratchOf(network, thread);
  const gradient = <usize> word(network, F.GRADIENTS) +
    (<usize> thread * <usize> word(network, F.PARAMETERS) << 2);
  const total = word(music, F.COUNT_OF_TARGETS);
  const end = shareStart(total, thread + 1, threads);
  const drop = real(network, F.DROPOUT);
  packWeights(network, scratch, true);
  const own = <usize> word(network, F.OWN) + <usize> (thread * F.NETWORK_WORDS << 2);
  memory.copy(own, network, F.NETWORK_WORDS << 2);
  for (let i = shareStart(total, thread, threads); i < end; i++) {
    const record = targetOf(music, i);
    const target = word(record, F.FRAME), seed = word(record, F.SEED);
    const lowest = word(network, F.LOWEST) - word(record, F.TRANSPOSE);
    store<i32>(own + (F.LOWEST << 2), lowest);
    const dropInput = real(network, F.INPUT_DROPOUT);
    forwardFirst(own, music, target, word(record, F.GROUPS), scratch, dropInput, seed);
    forwardDense(own, scratch, 0, word(network, F.PITCHES), drop, seed);
    const loss = lossOf(own, music, target, scratch);
    store<f64>(<usize> word(music, F.LOSSES) + (<usize> i << 3), loss);
    backward(own, scratch, gradient, <f32> 1 / <f32> total, drop);
  }
}

/**
 * Losses of one thread's share of the targets: the negative log-likelihood of each, without
 * dropout.
 */
export function pitchwiseLosses(network: usize, music: usize, thread: i32, threads: i32): void {
  const scratch = scratchOf(network, thread);
  const total = word(music, F.COUNT_OF_TARGETS);
  const end = shareStart(total, thread + 1, threads);
  packWeights(network, scratch, false);
  for (let i = shareStart(total, thread, threads); i < end; i++) {
    const record = targetOf(music, i), target = word(record, F.FRAME);
    forwardFirst(network, music, target, word(record, F.GROUPS), scratch, 0, 0);
    forwardDense(network, scratch, 0, word(network, F.PITCHES), 0, 0);
    store<f64>(
      <usize> word(music, F.LOSSES) + (<usize> i << 3),
      lossOf(network, music, target, scratch),
    );
  }
}

/**
 * Samples frames into the drawing block's buffers. Targets with the same context are adjacent, in
 * runs; threads take run after run until none is left.
 */
export function pitchwiseDraw(network: usize, music: usize, drawing: usize, thread: i32): void {
  const scratch = scratchOf(network, thread), runs = <usize> word(drawing, F.RUNS);
  const next = drawing + (F.NEXT_RUN << 2), count = word(drawing, F.COUNT_OF_RUNS);
  packWeights(network, scratch, false);
  startDrawing();
  while (true) {
    const run = atomic.add<i32>(next, 1);
    if (run >= count) break;
    const at = runs + (<usize> run << 2);
    drawFrames(network, music, drawing, load<i32>(at), load<i32>(at, 4), scratch);
  }
}
