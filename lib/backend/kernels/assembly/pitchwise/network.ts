// Forward and back through the network for one frame after another; see features.ts for what the
// first layer sees. Rows of the hidden layers are pitches, padded with zeros to a multiple of 6.
import * as F from "./fields";
import {
  gatherBelow,
  gatherPast,
  real,
  SPAN_BYTES,
  spanAt,
  spanCount,
  startSpans,
  word,
} from "./features";
import { accumulateOuter, addScaled, dot, multiply, pack, packTransposed } from "./matrix";

// One thread's scratch: addresses after the list of spans.

export function paddedPitches(network: usize): i32 {
  return (word(network, F.PITCHES) + 5) / 6 * 6;
}

export function scratchOf(network: usize, thread: i32): usize {
  return <usize> word(network, F.SCRATCH) + <usize> thread * <usize> word(network, F.SCRATCH_BYTES);
}

/** Where each buffer of a thread's scratch lies: spans, counts, first layer, then layer by layer. */

export function countsOf(network: usize, scratch: usize): usize {
  return scratch + 32 + <usize> (word(network, F.SPANS) * SPAN_BYTES);
}

export function firstOf(network: usize, scratch: usize): usize {
  return countsOf(network, scratch) + 2048;
}

function layerFloats(network: usize): i32 {
  return paddedPitches(network) * word(network, F.WIDTH);
}

/** Activation i: 0 the first layer's, then each dense layer's; after them the running sums. */

export function activationOf(network: usize, scratch: usize, i: i32): usize {
  const first = (paddedPitches(network) + 13) * word(network, F.WIDTH);
  return firstOf(network, scratch) + (<usize> (first + i * layerFloats(network)) << 2);
}

export function packedOf(network: usize, scratch: usize, i: i32): usize {
  const H = word(network, F.WIDTH), layers = word(network, F.LAYERS);
  return activationOf(network, scratch, 2 * layers + 3) + (<usize> (i * H * H) << 2);
}

export function logitsOf(network: usize, scratch: usize): usize {
  return packedOf(network, scratch, 2 * word(network, F.LAYERS));
}

/** Where the dense layer, and after the last the head, begins among the parameters (or gradients). */

export function denseOf(network: usize, parameters: usize, layer: i32): usize {
  const H = word(network, F.WIDTH);
  return parameters + (<usize> (word(network, F.ROWS) * H + layer * (H * H + H)) << 2);
}

/** Packs the dense weights for a thread; `back`: the transposes too. */
export function packWeights(network: usize, scratch: usize, back: bool): void {
  const H = word(network, F.WIDTH), layers = word(network, F.LAYERS);
  for (let l = 0; l < layers; l++) {
    const weights = denseOf(network, <usize> word(network, F.WEIGHTS), l);
    pack(weights, packedOf(network, scratch, l), H, H);
    if (back) packTransposed(weights, packedOf(network, scratch, layers + l), H, H);
  }
}

/** Adds the spans from `from` on to the first layer. */
export function addSpans(network: usize, scratch: usize, from: i32): void {
  const H = word(network, F.WIDTH);
  const weights = <usize> word(network, F.WEIGHTS), first = firstOf(network, scratch);
  const n = spanCount(scratch);
  for (let s = from; s < n; s++) {
    const span = spanAt(scratch, s);
    const row = weights + (<usize> (load<i32>(span) * H) << 2);
    let y = first + (<usize> (load<i32>(span, 4) * H) << 2);
    let left = load<i32>(span, 8);
    const period = load<i32>(span, 12);
    const coefficient = load<f32>(span, 16);
    while (left > 0) {
      const n = min(left, period) * H;
      addScaled(y, row, n, coefficient);
      y += <usize> n << 2;
      left -= period;
    }
  }
}

