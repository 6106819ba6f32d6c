// Back through the network for one frame, right after it went forward.
import { activationOf, denseOf, firstOf, logitsOf, packedOf, paddedPitches } from "./buffers";
import { word } from "./features";
import * as F from "./fields";
import { accumulateOuter, addScaled, multiply } from "./matrix";
import { spanAt, spanCount } from "./spans";

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
  const last = activationOf(network, scratch, 2 * layers);
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
