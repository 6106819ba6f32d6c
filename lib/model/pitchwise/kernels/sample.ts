// Samples a frame note by note from low to high, with the choices of choices.ts.
import { informationOf, targetOf, word } from "./blocks";
import { agesOf, commonOf, firstOf, spareOf } from "./buffers";
import { chanceOfGiven, choose, givenOf, noneOf } from "./choices";
import { gatherCommon, gatherOwn } from "./features";
import * as F from "./fields";
import { addSpans, firstBytes, unfold } from "./forward";
import { prefixAfter, startFrame, startPrefixes, totalOf, weightsOf } from "./prefixes";
import { randomBits, seedSpans, startSpans } from "./spans";

/** Resampling attempts for a frame to be avoided, before it is made impossible. */
const TRIES: i32 = 8;

/** Samples the frames of targets `first` to before `end`, which all follow the same context. */
export function drawFrames(
  network: usize,
  music: usize,
  drawing: usize,
  first: i32,
  end: i32,
  scratch: usize,
): void {
  sumPast(network, music, targetOf(music, first), scratch);
  startPrefixes(network, scratch);
  for (let i = first; i < end; i++) drawFrame(network, music, drawing, i, scratch);
}

/** Family of contexts whose shared part is cached, or −1; each thread has its own. */
let known: i32 = -1;

/** Resets the cache before sampling. */
export function startDrawing(): void {
  known = -1;
}

/** Computes the first-layer contribution of a target's context; that of its family only once. */
function sumPast(network: usize, music: usize, record: usize, scratch: usize): void {
  const target = word(record, F.FRAME), groups = word(record, F.GROUPS);
  const own = word(record, F.OWN_FRAMES), family = word(record, F.FAMILY);
  const common = commonOf(network, scratch), layer = firstOf(network, scratch);
  const bytes = firstBytes(network);
  if (family != known) {
    known = family;
    startSpans(scratch, 0, 0, word(network, F.SPANS));
    gatherCommon(network, music, target, groups, own, scratch);
    memory.fill(layer, 0, bytes);
    addSpans(network, scratch, 0);
    memory.copy(common, layer, bytes);
  } else memory.copy(layer, common, bytes);
  startSpans(scratch, 0, 0, word(network, F.SPANS));
  gatherOwn(network, music, target, groups, own, scratch);
  addSpans(network, scratch, 0);
  unfold(network, scratch);
}

/** Samples the frame of target `i`. */
function drawFrame(network: usize, music: usize, drawing: usize, i: i32, scratch: usize): void {
  const record = targetOf(music, i), target = word(record, F.FRAME);
  const groups = word(record, F.GROUPS), information = informationOf(music, target);
  const avoided = frameOf(drawing, F.AVOIDED, i), drawn = frameOf(drawing, F.DRAWN, i);
  const avoids = load<u8>(avoided) != F.NOTHING;
  seedSpans(scratch, word(record, F.SEED));

  // If the probability of the constraints is wanted, it is that of the first attempt.
  const chances = <usize> word(drawing, F.GIVEN_CHANCES);
  const keeps = word(drawing, F.KEEPS_PLAN) != 0 && groups != 0 && chances == 0;
  const best = spareOf(network, scratch, 1);
  let least = i32.MAX_VALUE;
  let chance: f64 = 0;
  for (let attempt = 0; attempt <= TRIES; attempt++) {
    // In the last attempt, one of the choices that lead to the avoided frame is excluded.
    const barred = avoids && attempt == TRIES
      ? <i32> (randomBits(scratch) % (<u32> load<u8>(avoided) + 1))
      : -1;
    chance = drawNotes(network, drawing, i, scratch, barred);
    if (!avoids || !sameFrame(drawn, avoided)) {
      const wrong = keeps ? contradictions(network, scratch, information, groups, drawn) : 0;
      if (wrong < least) {
        least = wrong;
        memory.copy(best, drawn, F.DRAWN_BYTES);
      }
      if (wrong == 0) break;
    }
  }
  if (least < i32.MAX_VALUE) memory.copy(drawn, best, F.DRAWN_BYTES);
  if (chances) store<f64>(chances + (<usize> i << 3), chance);
}

