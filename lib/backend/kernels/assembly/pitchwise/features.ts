// What the network sees of the past and of the pitches below, as a list of spans: "add these rows
// of the table, times a coefficient, to the first layer of these pitches". The first layer is
// linear in its inputs and the inputs are sparse, so the list is all that is needed to go forward
// (rows to pitches) and back (pitches to rows).
import * as F from "./fields";

// A span: first row, first pitch, pitches, period (the row is taken modulo this), coefficient.
export const SPAN_BYTES: i32 = 20;

export function word(block: usize, index: i32): i32 {
  return load<i32>(block + (<usize> index << 2));
}

export function real(block: usize, index: i32): f32 {
  return load<f32>(block + (<usize> index << 2));
}

/** 0, 1, 2, 3 for 1 to 4, then two classes per octave: 5–6, 7–8, 9–12, 13–16, … */

export function bucket(n: i32): i32 {
  const m = n - 1;
  if (m < 2) return m;
  const octave = 31 - clz(m);
  return 2 * octave + ((m >> (octave - 1)) & 1);
}

export function nextRandom(state: usize): u32 {
  let x = load<u32>(state);
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  store<u32>(state, x);
  return x;
}

// Where the spans are collected; one per thread, in its scratch.
// 0 count, 4 random state, 8 drop threshold (u32), 12 keep scale (f32), 16 capacity, 32… spans
const HEAD: i32 = 32;

export function spanCount(list: usize): i32 {
  return load<i32>(list);
}

export function spanAt(list: usize, i: i32): usize {
  return list + HEAD + <usize> (i * SPAN_BYTES);
}

export function startSpans(list: usize, seed: i32, drop: f32, capacity: i32): void {
  store<i32>(list, 0);
  store<u32>(list, <u32> seed | 1, 4);
  store<u32>(list, drop > 0 ? <u32> (drop * 4294967040.0) : 0, 8);
  store<f32>(list, 1 / (1 - drop), 12);
  store<i32>(list, capacity, 16);
}

function push(list: usize, row: i32, first: i32, count: i32, period: i32, coefficient: f32): void {
  const n = load<i32>(list);
  if (count <= 0 || n >= load<i32>(list, 16)) return;
  const span = spanAt(list, n);
  store<i32>(span, row);
  store<i32>(span, first, 4);
  store<i32>(span, count, 8);
  store<i32>(span, period, 12);
  store<f32>(span, coefficient, 16);
  store<i32>(list, n + 1);
}

/** False when the input falls to dropout. */

function kept(list: usize): bool {
  const threshold = load<u32>(list, 8);
  return threshold == 0 || nextRandom(list + 4) >= threshold;
}

/** Rows first… of a table over the distance to `pitch`, −radius … radius, to the pitches around it. */

function pushAround(
  list: usize,
  row: i32,
  radius: i32,
  pitch: i32,
  pitches: i32,
  coefficient: f32,
): void {
  const from = max(0, pitch - radius), to = min(pitches - 1, pitch + radius);
  push(list, row + from - pitch + radius, from, to - from + 1, 1 << 20, coefficient);
}

/** The twelve rows of a table over pitch classes above `pitch`, to twelve rows from `base` on. */

function pushFolded(list: usize, row: i32, base: i32, pitchClass: i32, coefficient: f32): void {
  push(list, row, base + pitchClass, 12 - pitchClass, 1 << 20, coefficient);
  push(list, row + 12 - pitchClass, base, pitchClass, 1 << 20, coefficient);
}

/** Where the codes of a frame begin among the codes. */
export function firstCode(music: usize, frame: i32): i32 {
  const id = load<i32>(<usize> word(music, F.IDS) + (<usize> frame << 2));
  return load<i32>(<usize> word(music, F.STARTS) + (<usize> id << 2));
}

/** Where they end. */
export function lastCode(music: usize, frame: i32): i32 {
  const id = load<i32>(<usize> word(music, F.IDS) + (<usize> frame << 2));
  return load<i32>(<usize> word(music, F.STARTS) + (<usize> id << 2), 4);
}

