// Sparse inputs of the linear first layer: a list of spans, each "add these rows of the table,
// times a coefficient, to the first layer of these pitches". The same list serves the forward pass
// (rows to pitches) and the backward pass (pitches to rows). Each thread has one in its scratch.

/** Header of a list, followed by its spans. */
@unmanaged
class SpanList {
  count: i32;
  random: u32;
  /** Dropout threshold: a note is dropped if 32 random bits are below it. */
  threshold: u32;
  /** Scale of the remaining notes that compensates for dropout. */
  scale: f32;
  /** Capacity in spans. */
  capacity: i32;
}

@unmanaged
export class Span {
  /** First row of the table. */
  row: i32;
  /** First pitch. */
  first: i32;
  pitches: i32;
  /** Number of pitches after which the rows repeat. */
  period: i32;
  coefficient: f32;
}

/** Period of a span whose rows do not repeat. */
const NEVER: i32 = 1 << 20;

/** End address of a list of `capacity` spans. */
export function endOfSpans(list: usize, capacity: i32): usize {
  return list + offsetof<SpanList>() + <usize> capacity * offsetof<Span>();
}

export function spanCount(list: usize): i32 {
  return changetype<SpanList>(list).count;
}

export function spanAt(list: usize, i: i32): Span {
  return changetype<Span>(endOfSpans(list, i));
}

/** Removes all spans after the first `count`. */
export function keepSpans(list: usize, count: i32): void {
  changetype<SpanList>(list).count = count;
}

/** Reseeds the random generator. */
export function seedSpans(list: usize, seed: i32): void {
  changetype<SpanList>(list).random = <u32> seed | 1;
}

/** Clears a list; `drop` is the dropout rate of notes. */
export function startSpans(list: usize, seed: i32, drop: f32, capacity: i32): void {
  const head = changetype<SpanList>(list);
  head.count = 0;
  seedSpans(list, seed);
  head.threshold = drop > 0 ? <u32> (drop * 4294967040.0) : 0;
  head.scale = 1 / (1 - drop);
  head.capacity = capacity;
}

/** 32 random bits (Marsaglia's xorshift). */
export function randomBits(list: usize): u32 {
  const head = changetype<SpanList>(list);
  let x = head.random;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  head.random = x;
  return x;
}

/** Whether a note is kept under dropout. */
export function staysIn(list: usize): bool {
  const threshold = changetype<SpanList>(list).threshold;
  return threshold == 0 || randomBits(list) >= threshold;
}

/**
 * Random transposition of a past note in semitones: for `share` of them 1, 2 or 12 up or down, else
 * 0.
 */
export function movedBy(list: usize, share: f32): i32 {
  if (share <= 0) return 0;
  const bits = randomBits(list);
  if (bits >= <u32> (share * 4294967040.0)) return 0;
  const kind = <i32> (randomBits(list) % 6), by = kind < 2 ? 1 : kind < 4 ? 2 : 12;
  return kind & 1 ? by : -by;
}

/** Scale of the remaining notes that compensates for dropout. */
export function scaleOf(list: usize): f32 {
  return changetype<SpanList>(list).scale;
}

/** Adds `period` rows, repeated over the pitches. */
export function pushRepeated(
  list: usize,
  row: i32,
  first: i32,
  count: i32,
  period: i32,
  coefficient: f32,
): void {
  if (count <= 0) return;
  const head = changetype<SpanList>(list), n = head.count;
  if (n >= head.capacity) unreachable(); // the folder above reserves enough: see spansFor
  const span = spanAt(list, n);
  span.row = row;
  span.first = first;
  span.pitches = count;
  span.period = period;
  span.coefficient = coefficient;
  head.count = n + 1;
}

/** Adds consecutive rows to consecutive pitches. */
export function pushRows(list: usize, row: i32, first: i32, count: i32, coefficient: f32): void {
  pushRepeated(list, row, first, count, NEVER, coefficient);
}

/** Adds a table by distance from `pitch`, −radius … radius, to the pitches around it. */
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

/** Adds a table by distance in pitch classes above `pitchClass` to the twelve from `base` on. */
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

/** Pitch class, 0 to 11, relative to the keyboard's lowest pitch; `pitch` may be below it. */
export function classOf(pitch: i32): i32 {
  return (pitch + 180) % 12;
}

/**
 * Adds the row of a bucketed number from 1: 1, 2, 3, 4, then two rows per octave, 5–6, 7–8, 9–12,
 * …; 0 has none.
 */
export function pushBucket(list: usize, row: i32, number: i32, pitch: i32): void {
  if (number == 0) return;
  const below = number - 1, octave = 31 - clz(below);
  const bucket = below < 2 ? below : 2 * octave + ((below >> (octave - 1)) & 1);
  pushRows(list, row + bucket, pitch, 1, 1);
}
