// Input features of the past and of the pitches below. After the rows of the pitches, the first
// layer has twelve for the pitch classes and one for all pitches, which are added to theirs in the
// end.
import { endOfCodes, firstCode, informationOf, real, word } from "./blocks";
import { agesOf, countsOf, LIST_BYTES } from "./buffers";
import * as F from "./fields";
import {
  classOf,
  movedBy,
  pushAround,
  pushBucket,
  pushFolded,
  pushRepeated,
  pushRows,
  scaleOf,
  staysIn,
} from "./spans";

/** Input tables of a lag; written by layout.ts, in this order. */
@unmanaged
class Lag {
  /** Lag in frames. */
  frames: i32;
  /** Radius in semitones. */
  radius: i32;
  /** First row of the table by distance. */
  row: i32;
  /** First row of the table by pitch class, or −1. */
  folded: i32;
}

/** Collects all features known before the frame's own first pitch. `groups`: of the plan. */
export function gatherPast(
  network: usize,
  music: usize,
  target: i32,
  groups: i32,
  list: usize,
): void {
  gatherCommon(network, music, target, groups, 0, list);
  gatherOwn(network, music, target, groups, 0, list);
}

/** Collects the features shared by contexts that are equal up to `ownFrames` frames back. */
export function gatherCommon(
  network: usize,
  music: usize,
  target: i32,
  groups: i32,
  ownFrames: i32,
  list: usize,
): void {
  const all = word(network, F.PITCHES) + 12;
  const information = informationOf(music, target);
  pushRows(list, word(network, F.ABSOLUTE), 0, word(network, F.PITCHES), 1);
  for (let i = 0; i < F.PLACE_COUNT; i++) {
    const row = word(information, F.PLACES + i);
    if (row >= 0) pushRows(list, row, all, 1, 1);
  }
  if (groups != 0) gatherPlan(network, information, groups, list);
  for (let i = 0; i < word(network, F.LAGS); i++) {
    if (lagAt(network, i).frames > ownFrames) gatherLag(network, music, target, i, list);
  }
}

/** Collects the remaining features, which depend on the last `ownFrames` frames. */
export function gatherOwn(
  network: usize,
  music: usize,
  target: i32,
  groups: i32,
  ownFrames: i32,
  list: usize,
): void {
  const all = word(network, F.PITCHES) + 12;
  const information = informationOf(music, target);
  if (target > word(information, F.PIECE_START)) {
    const sounding = <i32> (endOfCodes(music, target - 1) - firstCode(music, target - 1));
    pushRows(list, word(network, F.POLYPHONY) + min(sounding, F.POLYPHONIES - 1), all, 1, 1);
  }
  for (let i = 0; i < word(network, F.LAGS); i++) {
    if (lagAt(network, i).frames <= ownFrames) gatherLag(network, music, target, i, list);
  }
  const radius = word(network, F.ECHO_RADIUS);
  const echoRows = word(network, F.STATES) * (2 * radius + 1) + 1;
  for (let e = 0; e < F.ECHOES; e++) {
    const planned = e == F.ECHOES - 1;
    if (planned && (groups & F.LIKENESS) == 0) continue;
    const frame = word(information, F.ECHO_FRAME + e);
    if (frame < 0) continue;
    const kind = e * F.ECHO_KINDS + word(information, F.ECHO_KIND + e);
    const row = word(network, F.ECHO) + kind * echoRows;
    pushRows(list, row + echoRows - 1, all, 1, 1);
    const transpose = planned ? word(information, F.ECHO_TRANSPOSE) : 0;
    pushNotes(network, music, frame, list, row, radius, -1, transpose);
  }
  gatherSummaries(network, music, target, list);
}

function lagAt(network: usize, i: i32): Lag {
  return changetype<Lag>(word(network, F.LAG_TABLE) + i * <i32> offsetof<Lag>());
}

/** Collects the notes of a past frame, if the piece goes back that far. */
function gatherLag(network: usize, music: usize, target: i32, i: i32, list: usize): void {
  const lag = lagAt(network, i), frame = target - lag.frames;
  if (frame < word(informationOf(music, target), F.PIECE_START)) return;
  pushNotes(network, music, frame, list, lag.row, lag.radius, lag.folded, 0);
}

/** Collects the plan's features for the bar of the frame. */
function gatherPlan(network: usize, information: usize, groups: i32, list: usize): void {
  const P = word(network, F.PITCHES), low = word(network, F.LOWEST);
  for (let i = 0; i < F.PLANNED_COUNT; i++) {
    const group = i < F.FULLNESS_ROWS ? F.FULLNESS : i == F.FULLNESS_ROWS ? F.RHYTHM : F.POSITION;
    const row = word(information, F.PLANNED + i);
    if (row >= 0 && (groups & group) != 0) pushRows(list, row, P + 12, 1, 1);
  }
  if ((groups & F.HARMONY) != 0) {
    for (let i = 0; i < 2; i++) {
      const classes = word(information, F.HALF_CLASSES + i);
      const row = word(network, F.CLASSES) + 12 * i;
      for (let c = 0; c < 12; c++) {
        if (classes & (1 << c)) pushFolded(list, row, P, classOf(c - low), 1);
      }
    }
  }
  if ((groups & F.CHORDS) != 0) gatherChords(network, information, list);
  if ((groups & F.SHAPE) != 0) {
    const radius = word(network, F.OUTLINE_RADIUS);
    for (let i = 0; i < 2; i++) {
      const pitch = word(information, F.TOP + i);
      const row = word(network, F.OUTLINE) + i * (2 * radius + 1);
      if (pitch >= 0) pushAround(list, row, radius, pitch - low, P, 1);
    }
  }
}

