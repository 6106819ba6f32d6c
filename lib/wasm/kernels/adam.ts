// Adam (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1) in one pass over the heap, as tfjs's
// tf.train.adam does it: m ← β1 m + (1 − β1) g, v ← β2 v + (1 − β2) g²,
// w ← w − rate · m/(1 − β1^t) / (√(v/(1 − β2^t)) + ε).
import { BETA_1, BETA_2 } from "./betas";
import { loadSome, storeSome } from "./exp";
import { madd } from "./simd";

/** Epsilon of the denominator: the default of tfjs and Keras. */
const EPSILON: f32 = 1e-7;

/** Adam update of four weights: rate · m / (√(v · correction) + ε), with the new moments. */
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

/**
 * One Adam step for `length` contiguous values; one thread's part.
 * @param rate learning rate / (1 − β1^t)
 * @param correction 1 / (1 − β2^t)
 * @param one 1; see exp.ts
 */
export function adamRange(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  length: i32,
  rate: f32,
  correction: f32,
  one: f32,
): void {
  const keep1 = one * <f32> BETA_1, keep2 = one * <f32> BETA_2;
  const beta1 = f32x4.splat(keep1), rest1 = f32x4.splat(1 - keep1);
  const beta2 = f32x4.splat(keep2), rest2 = f32x4.splat(1 - keep2);
  const epsilon = f32x4.splat(one * EPSILON), rates = f32x4.splat(rate);
  const corrections = f32x4.splat(correction);
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const gradient = v128.load(g);
    const first = madd(gradient, rest1, f32x4.mul(v128.load(m), beta1));
    const second = madd(f32x4.mul(gradient, gradient), rest2, f32x4.mul(v128.load(v), beta2));
    v128.store(m, first);
    v128.store(v, second);
    const change = adamChange(first, second, rates, corrections, epsilon);
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
  const change = adamChange(first, second, rates, corrections, epsilon);
  storeSome(w, f32x4.sub(loadSome(w, left), change), left);
}
