// Draws a frame: from low to high, which pitch is the next to sound and how, or that none is left.
// A pitch that stays off changes nothing for the pitches above it, so that the chances of all
// pitches above the last note are known at once, and temperature, top-k and top-p mean what they
// mean for any choice of one among many.
import { activationOf, countsOf, firstOf, logitsOf } from "./buffers";
import { agesOf, gatherBelow, gatherPast, informationOf, real, targetOf, word } from "./features";
import * as F from "./fields";
import { addSpans, forwardDense, unfold } from "./forward";
import { logOff } from "./loss";
import { exp } from "./scalar";
import { keepSpans, randomBits, spanCount, startSpans } from "./spans";

/** Frames drawn anew when they come out as the one to avoid, before that is made impossible. */
const TRIES: i32 = 8;

/**
 * The logarithms of the chances of one decision, f64: pitch p in state s is choice p · states + s,
 * the last choice is that no further pitch sounds. `given`: a byte per pitch of what is given, or 0.
 */
function weighChoices(
  network: usize,
  scratch: usize,
  from: i32,
  ages: usize,
  longest: i32,
  bias: f64,
  given: usize,
  choices: usize,
): void {
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const logits = logitsOf(network, scratch);
  if (from < P) forwardDense(network, scratch, from, P - from, 0, 0);
  for (let i = 0; i < from * states; i++) store<f64>(choices + (<usize> i << 3), -Infinity);
  let offSoFar: f64 = 0;
  for (let p = from; p < P; p++) {
    const at = logits + (<usize> ((p - from) * states) << 2);
    const out = choices + (<usize> (p * states) << 3);
    const rule: i32 = given ? <i32> load<u8>(given + p) : 0;
    if (rule == F.OFF) {
      store<f64>(out, -Infinity);
      if (states > 1) store<f64>(out, -Infinity, 8);
      continue;
    }
    if (rule == F.STRUCK || rule == F.STAYS) { // it sounds for certain, so that no higher pitch can be the next one
      const stays = states > 1 && rule == F.STAYS;
      store<f64>(out, stays ? -Infinity : offSoFar);
      if (states > 1) store<f64>(out, stays ? offSoFar : -Infinity, 8);
      for (let i = (p + 1) * states; i <= P * states; i++) {
        store<f64>(choices + (<usize> i << 3), -Infinity);
      }
      return;
    }
    const age = load<i32>(ages + (<usize> p << 2)),
      could = states > 1 && age > 0 && age < longest && rule != F.ENDS;
    if (states == 1 && age >= longest) {
      store<f64>(out, -Infinity);
      continue;
    }
    const struck = <f64> load<f32>(at), held = could ? <f64> load<f32>(at, 4) : 0.0;
    const off = logOff(struck, held, could);
    const begins = states > 1 || age == 0;
    store<f64>(out, offSoFar + off + struck + (begins ? bias : 0));
    if (states > 1) store<f64>(out, could ? offSoFar + off + held : -Infinity, 8);
    offSoFar += off;
  }
  store<f64>(choices + (<usize> (P * states) << 3), offSoFar);
}

/** ln of the model's chances of what is given of the pitches from `from` to that of a choice. */
function chanceOfGiven(
  network: usize,
  scratch: usize,
  from: i32,
  choice: i32,
  ages: usize,
  given: usize,
): f64 {
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const logits = logitsOf(network, scratch), end = min(P - 1, choice / states);
  let sum: f64 = 0;
  for (let p = from; p <= end; p++) {
    const rule: i32 = load<u8>(given + p);
    if (rule == 0 || rule == F.ENDS) continue;
    const at = logits + (<usize> ((p - from) * states) << 2);
    const could = states > 1 && load<i32>(ages + (<usize> p << 2)) > 0;
    const struck = <f64> load<f32>(at), held = could ? <f64> load<f32>(at, 4) : 0.0;
    sum += logOff(struck, held, could);
    if (rule == F.STRUCK || states == 1 && rule == F.STAYS) sum += struck;
    else if (rule == F.STAYS) sum += held;
  }
  return sum;
}