/** Adds the rows for pitch classes and for all pitches to every pitch. */
export function unfold(network: usize, scratch: usize): void {
  const H = word(network, F.WIDTH), P = word(network, F.PITCHES);
  const first = firstOf(network, scratch);
  const all = first + (<usize> ((P + 12) * H) << 2);
  for (let c = 0; c < 12; c++) addScaled(first + (<usize> ((P + c) * H) << 2), all, H, 1);
  for (let p = 0; p < P; p++) {
    addScaled(first + (<usize> (p * H) << 2), first + (<usize> ((P + p % 12) * H) << 2), H, 1);
  }
}

/** activation = ReLU(values), each unit dropped with the given probability; n a multiple of 4. */

function rectify(values: usize, activation: usize, n: i32, drop: f32, state: usize): void {
  const zero = f32x4.splat(0), end = values + (<usize> n << 2);
  if (drop <= 0) {
    while (values < end) {
      v128.store(activation, f32x4.max(v128.load(values), zero));
      values += 16;
      activation += 16;
    }
    return;
  }
  const scale = f32x4.splat(1 / (1 - drop));
  const threshold = i32x4.splat(<i32> (drop * 2147483520.0)); // of 31 random bits
  let x = v128.load(state);
  while (values < end) {
    x = v128.xor(x, i32x4.shl(x, 13));
    x = v128.xor(x, i32x4.shr_u(x, 17));
    x = v128.xor(x, i32x4.shl(x, 5));
    const keep = i32x4.ge_s(i32x4.shr_u(x, 1), threshold);
    const value = f32x4.mul(f32x4.max(v128.load(values), zero), scale);
    v128.store(activation, v128.and(value, keep));
    values += 16;
    activation += 16;
  }
  v128.store(state, x);
}

/** d = activation > 0 ? scale d : 0, back through {@link rectify}. */

function rectifyBack(d: usize, activation: usize, out: usize, n: i32, scale: f32): void {
  const zero = f32x4.splat(0), s = f32x4.splat(scale), end = d + (<usize> n << 2);
  while (d < end) {
    v128.store(out, v128.and(f32x4.mul(v128.load(d), s), f32x4.gt(v128.load(activation), zero)));
    d += 16;
    activation += 16;
    out += 16;
  }
}

function mix(x: u32): u32 {
  x ^= x >> 16;
  x *= 0x7feb352d;
  x ^= x >> 15;
  x *= 0x846ca68b;
  x ^= x >> 16;
  return x;
}

/** Hidden layers and head of the `rows` first rows: logits[row][state]. Dropout state in the first 16 bytes of `logits`' tail. */
export function forwardDense(
  network: usize,
  scratch: usize,
  rows: i32,
  drop: f32,
  seed: i32,
): void {
  const H = word(network, F.WIDTH), layers = word(network, F.LAYERS);
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const padded = (rows + 5) / 6 * 6;
  const weights = <usize> word(network, F.WEIGHTS), logits = logitsOf(network, scratch);
  const random = logits + 1024;
  for (let lane = 0; lane < 4; lane++) {
    store<u32>(random + (<usize> lane << 2), mix(<u32> seed + <u32> lane * 0x9e3779b9) | 1);
  }
  const first = firstOf(network, scratch);
  // Rows from P on held the folded inputs, and would leak into the padding.
  memory.fill(first + (<usize> (rows * H) << 2), 0, <usize> ((padded - rows) * H) << 2);
  rectify(first, activationOf(network, scratch, 0), padded * H, drop, random);
  memory.fill(
    activationOf(network, scratch, 0) + (<usize> (rows * H) << 2),
    0,
    <usize> ((padded - rows) * H) << 2,
  );
  let sum = activationOf(network, scratch, 0);
  for (let l = 0; l < layers; l++) {
    const dense = denseOf(network, weights, l);
    const activation = activationOf(network, scratch, l + 1);
    multiply(
      sum,
      packedOf(network, scratch, l),
      activation,
      padded,
      H,
      H,
      dense + (<usize> (H * H) << 2),
    );
    rectify(activation, activation, rows * H, drop, random);
    memory.fill(activation + (<usize> (rows * H) << 2), 0, <usize> ((padded - rows) * H) << 2);
    const next = activationOf(network, scratch, layers + 1 + l);
    let x = sum, y = activation, z = next;
    const end = x + (<usize> (padded * H) << 2);
    while (x < end) {
      v128.store(z, f32x4.add(v128.load(x), v128.load(y)));
      x += 16;
      y += 16;
      z += 16;
    }
    sum = next;
  }
  const head = denseOf(network, weights, layers);
  const offsets = head + (<usize> (states * H) << 2);
  for (let p = 0; p < rows; p++) {
    for (let s = 0; s < states; s++) {
      const logit = dot(sum + (<usize> (p * H) << 2), head + (<usize> (s * H) << 2), H) +
        load<f32>(offsets + (<usize> (s * P + p) << 2));
      store<f32>(logits + (<usize> (p * states + s) << 2), logit);
    }
  }
}

