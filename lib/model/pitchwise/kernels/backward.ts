// Backward pass of the network for one frame, directly after its forward pass.
import { word } from "./blocks";
import {
  activationOf,
  denseOf,
  firstOf,
  listsOf,
  logitsOf,
  packedOf,
  SHARED_ROWS,
  spareOf,
} from "./buffers";
import * as F from "./fields";
import { accumulateOuter, addScaled, rowOf } from "./matrix";
import { spanAt, spanCount } from "./spans";
import { multiplySparse } from "./sparse";

/** Gradient of {@link rectify}: d = activation > 0 ? scale d : 0. */
function rectifyBack(d: usize, activation: usize, out: usize, n: i32, scale: f32): void {
  const zero = f32x4.splat(0), s = f32x4.splat(scale), end = d + (<usize> n << 2);
  while (d < end) {
    v128.store(out, v128.and(f32x4.mul(v128.load(d), s), f32x4.gt(v128.load(activation), zero)));
    d += 16;
    activation += 16;
    out += 16;
  }
}

/** Backpropagates the logits' gradient to every parameter, adding to `gradient`. */
export function backward(
  network: usize,
  scratch: usize,
  gradient: usize,
  factor: f32,
  drop: f32,
): void {
  const H = word(network, F.WIDTH), layers = word(network, F.LAYERS);
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const scale: f32 = drop > 0 ? 1 / (1 - drop) : 1;
  const logits = logitsOf(network, scratch), weights = <usize> word(network, F.WEIGHTS);
  const head = denseOf(network, weights, layers), dHead = denseOf(network, gradient, layers);
  const dOffsets = rowOf(dHead, states, H);
  const last = activationOf(network, scratch, 2 * layers);
  const d = spareOf(network, scratch, 0); // gradient of the running sum
  const dz = spareOf(network, scratch, 1);
  memory.fill(d, 0, <usize> (P * H) << 2);
  for (let p = 0; p < P; p++) {
    for (let s = 0; s < states; s++) {
      const dLogit = factor * load<f32>(logits + (<usize> (p * states + s) << 2));
      addScaled(rowOf(d, p, H), rowOf(head, s, H), H, dLogit);
      addScaled(rowOf(dHead, s, H), rowOf(last, p, H), H, dLogit);
      const at = dOffsets + (<usize> (s * P + p) << 2);
      store<f32>(at, load<f32>(at) + dLogit);
    }
  }
  for (let l = layers - 1; l >= 0; l--) {
    const input = activationOf(network, scratch, l ? layers + l : 0);
    rectifyBack(d, activationOf(network, scratch, l + 1), dz, P * H, scale);
    const dDense = denseOf(network, gradient, l), dBias = rowOf(dDense, H, H);
    accumulateOuter(input, dz, dDense, H, H, P);
    for (let p = 0; p < P; p++) addScaled(dBias, rowOf(dz, p, H), H, 1);
    const packed = packedOf(network, scratch, layers + l);
    multiplySparse(dz, packed, d, P, H, H, 0, listsOf(network, scratch));
  }
  // Backpropagation to the rows of the first layer; its gradient is stored in the first layer's
  // place.
  const first = firstOf(network, scratch);
  rectifyBack(d, activationOf(network, scratch, 0), first, P * H, scale);
  foldBack(first, P, H);
  const n = spanCount(scratch);
  for (let s = 0; s < n; s++) {
    const span = spanAt(scratch, s);
    const row = rowOf(gradient, span.row, H), period = span.period, end = span.first + span.pitches;
    for (let p = span.first; p < end; p += period) {
      addScaled(row, rowOf(first, p, H), min(period, end - p) * H, span.coefficient);
    }
  }
}

/**
 * Gradient of {@link unfold}: adds the pitches' rows to those of the pitch classes and of all
 * pitches.
 */
function foldBack(first: usize, P: i32, H: i32): void {
  const all = rowOf(first, P + 12, H);
  memory.fill(rowOf(first, P, H), 0, <usize> (SHARED_ROWS * H) << 2);
  for (let p = 0; p < P; p++) addScaled(rowOf(first, P + p % 12, H), rowOf(first, p, H), H, 1);
  for (let c = 0; c < 12; c++) addScaled(all, rowOf(first, P + c, H), H, 1);
}
