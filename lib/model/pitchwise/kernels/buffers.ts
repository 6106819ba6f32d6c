// Where the buffers of a thread's scratch and the parts of the network's numbers lie.
import * as F from "./fields";
import { COUNT_BYTES, word } from "./features";
import { endOfSpans } from "./spans";

/** Bytes kept for the logits of a keyboard; the state of dropout's generator follows them. */
export const LOGIT_BYTES: usize = 1024;

export function paddedPitches(network: usize): i32 {
  return (word(network, F.PITCHES) + 5) / 6 * 6;
}

export function scratchOf(network: usize, thread: i32): usize {
  return <usize> word(network, F.SCRATCH) + <usize> thread * <usize> word(network, F.SCRATCH_BYTES);
}

/** Where each buffer of a thread's scratch lies: spans, counts, first layer, then layer by layer. */
export function countsOf(network: usize, scratch: usize): usize {
  return endOfSpans(scratch, word(network, F.SPANS));
}

export function firstOf(network: usize, scratch: usize): usize {
  return countsOf(network, scratch) + COUNT_BYTES;
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
