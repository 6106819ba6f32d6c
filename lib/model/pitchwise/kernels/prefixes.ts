// Prefix cache for frames sampled after one context. The choices after a prefix depend only on the
// context and the prefix, so frames sampled after the same context, including resampled ones, share
// them. They are computed on first use and cached.
import { word } from "./blocks";
import { firstOf, MOST_PREFIXES, prefixBytes, prefixesOf, spareOf } from "./buffers";
import { weighChoices } from "./choices";
import { gatherBelow } from "./features";
import * as F from "./fields";
import { addSpans } from "./forward";
import { keepSpans, spanCount } from "./spans";

/** A prefix; the weights of the choices that follow it come next, f64. */
@unmanaged
class Prefix {
  /** Parent prefix, and the choice that extends it. */
  before: i32;
  choice: i32;
  /** Sum of the weights; 0 where no choice is possible. */
  total: f64;
}

/** Index of an uncached prefix: the cache is full, or its choices are not the usual ones. */
const UNKEPT: i32 = MOST_PREFIXES;

// Each thread has its own instance of this module, and so its own copies of these.

/** Number of cached prefixes. */
let kept: i32 = 0;

/** Number of spans of the context. */
let pastSpans: i32 = 0;

/** Number of notes of the current frame that are in the first layer; −1: those of another frame. */
let summed: i32 = 0;

function prefixAt(network: usize, scratch: usize, index: i32): Prefix {
  const at = prefixesOf(network, scratch) + <usize> index * prefixBytes(network);
  return changetype<Prefix>(at);
}

export function weightsOf(network: usize, scratch: usize, prefix: i32): usize {
  return changetype<usize>(prefixAt(network, scratch, prefix)) + offsetof<Prefix>();
}

export function totalOf(network: usize, scratch: usize, prefix: i32): f64 {
  return prefixAt(network, scratch, prefix).total;
}

/** Size in bytes of the context's contribution to the first layer. */
function pastBytes(network: usize): usize {
  return <usize> (word(network, F.PITCHES) * word(network, F.WIDTH)) << 2;
}

/** Resets the cache for a new context, which is in the first layer. */
export function startPrefixes(network: usize, scratch: usize): void {
  kept = 0;
  summed = 0;
  pastSpans = spanCount(scratch);
  memory.copy(spareOf(network, scratch, 0), firstOf(network, scratch), pastBytes(network));
}

/** Starts a new frame. */
export function startFrame(): void {
  if (summed > 0) summed = -1;
}

/**
 * Prefix that extends `before` by a choice: the first `notes` notes of `drawn`, continued from
 * pitch `from`.
 * @param excluded a choice with probability zero, or −1
 * @param keep whether to cache: its choices are those of every frame after this context
 */
export function prefixAfter(
  network: usize,
  scratch: usize,
  drawing: usize,
  i: i32,
  drawn: usize,
  notes: i32,
  from: i32,
  before: i32,
  choice: i32,
  excluded: i32,
  keep: bool,
): i32 {
  const keeps = keep && excluded < 0 && before != UNKEPT;
  if (keeps) {
    for (let p = 0; p < kept; p++) {
      const known = prefixAt(network, scratch, p);
      if (known.before == before && known.choice == choice) return p;
    }
  }
  const index = keeps && kept < MOST_PREFIXES ? kept++ : UNKEPT;
  const prefix = prefixAt(network, scratch, index);
  prefix.before = before;
  prefix.choice = choice;
  sumNotes(network, scratch, drawn, notes);
  const weights = weightsOf(network, scratch, index);
  prefix.total = weighChoices(network, scratch, drawing, i, from, excluded, weights);
  return index;
}

/**
 * Updates the first layer from the context, or from fewer notes, to the first `notes` notes of
 * `drawn`.
 */
function sumNotes(network: usize, scratch: usize, drawn: usize, notes: i32): void {
  if (summed < 0) {
    memory.copy(firstOf(network, scratch), spareOf(network, scratch, 0), pastBytes(network));
    keepSpans(scratch, pastSpans);
    summed = 0;
  }
  const spans = spanCount(scratch);
  for (; summed < notes; summed++) {
    gatherBelow(network, scratch, <i32> load<u8>(drawn + 1 + summed), summed);
  }
  addSpans(network, scratch, spans);
}
