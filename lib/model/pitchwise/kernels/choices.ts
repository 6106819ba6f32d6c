// Sequential choices that make up a frame: which pitch is the next to sound and how, or that none
// is left. A pitch that stays off does not affect the pitches above it, so the probabilities of all
// pitches above the last note are known at once, and temperature, top-k and top-p act as on any
// categorical distribution.
// Pitch p in state s is choice p · states + s, the last choice is that no further pitch sounds.
import { real, word } from "./blocks";
import { agesOf, logitsOf, logsOf } from "./buffers";
import * as F from "./fields";
import { forwardDense } from "./forward";
import { logOff } from "./loss";
import { exp } from "./scalar";
import { randomBits } from "./spans";

/** Index of the choice that no further pitch sounds. */
export function noneOf(network: usize): i32 {
  return word(network, F.PITCHES) * word(network, F.STATES);
}

/** Constraints of target `i`, a byte for each pitch of the keyboard; 0 if there are none. */
export function givenOf(network: usize, drawing: usize, i: i32): usize {
  const givens = <usize> word(drawing, F.GIVEN);
  return givens ? givens + <usize> (128 * i + word(network, F.LOWEST)) : 0;
}

/** Pitches whose choices are weighed at once. */
const STRIDE: i32 = 8;

/** Margin above 1 for rounding in the bounds of choices that are not weighed. */
const MARGIN: f64 = 1.000001;

/**
 * Writes the weights of the choices from pitch `from` on, f64, to `choices`, after temperature,
 * top-k and top-p. Pitches are weighed from low to high only as far as they matter: with the
 * probability that none of the pitches so far sounds, all other choices together have no more, and
 * top-p may be certain to leave them out. The weights are the same as if all had been weighed.
 * @param excluded a choice with probability zero, or −1
 * @returns the weights' total; 0 where no choice is possible
 */
export function weighChoices(
  network: usize,
  scratch: usize,
  drawing: usize,
  i: i32,
  from: i32,
  excluded: i32,
  choices: usize,
): f64 {
  const P = word(network, F.PITCHES), states = word(network, F.STATES), none = noneOf(network);
  const logs = logsOf(network, scratch), first = from * states;
  const temperature = <f64> real(drawing, F.TEMPERATURE), topP = <f64> real(drawing, F.TOP_P);
  const biases = <usize> word(drawing, F.LOGIT_BIASES) + (<usize> i << 3);
  const isBiased = load<f32>(biases) != 0 || load<f32>(biases, 4) != 0;
  // At a temperature above 1 the others could add up to more than their probability.
  const maySkip = topP < 1 && temperature <= 1 && !isBiased;
  const silenceBarred = from == 0 && load<u8>(<usize> word(drawing, F.SILENCE_BARRED) + i) != 0;
  let end = from, offSoFar: f64 = 0, most = -Infinity;
  while (true) {
    const next = min(P, end + STRIDE);
    const isLast = addLogs(
      network,
      scratch,
      drawing,
      i,
      end,
      next,
      offSoFar,
      silenceBarred,
      logs,
    );
    offSoFar = load<f64>(logs - 8);
    const stop = isLast ? none + 1 : next * states;
    for (let c = end * states; c < stop; c++) {
      if (c != excluded) most = max(most, load<f64>(logs + (<usize> c << 3)));
    }
    end = next;
    if (isLast && most == -Infinity) {
      memory.fill(choices, 0, <usize> (none + 1) << 3);
      return 0;
    }
    const rest = isLast ? 0.0 : (offSoFar - most) / temperature;
    // All weights together are at most exp(-most).
    if (!isLast && !(maySkip && exp(rest + most) < MARGIN * (1 / topP - 1))) continue;
    let total: f64 = 0;
    for (let c = first; c < stop; c++) {
      const weight = c == excluded
        ? 0.0
        : exp((load<f64>(logs + (<usize> c << 3)) - most) / temperature);
      store<f64>(choices + (<usize> c << 3), weight);
      total += weight;
    }
    const others = isLast ? 0.0 : exp(rest) * MARGIN;
    total = keepLikeliest(choices, first, stop, total, others, drawing);
    if (total < 0) continue;
    memory.fill(choices, 0, <usize> first << 3);
    memory.fill(choices + (<usize> stop << 3), 0, <usize> (none + 1 - stop) << 3);
    return total;
  }
}

/**
 * Writes the log-probabilities of the choices from pitch `from` to before `end` to `logs`, after the
 * last pitch also that of none; and the ln probability that all pitches so far are off before them.
 * @returns whether no choice is left
 */
