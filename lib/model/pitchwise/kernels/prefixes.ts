// The beginnings of the frames that are drawn after one past. The choices that follow a beginning
// depend on the past and on the beginning alone: frames that are drawn after the same past, and those
// that are drawn anew, share them. They are weighed when they are met first, and kept.
import { word } from "./blocks";
import { firstOf, MOST_PREFIXES, prefixBytes, prefixesOf, spareOf } from "./buffers";
import { temper, weighChoices } from "./choices";
import { gatherBelow } from "./features";
import * as F from "./fields";
import { addSpans } from "./forward";
import { keepSpans, spanCount } from "./spans";

/** A beginning; the weights of the choices that follow it come next, f64. */
@unmanaged
class Prefix {
  /** The beginning that it goes on from, and by which choice. */
  before: i32;
  choice: i32;
  /** Sum of the weights; 0 where there is no choice. */
  total: f64;
}

/** A beginning that is not kept: there is no room, or its choices are not the usual ones. */
const UNKEPT: i32 = MOST_PREFIXES;

// Each thread has its own instance of this module, and so its own of these.

/** How many beginnings are kept. */
let kept: i32 = 0;

/** How many spans are the past's. */
let pastSpans: i32 = 0;

/** How many notes of the frame that is being drawn the first layer has; −1: those of another frame. */
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

/** Bytes of what the past adds to the first layer. */
function pastBytes(network: usize): usize {
  return <usize> (word(network, F.PITCHES) * word(network, F.WIDTH)) << 2;
}

/** Begins with a past, which the first layer has: nothing is known of what follows. */
export function startPrefixes(network: usize, scratch: usize): void {
  kept = 0;
  summed = 0;
  pastSpans = spanCount(scratch);
  memory.copy(spareOf(network, scratch, 0), firstOf(network, scratch), pastBytes(network));
}

/** Begins with a frame. */
export function startFrame(): void {
  if (summed > 0) summed = -1;
}

/**
 * The beginning after `before`, by a choice: with the first `notes` notes of `drawn`, from pitch `from`
 * on.
 * @param excluded a choice that has no chance, or −1
 * @param keep whether its choices are those of every frame after this past
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
  weighChoices(network, scratch, drawing, i, from, weights);
  prefix.total = temper(network, weights, drawing, excluded);
  return index;
}

/** Brings the first layer from the past, or from fewer notes, to the first `notes` notes of `drawn`. */
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