/** Collects the plan's chord and the one after it. */
function gatherChords(network: usize, information: usize, list: usize): void {
  const P = word(network, F.PITCHES), low = word(network, F.LOWEST);
  for (let i = 0; i < F.CHORD_TONES_COUNT; i++) {
    const tone = word(information, F.CHORD_TONES + i);
    if (tone >= 0) pushFolded(list, tone >> 4, P, classOf((tone & 15) - low), 1);
  }
  for (let i = 0; i < F.CHORD_TIMES_COUNT; i++) {
    const row = word(information, F.CHORD_TIMES + i);
    if (row >= 0) pushRows(list, row, P + 12, 1, 1);
  }
}

/**
 * Adds a past frame's notes by distance and, if `folded` is a row, by pitch class; transposed by
 * `transpose` semitones.
 */
function pushNotes(
  network: usize,
  music: usize,
  frame: i32,
  list: usize,
  row: i32,
  radius: i32,
  folded: i32,
  transpose: i32,
): void {
  const P = word(network, F.PITCHES), low = word(network, F.LOWEST) - transpose;
  const noise = real(network, F.PAST_NOISE);
  const manyStates = word(network, F.STATES) > 1, scale = scaleOf(list);
  const end = endOfCodes(music, frame);
  for (let at = firstCode(music, frame); at < end; at++) {
    if (!staysIn(list)) continue;
    const code = <i32> load<u8>(at), state = manyStates ? code >> 7 : 0;
    const pitch = (code & 127) - low + movedBy(list, noise);
    pushAround(list, row + state * (2 * radius + 1), radius, pitch, P, scale);
    if (folded >= 0) pushFolded(list, folded + state * 12, P, classOf(pitch), scale);
  }
}

/**
 * Collects summaries: per pitch, how long it has sounded, how long ago, how often; per pitch class,
 * how much.
 */
function gatherSummaries(network: usize, music: usize, target: i32, list: usize): void {
  const P = word(network, F.PITCHES), low = word(network, F.LOWEST);
  const window = word(network, F.WINDOW);
  const counts = countsOf(network, list), since = counts + LIST_BYTES;
  const age = agesOf(network, list), classes = age + LIST_BYTES; // classes: 12 per horizon
  const frames = min(window, target - word(informationOf(music, target), F.PIECE_START));
  memory.fill(counts, 0, 4 * LIST_BYTES);
  for (let lag = 1; lag <= frames; lag++) {
    const end = endOfCodes(music, target - lag);
    for (let code = firstCode(music, target - lag); code < end; code++) {
      const pitch = <i32> load<u8>(code) & 127, at = <usize> pitch << 2;
      add(counts + at, 1);
      if (load<i32>(since + at) == 0) store<i32>(since + at, lag);
      if (load<i32>(age + at) == lag - 1) store<i32>(age + at, lag);
      const inClass = classes + (<usize> classOf(pitch - low) << 2);
      for (let h = 0; h < F.HORIZONS; h++) {
        if (lag <= horizonOf(window, h)) add(inClass + <usize> (48 * h), 1);
      }
    }
  }
  for (let p = 0; p < P; p++) {
    if (p + low < 0 || p + low > 127) continue; // a transposed keyboard may exceed MIDI's range
    const at = <usize> (p + low) << 2;
    pushBucket(list, word(network, F.COUNT), load<i32>(counts + at), p);
    pushBucket(list, word(network, F.SINCE), load<i32>(since + at), p);
    pushBucket(list, word(network, F.AGE), load<i32>(age + at), p);
  }
  for (let h = 0; h < F.HORIZONS; h++) {
    const share = <f32> 1 / <f32> max(1, min(frames, horizonOf(window, h)));
    for (let pitchClass = 0; pitchClass < 12; pitchClass++) {
      const count = load<i32>(classes + <usize> ((h * 12 + pitchClass) << 2));
      if (count == 0) continue;
      pushFolded(list, word(network, F.PROFILE) + 12 * h, P, pitchClass, <f32> count * share);
    }
  }
}

/** Window in frames of a pitch-class profile: a sixteenth, a quarter, all of `window`. */
function horizonOf(window: i32, horizon: i32): i32 {
  return window >> (4 - 2 * horizon);
}

function add(address: usize, value: i32): void {
  store<i32>(address, load<i32>(address) + value);
}

/**
 * Adds the features that a sounding pitch, the `rank`th of its frame from below, gives the pitches
 * above.
 */
export function gatherBelow(network: usize, list: usize, code: i32, rank: i32): void {
  const P = word(network, F.PITCHES), pitch = (code & 127) - word(network, F.LOWEST);
  const state = word(network, F.STATES) > 1 ? code >> 7 : 0;
  const reach = word(network, F.REACH), scale = scaleOf(list);
  const from = max(0, pitch + 1), distance = from - pitch - 1; // not 0 below the keyboard
  pushRepeated(list, word(network, F.RANK) + min(rank, F.RANKS - 1), from, P - from, 1, 1);
  if (!staysIn(list)) return;
  const row = word(network, F.BELOW) + state * reach + distance;
  pushRows(list, row, from, min(pitch + reach, P - 1) - from + 1, scale);
  // Row i of twelve belongs to the pitches i + 1 semitones above, modulo 12.
  const folded = word(network, F.BELOW_FOLDED) + state * 12, skipped = distance % 12;
  const next = from + 12 - skipped;
  pushRows(list, folded + skipped, from, min(12 - skipped, P - from), scale);
  pushRepeated(list, folded, next, P - next, 12, scale);
}