export function softplus(x: f64): f64 {
  return x > 0 ? x + Math.log(1 + Math.exp(-x)) : Math.log(1 + Math.exp(x));
}

/**
 * Minus the log probability of what `frame` has, given the logits; the logits become their own
 * gradient. A pitch can only be held (state 1) if it sounded in the frame before.
 */
export function lossOf(network: usize, music: usize, target: i32, scratch: usize): f64 {
  const P = word(network, F.PITCHES),
    states = word(network, F.STATES),
    low = word(network, F.LOWEST);
  const logits = logitsOf(network, scratch), ids = <usize> word(music, F.IDS);
  const starts = <usize> word(music, F.STARTS), codes = <usize> word(music, F.CODES);
  const id = load<i32>(ids + (<usize> target << 2));
  const before = load<i32>(ids + (<usize> (target - 1) << 2));
  let c = load<i32>(starts + (<usize> id << 2)), b = load<i32>(starts + (<usize> before << 2));
  const endC = load<i32>(starts + (<usize> id << 2), 4);
  const endB = load<i32>(starts + (<usize> before << 2), 4);
  let loss: f64 = 0;
  for (let p = 0; p < P; p++) {
    const pitch = p + low;
    while (c < endC && (<i32> load<u8>(codes + c) & 127) < pitch) c++;
    const code = c < endC ? <i32> load<u8>(codes + c) : -1;
    const on = code >= 0 && (code & 127) == pitch;
    const at = logits + (<usize> (p * states) << 2);
    const struck = <f64> load<f32>(at);
    if (states == 1) {
      loss += softplus(on ? -struck : struck);
      store<f32>(at, <f32> (1 / (1 + Math.exp(-struck)) - (on ? 1 : 0)));
      continue;
    }
    while (b < endB && (<i32> load<u8>(codes + b) & 127) < pitch) b++;
    const sounded = b < endB && (<i32> load<u8>(codes + b) & 127) == pitch;
    const held = <f64> load<f32>(at, 4);
    const most = max(0.0, max(struck, sounded ? held : 0.0));
    const eOff = Math.exp(-most), eStruck = Math.exp(struck - most);
    const eHeld = sounded ? Math.exp(held - most) : 0.0;
    const total = eOff + eStruck + eHeld;
    const isHeld = on && code >= 128;
    loss += Math.log(total) + most - (on ? isHeld ? held : struck : 0.0);
    store<f32>(at, <f32> (eStruck / total - (on && !isHeld ? 1 : 0)));
    store<f32>(at, <f32> (eHeld / total - (isHeld && sounded ? 1 : 0)), 4);
  }
  return loss;
}

