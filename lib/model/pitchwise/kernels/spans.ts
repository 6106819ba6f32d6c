// The first layer is linear in inputs that are mostly absent, so what a network sees is a list of
// spans: "add these rows of the table, times a coefficient, to the first layer of these pitches".
// The same list serves forward (rows to pitches) and back (pitches to rows). Each thread has one, in
// its scratch: a head of count, random state, drop threshold, scale of what is kept and capacity,
// then for each span its first row, first pitch, pitches, period and coefficient.

export const SPAN_BYTES: i32 = 20;
const HEAD_BYTES: i32 = 32;
const RANDOM: usize = 4, THRESHOLD: usize = 8, SCALE: usize = 12, CAPACITY: usize = 16;

/** The period of a span whose rows do not repeat. */
const NEVER: i32 = 1 << 20;

/** Where a list of so many spans ends. */
export function endOfSpans(list: usize, capacity: i32): usize {
  return list + HEAD_BYTES + <usize> (capacity * SPAN_BYTES);
}

export function spanCount(list: usize): i32 {
  return load<i32>(list);
}

export function spanAt(list: usize, i: i32): usize {
  return list + HEAD_BYTES + <usize> (i * SPAN_BYTES);
}

/** Takes back all spans but the first `count`. */
export function keepSpans(list: usize, count: i32): void {
  store<i32>(list, count);
}

/** Empties a list; `drop` is the share of notes that will be left out. */
export function startSpans(list: usize, seed: i32, drop: f32, capacity: i32): void {
  store<i32>(list, 0);
  store<u32>(list, <u32> seed | 1, RANDOM);
  store<u32>(list, drop > 0 ? <u32> (drop * 4294967040.0) : 0, THRESHOLD);
  store<f32>(list, 1 / (1 - drop), SCALE);
  store<i32>(list, capacity, CAPACITY);
}

/** 32 random bits (Marsaglia's xorshift). */
export function randomBits(list: usize): u32 {
  let x = load<u32>(list, RANDOM);
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  store<u32>(list, x, RANDOM);
  return x;
}

/** Whether a note stays: false for the share that is left out. */
export function staysIn(list: usize): bool {
  const threshold = load<u32>(list, THRESHOLD);
  return threshold == 0 || randomBits(list) >= threshold;
}

/** Semitones by which a past note is moved: for a share of them 1, 2 or 12 up or down, else 0. */
export function movedBy(list: usize, share: f32): i32 {
  if (share <= 0) return 0;
  const bits = randomBits(list);
  if (bits >= <u32> (share * 4294967040.0)) return 0;
  const kind = <i32> (randomBits(list) % 6), by = kind < 2 ? 1 : kind < 4 ? 2 : 12;
  return kind & 1 ? by : -by;
}

/** What makes up for the notes that are left out. */
export function scaleOf(list: usize): f32 {
  return load<f32>(list, SCALE);
}

function push(list: usize, row: i32, first: i32, count: i32, period: i32, coefficient: f32): void {
  const n = load<i32>(list);
  if (count <= 0 || n >= load<i32>(list, CAPACITY)) return;
  const span = spanAt(list, n);
  store<i32>(span, row);
  store<i32>(span, first, 4);
  store<i32>(span, count, 8);
  store<i32>(span, period, 12);
  store<f32>(span, coefficient, 16);
  store<i32>(list, n + 1);
}

/** Rows one by one to pitches one by one. */
export function pushRows(list: usize, row: i32, first: i32, count: i32, coefficient: f32): void {
  push(list, row, first, count, NEVER, coefficient);
}

/** The same `period` rows again and again. */
export function pushRepeated(
  list: usize,
  row: i32,
  first: i32,
  count: i32,
  period: i32,
  coefficient: f32,
): void {
  push(list, row, first, count, period, coefficient);
}

/** A table over the distance from `pitch`, −radius … radius, to the pitches around it. */
export function pushAround(
  list: usize,
  row: i32,
  radius: i32,
  pitch: i32,
  pitches: i32,
  coefficient: f32,
): void {
  const from = max(0, pitch - radius), to = min(pitches - 1, pitch + radius);
  pushRows(list, row + from - pitch + radius, from, to - from + 1, coefficient);
}

/** A table over the twelve classes above `pitchClass`, to the twelve from `base` on. */
export function pushFolded(
  list: usize,
  row: i32,
  base: i32,
  pitchClass: i32,
  coefficient: f32,
): void {
  pushRows(list, row, base + pitchClass, 12 - pitchClass, coefficient);
  pushRows(list, row + 12 - pitchClass, base, pitchClass, coefficient);
}