/**
 * Samples the notes of target `i` one after the other.
 * @param barred index of the choice that must differ from the avoided frame's, counted from 0, if
 *   all choices before it were equal; or −1
 * @returns ln probability of the constraints
 */
function drawNotes(network: usize, drawing: usize, i: i32, scratch: usize, barred: i32): f64 {
  const states = word(network, F.STATES), low = word(network, F.LOWEST);
  const avoided = frameOf(drawing, F.AVOIDED, i), drawn = frameOf(drawing, F.DRAWN, i);
  const given = givenOf(network, drawing, i), none = noneOf(network);
  const weighs = given != 0 && word(drawing, F.GIVEN_CHANCES) != 0;
  let from = 0, notes = 0, onTheWay = true, prefix = -1, choice = -1;
  let chance: f64 = 0;
  startFrame();
  while (true) {
    const next = avoidedChoice(network, avoided, notes);
    const excluded = onTheWay && notes == barred ? next : -1;
    prefix = prefixAfter(
      network,
      scratch,
      drawing,
      i,
      drawn,
      notes,
      from,
      prefix,
      choice,
      excluded,
      !weighs,
    );
    choice = choose(
      network,
      scratch,
      weightsOf(network, scratch, prefix),
      totalOf(network, scratch, prefix),
      excluded,
    );
    if (weighs) chance += chanceOfGiven(network, scratch, given, from, choice);
    if (choice != next) onTheWay = false;
    if (choice == none) break;
    const p = choice / states, code = (p + low) | (choice % states << 7);
    store<u8>(drawn + 1 + notes, <u8> code);
    notes++;
    from = p + 1;
  }
  store<u8>(drawn, <u8> notes);
  return chance;
}

/** Address of target `i`'s frame to be avoided, or sampled. */
function frameOf(drawing: usize, field: i32, i: i32): usize {
  return <usize> word(drawing, field) + <usize> (i * F.DRAWN_BYTES);
}

/** Choice of the avoided frame after `notes` notes. */
function avoidedChoice(network: usize, avoided: usize, notes: i32): i32 {
  const length = <i32> load<u8>(avoided);
  if (length == F.NOTHING || notes >= length) return noneOf(network);
  const states = word(network, F.STATES), code = <i32> load<u8>(avoided + 1 + notes);
  return ((code & 127) - word(network, F.LOWEST)) * states + (states > 1 ? code >> 7 : 0);
}

/** Whether a sampled frame equals the one to be avoided; both start with their number of notes. */
function sameFrame(drawn: usize, avoided: usize): bool {
  return memory.compare(drawn, avoided, <usize> load<u8>(drawn) + 1) == 0;
}

/**
 * Number of contradictions between a sampled frame and the plan: surplus or missing onsets, and
 * notes beyond the pitch envelope of the beat.
 */
function contradictions(
  network: usize,
  scratch: usize,
  information: usize,
  groups: i32,
  drawn: usize,
): i32 {
  const ages = agesOf(network, scratch), attacks = word(network, F.STATES) > 1;
  const notes = <i32> load<u8>(drawn);
  const top = (groups & F.SHAPE) != 0 ? word(information, F.TOP) : -1;
  const bottom = (groups & F.SHAPE) != 0 ? word(information, F.BOTTOM) : -1;
  let begin = 0, outside = 0;
  for (let i = 0; i < notes; i++) {
    const code = <i32> load<u8>(drawn + 1 + i), pitch = code & 127;
    if (attacks ? code < 128 : load<i32>(ages + (<usize> pitch << 2)) == 0) begin++;
    if (top >= 0 && pitch > top + F.OUTLINE_TOLERANCE) outside++;
    if (bottom >= 0 && pitch < bottom - F.OUTLINE_TOLERANCE) outside++;
  }
  const onsets = (groups & F.RHYTHM) != 0 ? word(information, F.ONSETS) : -1;
  return outside + (onsets < 0 ? 0 : <i32> Math.abs(onsets - begin));
}
