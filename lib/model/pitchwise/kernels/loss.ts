// Log-likelihood of a frame given the logits, and its gradient.
import { endOfCodes, firstCode, word } from "./blocks";
import { logitsOf } from "./buffers";
import * as F from "./fields";
import { exp, log } from "./scalar";

/**
 * Ln probability that a pitch is off, given the logits of struck and held (off has 0); for the
 * other states, add their logit. `could`: whether the pitch can be held.
 */
export function logOff(struck: f64, held: f64, could: bool): f64 {
  const most = max(0.0, max(struck, could ? held : 0.0));
  return -most - log(exp(-most) + exp(struck - most) + (could ? exp(held - most) : 0));
}

/**
 * Negative log-likelihood of the frame given the logits, which are replaced by their own gradient.
 * A pitch can only be held (state 1) if it sounded in the frame before.
 */
export function lossOf(network: usize, music: usize, target: i32, scratch: usize): f64 {
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const low = word(network, F.LOWEST), logits = logitsOf(network, scratch);
  let c = firstCode(music, target), b = firstCode(music, target - 1);
  const endC = endOfCodes(music, target), endB = endOfCodes(music, target - 1);
  let loss: f64 = 0;
  for (let p = 0; p < P; p++) {
    const pitch = p + low;
    while (c < endC && (<i32> load<u8>(c) & 127) < pitch) c++;
    while (b < endB && (<i32> load<u8>(b) & 127) < pitch) b++;
    const on = c < endC && (<i32> load<u8>(c) & 127) == pitch;
    const could = states > 1 && b < endB && (<i32> load<u8>(b) & 127) == pitch;
    const isHeld = on && could && load<u8>(c) >= 128;
    const at = logits + (<usize> (p * states) << 2);
    const struck = <f64> load<f32>(at), held = could ? <f64> load<f32>(at, 4) : 0.0;
    const off = logOff(struck, held, could);
    loss -= off + (isHeld ? held : on ? struck : 0.0);
    store<f32>(at, <f32> (exp(off + struck) - (on && !isHeld ? 1 : 0)));
    if (states > 1) store<f32>(at, could ? <f32> (exp(off + held) - (isHeld ? 1 : 0)) : 0, 4);
  }
  return loss;
}