/** Everything that is known before the frame's own first pitch. `counts`: scratch, 4 × 128 i32. */
export function gatherPast(
  network: usize,
  music: usize,
  target: i32,
  list: usize,
  counts: usize,
): void {
  const P = word(network, F.PITCHES), low = word(network, F.LOWEST);
  const states = word(network, F.STATES);
  const ids = <usize> word(music, F.IDS), starts = <usize> word(music, F.STARTS);
  const codes = <usize> word(music, F.CODES);
  const information = <usize> word(music, F.INFORMATION) + <usize> target * (F.FRAME_WORDS * 4);
  const pieceStart = word(information, F.PIECE_START);
  const scale = load<f32>(list, 12);
  const folded = P; // the twelve rows of pitch classes lie after the pitches, then the row for all
  const all = P + 12;
  push(list, word(network, F.ABSOLUTE), 0, P, 1 << 20, 1);
  for (let i = 0; i < F.PLACE_COUNT; i++) {
    const row = word(information, F.PLACES + i);
    if (row >= 0) push(list, row, all, 1, 1, 1);
  }

  // The past frames one by one, seen from each pitch.
  const lags = word(network, F.LAGS);
  for (let i = 0; i < lags; i++) {
    const record = <usize> word(network, F.LAG_TABLE) + <usize> (i << 4);
    const frame = target - load<i32>(record);
    if (frame < pieceStart) break; // lags ascend
    const radius = load<i32>(record, 4),
      row = load<i32>(record, 8),
      foldedRow = load<i32>(record, 12);
    const id = load<i32>(ids + (<usize> frame << 2));
    const end = load<i32>(starts + (<usize> id << 2), 4);
    for (let c = load<i32>(starts + (<usize> id << 2)); c < end; c++) {
      if (!kept(list)) continue;
      const code = <i32> load<u8>(codes + c);
      const state = states > 1 ? code >> 7 : 0, pitch = (code & 127) - low;
      pushAround(list, row + state * (2 * radius + 1), radius, pitch, P, scale);
      if (foldedRow >= 0) {
        pushFolded(list, foldedRow + state * 12, folded, (pitch + 132) % 12, scale);
      }
    }
    if (i == 0) {
      const sounding = min(end - load<i32>(starts + (<usize> id << 2)), F.POLYPHONIES - 1);
      push(list, word(network, F.POLYPHONY) + sounding, all, 1, 1, 1);
    }
  }

  // Frames that followed a like past.
  const echoRadius = word(network, F.ECHO_RADIUS), echoClasses = word(network, F.ECHO_CLASSES);
  const echoRows = states * (2 * echoRadius + 1) + 1;
  for (let e = 0; e < F.ECHOES; e++) {
    const frame = word(information, F.ECHO_FRAME + e);
    if (frame < 0) continue;
    const row = word(network, F.ECHO) +
      (e * echoClasses + word(information, F.ECHO_CLASS + e)) * echoRows;
    push(list, row + echoRows - 1, all, 1, 1, 1);
    const id = load<i32>(ids + (<usize> frame << 2));
    const end = load<i32>(starts + (<usize> id << 2), 4);
    for (let c = load<i32>(starts + (<usize> id << 2)); c < end; c++) {
      if (!kept(list)) continue;
      const code = <i32> load<u8>(codes + c);
      const state = states > 1 ? code >> 7 : 0;
      pushAround(
        list,
        row + state * (2 * echoRadius + 1),
        echoRadius,
        (code & 127) - low,
        P,
        scale,
      );
    }
  }

  // Summaries: per pitch, how long it has sounded, how long ago, how often; per pitch class, how much.
  memory.fill(counts, 0, 4 * 128 * 4);
  const since = counts + 512, age = counts + 1024, classes = counts + 1536; // classes: 12 × HORIZONS
  const window = word(network, F.WINDOW);
  const frames = min(window, target - pieceStart);
  for (let lag = 1; lag <= frames; lag++) {
    const id = load<i32>(ids + (<usize> (target - lag) << 2));
    const end = load<i32>(starts + (<usize> id << 2), 4);
    for (let c = load<i32>(starts + (<usize> id << 2)); c < end; c++) {
      const pitch = <i32> load<u8>(codes + c) & 127;
      const at = <usize> pitch << 2;
      store<i32>(counts + at, load<i32>(counts + at) + 1);
      if (load<i32>(since + at) == 0) store<i32>(since + at, lag);
      if (load<i32>(age + at) == lag - 1) store<i32>(age + at, lag);
      const inClass = classes + <usize> ((pitch + 132 - low) % 12 << 2);
      if (lag <= window >> 4) store<i32>(inClass, load<i32>(inClass) + 1);
      if (lag <= window >> 2) store<i32>(inClass, load<i32>(inClass, 48) + 1, 48);
      store<i32>(inClass, load<i32>(inClass, 96) + 1, 96);
    }
  }
  for (let p = 0; p < P; p++) {
    const at = <usize> (p + low) << 2;
    const count = load<i32>(counts + at);
    if (count == 0) continue;
    push(list, word(network, F.COUNT) + bucket(count), p, 1, 1, 1);
    push(list, word(network, F.SINCE) + bucket(load<i32>(since + at)), p, 1, 1, 1);
    if (load<i32>(age + at)) {
      push(list, word(network, F.AGE) + bucket(load<i32>(age + at)), p, 1, 1, 1);
    }
  }
  for (let h = 0; h < F.HORIZONS; h++) {
    const share: f32 = <f32> 1 / <f32> (max(1, min(frames, window >> (4 - 2 * h))));
    for (let pitchClass = 0; pitchClass < 12; pitchClass++) {
      const count = load<i32>(classes + <usize> ((h * 12 + pitchClass) << 2));
      if (count == 0) continue;
      pushFolded(list, word(network, F.PROFILE) + 12 * h, folded, pitchClass, <f32> count * share);
    }
  }
}

/** What the pitches above see of a sounding pitch, the `rank`th of its frame from below. */
export function gatherBelow(network: usize, list: usize, code: i32, rank: i32): void {
  const P = word(network, F.PITCHES), pitch = (code & 127) - word(network, F.LOWEST);
  const state = word(network, F.STATES) > 1 ? code >> 7 : 0;
  const reach = word(network, F.REACH), scale = load<f32>(list, 12);
  const from = max(0, pitch + 1);
  push(list, word(network, F.RANK) + min(rank, F.RANKS - 1), from, P - from, 1, 1);
  if (!kept(list)) return;
  push(
    list,
    word(network, F.BELOW) + state * reach + from - pitch - 1,
    from,
    min(pitch + reach, P - 1) - from + 1,
    1 << 20,
    scale,
  );
  // Row i of twelve belongs to the pitches i + 1 semitones above, modulo 12.
  const folded = word(network, F.BELOW_FOLDED) + state * 12, skipped = (from - pitch - 1) % 12;
  push(list, folded + skipped, from, min(12 - skipped, P - from), 12, scale);
  push(list, folded, from + 12 - skipped, P - from - 12 + skipped, 12, scale);
}
