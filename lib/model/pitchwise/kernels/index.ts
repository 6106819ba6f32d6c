// The pitchwise model's kernels: what a training step, an evaluation and a sampled frame need of
// the network. Every buffer is passed in by the blocks of fields.ts.
import * as F from "./fields";
import { backward } from "./backward";
import { scratchOf } from "./buffers";
import { findEchoes, findLastEchoes } from "./echoes";
import { real, targetOf, word } from "./features";
import { forwardDense, forwardFirst, packWeights } from "./forward";
import { lossOf } from "./loss";
import { drawFrame } from "./sample";

function shareStart(total: i32, thread: i32, threads: i32): i32 {
  return <i32> (<i64> total * thread / threads);
}

/** Finds the echoes of every frame, or of each piece's last; piece after piece, thread by thread. */
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
 * One thread's share of a batch: losses, and the gradient of their mean into the thread's own sum.
 * Each target may be transposed: then its keyboard begins so many semitones lower.
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

/** One thread's share of the targets: minus the log probability of each, no dropout. */
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

/** One thread's share of the targets: a frame drawn for each, into the drawing block's buffers. */
export function pitchwiseDraw(
  network: usize,
  music: usize,
  drawing: usize,
  thread: i32,
  threads: i32,
): void {
  const scratch = scratchOf(network, thread);
  const total = word(music, F.COUNT_OF_TARGETS);
  const end = shareStart(total, thread + 1, threads);
  packWeights(network, scratch, false);
  for (let i = shareStart(total, thread, threads); i < end; i++) {
    drawFrame(network, music, drawing, i, scratch);
  }
}

/** First half of an update: adds the threads' gradients into the first one, and sums their squares. */
export function pitchwiseReduce(network: usize, update: usize, thread: i32, threads: i32): void {
  const n = word(network, F.PARAMETERS) >> 2;
  const from = shareStart(n, thread, threads), end = shareStart(n, thread + 1, threads);
  const first = <usize> word(network, F.GRADIENTS), bytes = <usize> n << 4;
  let squares: f64 = 0;
  for (let block = from; block < end; block += 1024) {
    let sum = f32x4.splat(0);
    const stop = min(end, block + 1024);
    for (let i = block; i < stop; i++) {
      const at = first + (<usize> i << 4);
      let g = v128.load(at);
      for (let t = 1; t < threads; t++) {
        const other = at + <usize> t * bytes;
        g = f32x4.add(g, v128.load(other));
        v128.store(other, f32x4.splat(0));
      }
      v128.store(at, g);
      sum = f32x4.add(sum, f32x4.mul(g, g));
    }
    squares += <f64> f32x4.extract_lane(sum, 0) + <f64> f32x4.extract_lane(sum, 1) +
      <f64> f32x4.extract_lane(sum, 2) + <f64> f32x4.extract_lane(sum, 3);
  }
  store<f64>(<usize> word(update, F.SQUARES) + (<usize> thread << 3), squares);
}

/**
 * Second half: AdamW (Loshchilov and Hutter 2019), whose decay leads to the anchor if there is one
 * (L2-SP: Li, Grandvalet and Davoine 2018), and the average of the weights, in one pass.
 */
export function pitchwiseUpdate(network: usize, update: usize, thread: i32, threads: i32): void {
  const n = word(network, F.PARAMETERS) >> 2;
  const from = shareStart(n, thread, threads), end = shareStart(n, thread + 1, threads);
  let squares: f64 = 0;
  for (let t = 0; t < threads; t++) {
    squares += load<f64>(<usize> word(update, F.SQUARES) + (<usize> t << 3));
  }
  const norm = Math.sqrt(squares), clip = <f64> real(update, F.CLIP);
  const factor = f32x4.splat(norm > clip ? <f32> (clip / norm) : 1);
  const gradient = <usize> word(network, F.GRADIENTS), weights = <usize> word(network, F.WEIGHTS);
  const moment1 = <usize> word(update, F.MOMENT_1), moment2 = <usize> word(update, F.MOMENT_2);
  const average = <usize> word(update, F.AVERAGE);
  const keep1 = f32x4.splat(0.9),
    add1 = f32x4.splat(0.1),
    keep2 = f32x4.splat(0.999),
    add2 = f32x4.splat(0.001);
  const step = f32x4.splat(real(update, F.STEP_SIZE) * real(update, F.CORRECTION_1));
  const correction2 = f32x4.splat(real(update, F.CORRECTION_2)), epsilon = f32x4.splat(1e-8);
  const decay = f32x4.splat(real(update, F.DECAY));
  const anchor = <usize> word(update, F.ANCHOR);
  const towards = f32x4.splat(real(update, F.AVERAGE_SHARE)), zero = f32x4.splat(0);
  for (let i = from; i < end; i++) {
    const at = <usize> i << 4;
    const g = f32x4.mul(v128.load(gradient + at), factor);
    v128.store(gradient + at, zero);
    const m = f32x4.add(f32x4.mul(keep1, v128.load(moment1 + at)), f32x4.mul(add1, g));
    const v = f32x4.add(
      f32x4.mul(keep2, v128.load(moment2 + at)),
      f32x4.mul(add2, f32x4.mul(g, g)),
    );
    v128.store(moment1 + at, m);
    v128.store(moment2 + at, v);
    const change = f32x4.div(
      f32x4.mul(step, m),
      f32x4.add(f32x4.sqrt(f32x4.mul(v, correction2)), epsilon),
    );
    const old = v128.load(weights + at);
    let w: v128;
    if (anchor) {
      const home = v128.load(anchor + at);
      w = f32x4.add(home, f32x4.sub(f32x4.mul(f32x4.sub(old, home), decay), change));
    } else w = f32x4.sub(f32x4.mul(old, decay), change);
    v128.store(weights + at, w);
    const a = v128.load(average + at);
    v128.store(average + at, f32x4.add(a, f32x4.mul(towards, f32x4.sub(w, a))));
  }
}