/** Draws one of `n` choices after temperature, top-k and top-p; `excluded`: one that has no chance. */
function choose(choices: usize, n: i32, drawing: usize, list: usize, excluded: i32): i32 {
  const temperature = <f64> real(drawing, F.TEMPERATURE);
  let most = -Infinity;
  for (let i = 0; i < n; i++) {
    if (i != excluded) most = max(most, load<f64>(choices + (<usize> i << 3)));
  }
  if (most == -Infinity) return excluded < 0 ? n - 1 : excluded; // there is no other choice
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    const at = choices + (<usize> i << 3);
    const weight = i == excluded ? 0.0 : exp((load<f64>(at) - most) / temperature);
    store<f64>(at, weight);
    total += weight;
  }
  const topK = word(drawing, F.TOP_K), topP = <f64> real(drawing, F.TOP_P);
  if (topK > 0 || topP < 1) {
    // The likeliest are marked by their sign, one after the other.
    let kept = 0, sum: f64 = 0;
    while (kept < (topK > 0 ? topK : n) && (kept == 0 || sum < topP * total)) {
      let best = -1;
      let greatest: f64 = 0;
      for (let i = 0; i < n; i++) {
        const weight = load<f64>(choices + (<usize> i << 3));
        if (weight > greatest) {
          greatest = weight;
          best = i;
        }
      }
      if (best < 0) break;
      store<f64>(choices + (<usize> best << 3), -greatest);
      sum += greatest;
      kept++;
    }
    for (let i = 0; i < n; i++) {
      const at = choices + (<usize> i << 3);
      store<f64>(at, max(0.0, -load<f64>(at)));
    }
    total = sum;
  }
  let left = <f64> randomBits(list) * 2.3283064365386963e-10 * total;
  let last = n - 1;
  for (let i = 0; i < n; i++) {
    const weight = load<f64>(choices + (<usize> i << 3));
    if (weight == 0) continue;
    last = i;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}

/** Whether a drawn frame is the one to be avoided; both start with their number of notes. */
function sameFrame(drawn: usize, avoided: usize): bool {
  return memory.compare(drawn, avoided, <usize> load<u8>(drawn) + 1) == 0;
}

/**
 * How much of a drawn frame contradicts what the plan says of it: notes that begin too many or too
 * few, and notes beyond the outline of the beat.
 */
function contradictions(
  network: usize,
  information: usize,
  groups: i32,
  ages: usize,
  drawn: usize,
): i32 {
  const low = word(network, F.LOWEST), attacks = word(network, F.STATES) > 1;
  const notes = <i32> load<u8>(drawn);
  const top = (groups & F.SHAPE) != 0 ? word(information, F.TOP) : -1;
  const bottom = (groups & F.SHAPE) != 0 ? word(information, F.BOTTOM) : -1;
  let begin = 0, outside = 0;
  for (let i = 0; i < notes; i++) {
    const code = <i32> load<u8>(drawn + 1 + i), pitch = code & 127;
    const age = load<i32>(ages + (<usize> (pitch - low) << 2));
    if (attacks ? code < 128 : age == 0) begin++;
    if (top >= 0 && pitch > top + F.OUTLINE_TOLERANCE) outside++;
    if (bottom >= 0 && pitch < bottom - F.OUTLINE_TOLERANCE) outside++;
  }
  const onsets = (groups & F.RHYTHM) != 0 ? word(information, F.ONSETS) : -1;
  return outside + (onsets < 0 ? 0 : <i32> Math.abs(onsets - begin));
}

