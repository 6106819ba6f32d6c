// Adam (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1) in one pass over the heap, as tfjs's
// tf.train.adam does it: m ← β1 m + (1 − β1) g, v ← β2 v + (1 − β2) g²,
// w ← w − rate · m/(1 − β1^t) / (√(v/(1 − β2^t)) + ε).
import { loadSome, storeSome } from "./exp";
import { madd } from "./simd";

/** What a step needs, as 32-bit floats in the order of adam_words.ts. */
@unmanaged
export class AdamStep {
  beta1: f32;
  beta2: f32;
  epsilon: f32;
  /** rate / (1 − β1^t) */
  rate: f32;
  /** 1 / (1 − β2^t) */
  correction: f32;
}

/** rate · m / (√(v · correction) + ε): what a step takes from four weights, by their new moments. */

export function adamChange(
  m: v128,
  v: v128,
  rate: v128,
  correction: v128,
  epsilon: v128,
): v128 {
  return f32x4.div(
    f32x4.mul(m, rate),
    f32x4.add(f32x4.sqrt(f32x4.mul(v, correction)), epsilon),
  );
}

/** One step for `length` values side by side; one thread's part. */
export function adamRange(
  step: AdamStep,
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  length: i32,
): void {
  const beta1 = f32x4.splat(step.beta1), rest1 = f32x4.splat(1 - step.beta1);
  const beta2 = f32x4.splat(step.beta2), rest2 = f32x4.splat(1 - step.beta2);
  const epsilon = f32x4.splat(step.epsilon), rate = f32x4.splat(step.rate);
  const correction = f32x4.splat(step.correction);
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const gradient = v128.load(g);
    const first = madd(gradient, rest1, f32x4.mul(v128.load(m), beta1));
    const second = madd(f32x4.mul(gradient, gradient), rest2, f32x4.mul(v128.load(v), beta2));
    v128.store(m, first);
    v128.store(v, second);
    const change = adamChange(first, second, rate, correction, epsilon);
    v128.store(w, f32x4.sub(v128.load(w), change));
    w += 16;
    g += 16;
    m += 16;
    v += 16;
  }
  const left = length - i;
  if (left <= 0) return;
  const gradient = loadSome(g, left);
  const first = madd(gradient, rest1, f32x4.mul(loadSome(m, left), beta1));
  const second = madd(f32x4.mul(gradient, gradient), rest2, f32x4.mul(loadSome(v, left), beta2));
  storeSome(m, first, left);
  storeSome(v, second, left);
  const change = adamChange(first, second, rate, correction, epsilon);
  storeSome(w, f32x4.sub(loadSome(w, left), change), left);
}
