// Optimizer step from the gradients that the threads have summed.
import { adamChange } from "../../../wasm/kernels/adam";
import { BETA_1, BETA_2 } from "../../../wasm/kernels/betas";
import { real, shareStart, word } from "./blocks";
import * as F from "./fields";

/**
 * First half of an update: sums the threads' gradients into the first one, and sums their squares.
 */
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
 * Second half of an update: AdamW (Loshchilov and Hutter 2019), whose decay leads to the anchor if
 * there is one (L2-SP: Li, Grandvalet and Davoine 2018), and the moving average of the weights, in
 * one pass.
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
  const keep1 = f32x4.splat(<f32> BETA_1), add1 = f32x4.splat(<f32> (1 - BETA_1));
  const keep2 = f32x4.splat(<f32> BETA_2), add2 = f32x4.splat(<f32> (1 - BETA_2));
  const rate = f32x4.splat(real(update, F.RATE)), epsilon = f32x4.splat(1e-8);
  const correction = f32x4.splat(real(update, F.CORRECTION));
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
    const change = adamChange(m, v, rate, correction, epsilon);
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