/** Draws the frame that follows the past of target `i`. */
export function drawFrame(
  network: usize,
  music: usize,
  drawing: usize,
  i: i32,
  scratch: usize,
): void {
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const low = word(network, F.LOWEST), H = word(network, F.WIDTH);
  const record = targetOf(music, i);
  const target = word(record, F.FRAME), seed = word(record, F.SEED);
  const avoided = <usize> word(drawing, F.AVOIDED) + <usize> (i * F.DRAWN_BYTES);
  const drawn = <usize> word(drawing, F.DRAWN) + <usize> (i * F.DRAWN_BYTES);
  const avoids = load<u8>(avoided) != F.NOTHING;
  const first = firstOf(network, scratch), bytes = <usize> (P * H) << 2;
  const layers = word(network, F.LAYERS);
  // Buffers that only learning needs are free here.
  const past = activationOf(network, scratch, 2 * layers + 1);
  const choices = activationOf(network, scratch, 2 * layers + 2);

  startSpans(scratch, seed, 0, word(network, F.SPANS));
  gatherPast(network, music, target, word(record, F.GROUPS), scratch, countsOf(network, scratch));
  memory.fill(first, 0, <usize> ((P + 13) * H) << 2);
  addSpans(network, scratch, 0);
  unfold(network, scratch);
  memory.copy(past, first, bytes);
  const pastSpans = spanCount(scratch);
  const ages = agesOf(countsOf(network, scratch)) + (<usize> low << 2);
  const biases = <usize> word(drawing, F.LOGIT_BIASES) + (<usize> i << 3);
  const noneBias = <f64> load<f32>(biases), noteBias = <f64> load<f32>(biases, 4);
  const givens = <usize> word(drawing, F.GIVEN);
  const given: usize = givens ? givens + <usize> (128 * i + low) : 0;
  let chance: f64 = 0;
  const barsSilence = load<u8>(<usize> word(drawing, F.SILENCE_BARRED) + i) != 0;

  // Where notes are given, they say what is to come, and the chance is that of the first attempt.
  const keeps = word(drawing, F.KEEPS_PLAN) != 0 && word(record, F.GROUPS) != 0 && given == 0;
  const best = choices + (<usize> (P * states + 1) << 3);
  let least = i32.MAX_VALUE;

  for (let attempt = 0; attempt <= TRIES; attempt++) {
    // The last time, one of the choices that lead to the avoided frame is taken away.
    const barred = avoids && attempt == TRIES
      ? <i32> (randomBits(scratch) % (<u32> load<u8>(avoided) + 1))
      : -1;
    let from = 0, notes = 0, onTheWay = true;
    chance = 0;
    while (true) {
      weighChoices(
        network,
        scratch,
        from,
        ages,
        word(drawing, F.LONGEST_NOTE),
        noteBias,
        given,
        choices,
      );
      const none = choices + (<usize> (P * states) << 3);
      store<f64>(none, barsSilence && notes == 0 ? -Infinity : load<f64>(none) + noneBias);
      let next = P * states; // what the avoided frame has here
      if (avoids && notes < <i32> load<u8>(avoided)) {
        const code = <i32> load<u8>(avoided + 1 + notes);
        next = ((code & 127) - low) * states + (states > 1 ? code >> 7 : 0);
      }
      const excluded = onTheWay && notes == barred ? next : -1;
      const choice = choose(choices, P * states + 1, drawing, scratch, excluded);
      if (given) chance += chanceOfGiven(network, scratch, from, choice, ages, given);
      if (choice != next) onTheWay = false;
      if (choice == P * states) break;
      const p = choice / states;
      const code = (p + low) | (choice % states << 7);
      store<u8>(drawn + 1 + notes, <u8> code);
      const spans = spanCount(scratch);
      gatherBelow(network, scratch, code, notes);
      addSpans(network, scratch, spans);
      notes++;
      from = p + 1;
    }
    store<u8>(drawn, <u8> notes);
    if (!avoids || !sameFrame(drawn, avoided)) {
      const wrong = keeps
        ? contradictions(network, informationOf(music, target), word(record, F.GROUPS), ages, drawn)
        : 0;
      if (wrong < least) {
        least = wrong;
        memory.copy(best, drawn, F.DRAWN_BYTES);
      }
      if (wrong == 0) break;
    }
    memory.copy(first, past, bytes);
    keepSpans(scratch, pastSpans);
  }
  if (least < i32.MAX_VALUE) memory.copy(drawn, best, F.DRAWN_BYTES);
  if (given) store<f64>(<usize> word(drawing, F.GIVEN_CHANCES) + (<usize> i << 3), chance);
}