function addLogs(
  network: usize,
  scratch: usize,
  drawing: usize,
  i: i32,
  from: i32,
  end: i32,
  offSoFar: f64,
  silenceBarred: bool,
  logs: usize,
): bool {
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const logits = logitsOf(network, scratch);
  const low = word(network, F.LOWEST),
    ages = agesOf(network, scratch),
    given = givenOf(network, drawing, i);
  const longest = word(drawing, F.LONGEST_NOTE);
  const biases = <usize> word(drawing, F.LOGIT_BIASES) + (<usize> i << 3);
  const noneBias = <f64> load<f32>(biases), noteBias = <f64> load<f32>(biases, 4);
  if (from < end) forwardDense(network, scratch, from, end - from, 0, 0);
  for (let p = from; p < end; p++) {
    const at = logits + (<usize> (p * states) << 2);
    const out = logs + (<usize> (p * states) << 3);
    const rule: i32 = given ? <i32> load<u8>(given + p) : F.FREE;
    // A pitch constrained to sound is the last possible next pitch: no choice above it remains.
    if (rule == F.STRUCK || rule == F.STAYS) {
      bar(logs, p * states, noneOf(network) + 1);
      store<f64>(states > 1 && rule == F.STAYS ? out + 8 : out, offSoFar);
      return true;
    }
    const age = load<i32>(ages + (<usize> (low + p) << 2));
    if (rule == F.OFF || states == 1 && age >= longest) {
      bar(logs, p * states, (p + 1) * states);
      continue;
    }
    const could = states > 1 && age > 0 && age < longest && rule != F.ENDS;
    const struck = <f64> load<f32>(at), held = could ? <f64> load<f32>(at, 4) : 0.0;
    const off = logOff(struck, held, could);
    const begins = states > 1 || age == 0;
    store<f64>(out, offSoFar + off + struck + (begins ? noteBias : 0));
    if (states > 1) store<f64>(out, could ? offSoFar + off + held : -Infinity, 8);
    offSoFar += off;
  }
  store<f64>(logs - 8, offSoFar);
  if (end < P) return false;
  store<f64>(logs + (<usize> (P * states) << 3), silenceBarred ? -Infinity : offSoFar + noneBias);
  return true;
}

/** Excludes the choices from `first` to before `end`. */
function bar(logs: usize, first: i32, end: i32): void {
  for (let i = first; i < end; i++) store<f64>(logs + (<usize> i << 3), -Infinity);
}

/** Ln probability of the constraints on the pitches from `from` to that of a choice. */
export function chanceOfGiven(
  network: usize,
  scratch: usize,
  given: usize,
  from: i32,
  choice: i32,
): f64 {
  const P = word(network, F.PITCHES), states = word(network, F.STATES);
  const logits = logitsOf(network, scratch), end = min(P - 1, choice / states);
  const low = word(network, F.LOWEST), ages = agesOf(network, scratch);
  let sum: f64 = 0;
  for (let p = from; p <= end; p++) {
    const rule: i32 = load<u8>(given + p);
    if (rule == F.FREE || rule == F.ENDS) continue;
    const at = logits + (<usize> (p * states) << 2);
    const could = states > 1 && load<i32>(ages + (<usize> (low + p) << 2)) > 0;
    const struck = <f64> load<f32>(at), held = could ? <f64> load<f32>(at, 4) : 0.0;
    sum += logOff(struck, held, could);
    if (rule == F.STRUCK || states == 1 && rule == F.STAYS) sum += struck;
    else if (rule == F.STAYS) sum += held;
  }
  return sum;
}

/** Samples a choice by weight; `excluded` is sampled only if there is no alternative. */
export function choose(
  network: usize,
  scratch: usize,
  choices: usize,
  total: f64,
  excluded: i32,
): i32 {
  const n = noneOf(network) + 1;
  if (total == 0) return excluded < 0 ? n - 1 : excluded;
  let left = <f64> randomBits(scratch) * 2.3283064365386963e-10 * total;
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

/**
 * Top-k and top-p filter: sets all but the likeliest of the weights from `first` to before `end` to
 * 0; returns the sum of the rest.
 * @param others bound of the sum of all other weights
 * @returns −1 where these might make a difference
 */
function keepLikeliest(
  choices: usize,
  first: i32,
  end: i32,
  total: f64,
  others: f64,
  drawing: usize,
): f64 {
  const topK = word(drawing, F.TOP_K), topP = <f64> real(drawing, F.TOP_P);
  if (topK <= 0 && topP >= 1) return total;
  // The likeliest are marked by their sign, one after the other.
  let kept = 0, sum: f64 = 0;
  while (topK <= 0 || kept < topK) {
    if (kept > 0 && sum >= topP * total) {
      if (others > 0 && sum < topP * (total + others) * MARGIN) return -1;
      break;
    }
    let best = -1, greatest = others;
    for (let i = first; i < end; i++) {
      const weight = load<f64>(choices + (<usize> i << 3));
      if (weight > greatest) {
        greatest = weight;
        best = i;
      }
    }
    if (best < 0) {
      if (others > 0) return -1;
      break;
    }
    store<f64>(choices + (<usize> best << 3), -greatest);
    sum += greatest;
    kept++;
  }
  for (let i = first; i < end; i++) {
    const at = choices + (<usize> i << 3);
    store<f64>(at, max(0.0, -load<f64>(at)));
  }
  return sum;
}