/** First layer of one frame, all inputs; dropout as given. */
export function forwardFirst(
  network: usize,
  music: usize,
  target: i32,
  scratch: usize,
  drop: f32,
  seed: i32,
): void {
  const H = word(network, F.WIDTH), P = word(network, F.PITCHES);
  startSpans(scratch, seed, drop, word(network, F.SPANS));
  gatherPast(network, music, target, scratch, countsOf(network, scratch));
  const id = load<i32>(<usize> word(music, F.IDS) + (<usize> target << 2));
  const starts = <usize> word(music, F.STARTS), codes = <usize> word(music, F.CODES);
  const begin = load<i32>(starts + (<usize> id << 2)),
    end = load<i32>(starts + (<usize> id << 2), 4);
  for (let c = begin; c < end; c++) {
    gatherBelow(network, scratch, <i32> load<u8>(codes + c), c - begin);
  }
  memory.fill(firstOf(network, scratch), 0, <usize> ((P + 13) * H) << 2);
  addSpans(network, scratch, 0);
  unfold(network, scratch);
}

/** From the logits' gradient to the gradient of every parameter, added to `gradient`. */
export function backward(
  network: usize,
  scratch: usize,
  gradient: usize,
  factor: f32,
  drop: f32,
): void {
  const H = word(network, F.WIDTH), layers = word(network, F.LAYERS);
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const padded = paddedPitches(network), scale: f32 = drop > 0 ? 1 / (1 - drop) : 1;
  const logits = logitsOf(network, scratch), weights = <usize> word(network, F.WEIGHTS);
  const head = denseOf(network, weights, layers), dHead = denseOf(network, gradient, layers);
  const dOffsets = dHead + (<usize> (states * H) << 2);
  const last = layers
    ? activationOf(network, scratch, 2 * layers)
    : activationOf(network, scratch, 0);
  const d = activationOf(network, scratch, 2 * layers + 1); // gradient of the running sum
  const dz = activationOf(network, scratch, 2 * layers + 2);
  memory.fill(d, 0, <usize> (padded * H) << 2);
  for (let p = 0; p < P; p++) {
    const row = <usize> (p * H) << 2;
    for (let s = 0; s < states; s++) {
      const dLogit = factor * load<f32>(logits + (<usize> (p * states + s) << 2));
      addScaled(d + row, head + (<usize> (s * H) << 2), H, dLogit);
      addScaled(dHead + (<usize> (s * H) << 2), last + row, H, dLogit);
      const at = dOffsets + (<usize> (s * P + p) << 2);
      store<f32>(at, load<f32>(at) + dLogit);
    }
  }
  for (let l = layers - 1; l >= 0; l--) {
    const input = l
      ? activationOf(network, scratch, layers + l)
      : activationOf(network, scratch, 0);
    rectifyBack(d, activationOf(network, scratch, l + 1), dz, padded * H, scale);
    const dDense = denseOf(network, gradient, l), dBias = dDense + (<usize> (H * H) << 2);
    accumulateOuter(input, dz, dDense, H, H, P);
    for (let p = 0; p < P; p++) addScaled(dBias, dz + (<usize> (p * H) << 2), H, 1);
    multiply(dz, packedOf(network, scratch, layers + l), d, padded, H, H, 0);
  }
  // Back to the rows of the first layer; its gradient takes the first layer's own place.
  const first = firstOf(network, scratch);
  rectifyBack(d, activationOf(network, scratch, 0), first, P * H, scale);
  memory.fill(first + (<usize> (P * H) << 2), 0, <usize> (13 * H) << 2);
  for (let p = 0; p < P; p++) {
    addScaled(first + (<usize> ((P + p % 12) * H) << 2), first + (<usize> (p * H) << 2), H, 1);
  }
  const all = first + (<usize> ((P + 12) * H) << 2);
  for (let c = 0; c < 12; c++) addScaled(all, first + (<usize> ((P + c) * H) << 2), H, 1);
  const n = spanCount(scratch);
  for (let s = 0; s < n; s++) {
    const span = spanAt(scratch, s);
    const row = gradient + (<usize> (load<i32>(span) * H) << 2);
    let y = first + (<usize> (load<i32>(span, 4) * H) << 2);
    let left = load<i32>(span, 8);
    const period = load<i32>(span, 12), coefficient = load<f32>(span, 16);
    while (left > 0) {
      const n = min(left, period) * H;
      addScaled(row, y, n, coefficient);
      y += <usize> n << 2;
      left -= period;
    }
  }
}
