import { countBefore } from "../search.ts";
import { BASS, type Events, logSeconds } from "./events.ts";

/** Number of features of the event itself and its neighbours, which come first. */
export const PLAIN = 24;

/** Lags in seconds before and after an event at which features are measured: six to an octave. */
const LAGS = Array.from({ length: 28 }, (_, i) => 0.1 * 2 ** (i / 6));

/** Features per lag: onsets, onsets in the bass, and recurrence of the same pitches. */
const KINDS = 3;

/** Number of input features per event. */
export const INPUTS = PLAIN + 2 * KINDS * LAGS.length;

/** Cell width in seconds of the onset-strength raster. */
const CELL = 0.01;

/** Padding cells before the first event, so that no lag leaves the raster, and after the last. */
const BEFORE = 300, AFTER = 400;

/** Tolerance in seconds around a lag. */
const NEAR = 0.06;

/** Input features of the beat network: [events, {@linkcode INPUTS}]. */
export function beatFeatures(events: Events): Float32Array {
  const rows = new Float32Array(events.size * INPUTS);
  if (events.size === 0) return rows;
  const near = neighboursOf(events);
  plainFeatures(events, near, rows);
  lagFeatures(events, near.bassAfter, rows);
  recurrences(events, rows);
  return rows;
}

/** Seconds from each event to the previous and next as low, and to the next as high; at most 4. */
function neighboursOf({ size, time, low, high }: Events) {
  const far = () => new Float64Array(size).fill(4);
  const bassBefore = far(), bassAfter = far(), topAfter = far();
  for (let k = Math.min(40, size - 1); k > 0; k--) { // from far to near, so that the nearest stays
    for (let i = k; i < size; i++) {
      const apart = time[i]! - time[i - k]!;
      if (low[i - k]! <= low[i]! + 4) bassBefore[i] = apart;
      if (low[i]! <= low[i - k]! + 4) bassAfter[i - k] = apart;
      if (high[i]! >= high[i - k]! - 4) topAfter[i - k] = apart;
    }
  }
  return { bassBefore, bassAfter, topAfter };
}

function plainFeatures(
  events: Events,
  { bassBefore, bassAfter, topAfter }: ReturnType<typeof neighboursOf>,
  rows: Float32Array,
): void {
  const { size, time, count, low, high, loud, longest, mean, spread } = events;
  const low8 = smooth(low, 8), low3 = smooth(low, 3), high8 = smooth(high, 8);
  const loud8 = smooth(loud, 8), count8 = smooth(count, 8), longest8 = smooth(longest, 8);
  const change = harmonicChange(events);
  const within = (i: number, seconds: number) =>
    before(time, time[i]! + seconds) - before(time, time[i]! - seconds);
  for (let i = 0; i < size; i++) {
    const last = i > 0 ? logSeconds(time[i]! - time[i - 1]!) : 0;
    const next = i < size - 1 ? logSeconds(time[i + 1]! - time[i]!) : 0;
    rows.set([
      ...[last, next, last - next, Math.log(count[i]!), (low[i]! - 60) / 20, (high[i]! - 60) / 20],
      ...[(low[i]! - low8[i]!) / 12, (high[i]! - high8[i]!) / 12],
      ...[(loud[i]! - 0.5) * 3, (loud[i]! - loud8[i]!) * 8],
      ...[longest[i]!, mean[i]!, longest[i]! - longest8[i]!],
      ...[logSeconds(bassBefore[i]!), logSeconds(bassAfter[i]!), logSeconds(topAfter[i]!)],
      ...[change(i, 0.6), change(i, 1.5)],
      ...[Math.log(within(i, 0.5)) - 1, Math.log(within(i, 2)) - 2.5],
      Math.log(spread[i]! + 0.005) + 5,
      count[i]! > count8[i]! ? 1 : 0,
      low[i]! < low3[i]! - 3 ? 1 : 0,
      (loud[i]! - (loud[i - 1] ?? loud[i]!)) * 8,
    ], i * INPUTS);
  }
}

