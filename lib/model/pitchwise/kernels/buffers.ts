// Addresses of the buffers in a thread's scratch and of the parts of the network's parameters.
import { word } from "./blocks";
import * as F from "./fields";
import { endOfSpans } from "./spans";
import { sparseBytes } from "./sparse";

/** Shared rows of the first layer after the pitches': twelve for the pitch classes, one for all. */
export const SHARED_ROWS: i32 = 13;

/** Bytes of a list with a number for each MIDI pitch; the summaries of the past are four lists. */
export const LIST_BYTES: usize = 512;

/** Bytes for the logits of a keyboard, and for the state of dropout's generator behind them. */
const LOGIT_BYTES: usize = 1024, RANDOM_BYTES: usize = 16;

export function scratchOf(network: usize, thread: i32): usize {
  return <usize> word(network, F.SCRATCH) + <usize> thread * <usize> word(network, F.SCRATCH_BYTES);
}

// A thread's scratch: spans, counts, first layer, then layer by layer, packed weights, logits.

export function countsOf(network: usize, scratch: usize): usize {
  return endOfSpans(scratch, word(network, F.SPANS));
}

/** Duration in frames for which each MIDI pitch has been sounding. */
export function agesOf(network: usize, scratch: usize): usize {
  return countsOf(network, scratch) + 2 * LIST_BYTES;
}

export function firstOf(network: usize, scratch: usize): usize {
  return countsOf(network, scratch) + 4 * LIST_BYTES;
}

function layerFloats(network: usize): i32 {
  return word(network, F.PITCHES) * word(network, F.WIDTH);
}

/** Activation i: 0 for the first layer, then one per dense layer; after them the running sums. */
export function activationOf(network: usize, scratch: usize, i: i32): usize {
  const first = (word(network, F.PITCHES) + SHARED_ROWS) * word(network, F.WIDTH);
  return firstOf(network, scratch) + (<usize> (first + i * layerFloats(network)) << 2);
}

/** Two spare buffers of the same size: gradients in training, temporary storage in inference. */
export function spareOf(network: usize, scratch: usize, i: i32): usize {
  return activationOf(network, scratch, 2 * word(network, F.LAYERS) + 1 + i);
}

export function packedOf(network: usize, scratch: usize, i: i32): usize {
  const H = word(network, F.WIDTH);
  return spareOf(network, scratch, 2) + (<usize> (i * H * H) << 2);
}

export function logitsOf(network: usize, scratch: usize): usize {
  return packedOf(network, scratch, 2 * word(network, F.LAYERS));
}

/** State of dropout's random generator. */
export function randomOf(network: usize, scratch: usize): usize {
  return logitsOf(network, scratch) + LOGIT_BYTES;
}

/** Prefixes of the frames sampled after one context: see prefixes.ts. */
export function prefixesOf(network: usize, scratch: usize): usize {
  return randomOf(network, scratch) + RANDOM_BYTES;
}

/** Maximum number of cached prefixes. */
export const MOST_PREFIXES: i32 = 96;

/** Bytes of a prefix: its parent, its last choice, its total; then the weights. */
export function prefixBytes(network: usize): usize {
  return 16 + (<usize> (word(network, F.PITCHES) * word(network, F.STATES) + 1) << 3);
}

/** First-layer contribution shared by a family of contexts, in sampling. */
export function commonOf(network: usize, scratch: usize): usize {
  return prefixesOf(network, scratch) + <usize> (MOST_PREFIXES + 1) * prefixBytes(network);
}

/** Lists of the activations that are not 0: see sparse.ts. */
export function listsOf(network: usize, scratch: usize): usize {
  const rows = word(network, F.PITCHES) + SHARED_ROWS;
  return (commonOf(network, scratch) + (<usize> (rows * word(network, F.WIDTH)) << 2) + 7) & ~7;
}

/** Log-probabilities of the choices, f64, after that of none of those before. */
export function logsOf(network: usize, scratch: usize): usize {
  return (listsOf(network, scratch) + sparseBytes(word(network, F.WIDTH)) + 15) & ~7;
}

/** Maximum number of terms of a row of the first layer that are listed at once, and their bytes. */
export const TERMS: i32 = 128, TERM_BYTES: usize = <usize> TERMS << 3;

/** Lists of the terms of each row of the first layer: address of the weights, u32, coefficient, f32. */
export function termsOf(network: usize, scratch: usize): usize {
  const choices = word(network, F.PITCHES) * word(network, F.STATES) + 1;
  return logsOf(network, scratch) + (<usize> choices << 3);
}

/** Size of a thread's scratch in bytes: whole cache lines. */
export function scratchBytes(network: usize): usize {
  const rows = <usize> (word(network, F.PITCHES) + SHARED_ROWS);
  return (termsOf(network, 0) + rows * (TERM_BYTES + 4) + 63) & ~63;
}

/**
 * Address of a dense layer, or after the last one of the head, within the parameters (or
 * gradients).
 */
export function denseOf(network: usize, parameters: usize, layer: i32): usize {
  const H = word(network, F.WIDTH);
  return parameters + (<usize> (word(network, F.ROWS) * H + layer * (H * H + H)) << 2);
}