/** Onset strength one lag later and earlier: of all events, and of those in the bass. */
function lagFeatures(
  { size, time, count, low, loud }: Events,
  bassAfter: Float64Array,
  rows: Float32Array,
) {
  const cells = Math.trunc((time[size - 1]! - time[0]!) / CELL) + BEFORE + AFTER;
  const place = Int32Array.from(time, (t) => Math.trunc((t - time[0]!) / CELL) + BEFORE);
  const weights = [
    (i: number) => Math.sqrt(count[i]!) * (0.4 + loud[i]!),
    (i: number) => (low[i]! < BASS ? 0.4 + loud[i]! : 0) + (bassAfter[i]! > 0.4 ? 0.5 : 0),
  ];
  weights.forEach((weight, kind) => {
    const raster = new Float64Array(cells), sums = new Float64Array(cells + 1);
    for (let i = 0; i < size; i++) raster[place[i]!]! += weight(i);
    for (let t = 0; t < cells; t++) sums[t + 1] = sums[t]! + raster[t]!;
    const soft = [0.02, 0.03, 0.05].map((width) => blur(raster, place, width));
    for (let i = 0; i < size; i++) {
      const at = place[i]!;
      const around = sums[Math.min(cells, at + 200)]! - sums[Math.max(0, at - 200)]!;
      const level = around / 400 * 6 + 0.3;
      LAGS.forEach((lag, l) => {
        const from = soft[lag < 0.3 ? 0 : lag < 0.9 ? 1 : 2]!, step = Math.round(lag / CELL);
        const to = i * INPUTS + PLAIN + (kind * LAGS.length + l) * 2;
        rows[to] = Math.min(4, from[at + step]! / level);
        rows[to + 1] = Math.min(4, from[at - step]! / level);
      });
    }
  });
}

/** Number of an event's pitches that recur one lag later, and that were struck one lag before. */
function recurrences({ size, time, count, pitches }: Events, rows: Float32Array): void {
  LAGS.forEach((lag, l) => {
    const reach = Math.min(NEAR, 0.3 * lag);
    for (const [side, sign] of [[0, 1], [1, -1]] as const) {
      for (let i = 0, first = 0; i < size; i++) {
        const at = time[i]! + sign * lag;
        while (first < size && time[first]! < at - reach) first++;
        let best = 0;
        for (let k = first; k < size && time[k]! <= at + reach; k++) {
          let same = 0;
          for (let w = 0; w < 4; w++) same += bits(pitches[i * 4 + w]! & pitches[k * 4 + w]!);
          best = Math.max(best, same / Math.sqrt(count[i]! * count[k]!));
        }
        rows[i * INPUTS + PLAIN + (2 * LAGS.length + l) * 2 + side] = best;
      }
    }
  });
}

/** Number of set bits in a 32-bit word. */
function bits(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return (((word + (word >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** Number of ascending values below a given value. */
function before(rising: Float64Array, value: number): number {
  return countBefore(rising.length, (i) => rising[i]! < value);
}

/** Moving average over 2k + 1 values, the outer ones repeated. */
function smooth(values: Float64Array, k: number): Float64Array {
  const size = values.length, out = new Float64Array(size);
  const at = (i: number) => values[Math.min(size - 1, Math.max(0, i))]!;
  let sum = 0;
  for (let j = -k; j <= k; j++) sum += at(j);
  for (let i = 0; i < size; i++) {
    out[i] = sum / (2 * k + 1);
    sum += at(i + k + 1) - at(i - k);
  }
  return out;
}

/** Cosine distance between the pitch classes of the next seconds and those of the last. */
function harmonicChange(
  { size, time, chroma }: Events,
): (event: number, seconds: number) => number {
  const sums = new Float64Array((size + 1) * 12);
  for (let i = 0; i < size * 12; i++) sums[i + 12] = sums[i]! + chroma[i]!;
  return (event, seconds) => {
    const from = before(time, time[event]! - seconds), to = before(time, time[event]! + seconds);
    let product = 0, past = 0, future = 0;
    for (let c = 0; c < 12; c++) {
      const here = sums[event * 12 + c]!;
      const a = here - sums[from * 12 + c]!, b = sums[to * 12 + c]! - here;
      product += a * b, past += a * a, future += b * b;
    }
    return 1 - product / (Math.sqrt(past * future) + 1e-6);
  };
}

/** Raster of onsets blurred by a bell curve of a given width in seconds. */
function blur(raster: Float64Array, place: Int32Array, width: number): Float64Array {
  const out = new Float64Array(raster.length), reach = 15;
  const bell = Array.from(
    { length: 2 * reach + 1 },
    (_, k) => Math.exp(-0.5 * ((k - reach) * CELL / width) ** 2),
  );
  let last = -1;
  for (const at of place) {
    if (at === last) continue;
    last = at;
    for (let k = -reach; k <= reach; k++) out[at + k]! += raster[at]! * bell[k + reach]!;
  }
  return out;
}
