import { PERIODS, type Salience } from "./network.ts";

/** Result of a beat search. */
export interface FoundBeats {
  /** Beat times in seconds, ascending. */
  readonly times: readonly number[];
  /** Index of the event at each beat; −1 where no note begins. */
  readonly events: readonly number[];
  /** Log-likelihood ratio of the path, per beat. */
  readonly score: number;
}

/** Time step of the search, in seconds. */
const STEP = 0.01;

/** Beat periods considered, in steps: twelve to an octave. */
const LENGTHS = [
  ...new Set(Array.from({ length: 46 }, (_, i) => Math.round(16 * 2 ** (i / 12)))),
];

/** Largest change of period between beats, in places of `LENGTHS`. */
const NEAR = 5;

/** Largest distance of a beat from its event, in steps. */
const WINDOW = 3;

/** Parameters of the beat search: log-likelihood ratios and weights. */
export const beatCosts = {
  /** Weights of the network's period and of the prior, the latter per squared octave. */
  period: 0.35,
  prior: 1,
  /** Mean of the prior: the likeliest beat period in seconds. */
  center: 0.5,
  /**
   * Costs of a changed period (per squared logarithm of the ratio), a beat without an event, a
   * jump.
   */
  change: 60,
  silent: 3,
  jump: 9,
  /** Offset added to the log odds of beats: larger values give faster beats. */
  offset: 1.3,
};

/** Latest step of the first beat. */
const FIRST = 3 / STEP;

/**
 * Finds the likeliest beats by dynamic programming over the time of a beat and the seconds to the
 * next (Krebs, Böck and Widmer 2015 search the same space with frames instead of beats).
 * @param time of the events, in seconds; at least two
 */
export function findBeats(
  time: Float64Array,
  { beat, period }: Salience,
): FoundBeats {
  const lengths = LENGTHS, kinds = lengths.length, count = time.length;
  const origin = time[0]! - 0.3, size = Math.trunc((time[count - 1]! - origin) / STEP) + 30;
  const gain = new Float32Array(size).fill(-beatCosts.silent), at = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    at[i] = Math.round((time[i]! - origin) / STEP);
    for (let s = -WINDOW; s <= WINDOW; s++) {
      const value = beat[i]! + beatCosts.offset - 0.15 * Math.abs(s);
      if (value > gain[at[i]! + s]!) gain[at[i]! + s] = value;
    }
  }
  const eventAt = new Int32Array(size);
  for (let t = 0, i = 0; t < size; t++) {
    while (i + 1 < count && at[i + 1]! <= t) i++;
    eventAt[t] = i;
  }
  const bonus = periodBonus(period, count);
  const cost = lengths.map((a) =>
    Float32Array.from(lengths, (b) => beatCosts.change * Math.log(a / b) ** 2)
  );
  const best = new Float32Array(size * kinds), back = new Int8Array(size * kinds);
  const arrive = new Float32Array(kinds);
  for (let t = 0; t < size; t++) {
    let top = -1e9, topAt = 0;
    for (let p = 0; p < kinds; p++) {
      const before = t - lengths[p]!;
      arrive[p] = before < 0
        ? -1e9
        : best[before * kinds + p]! + bonus[eventAt[before]! * kinds + p]!;
      if (arrive[p]! > top) top = arrive[p]!, topAt = p;
    }
    const fresh = t < FIRST ? 0 : -1e9;
    for (let q = 0; q < kinds; q++) {
      let value = top - beatCosts.jump, source = topAt;
      const price = cost[q]!, end = Math.min(kinds, q + NEAR + 1);
      for (let p = Math.max(0, q - NEAR); p < end; p++) {
        const v = arrive[p]! - price[p]!;
        if (v > value) value = v, source = p;
      }
      if (fresh > value) value = fresh, source = -1;
      best[t * kinds + q] = value + gain[t]!;
      back[t * kinds + q] = source;
    }
  }
  let end = Math.max(0, size - 250), kind = 0;
  for (let t = end; t < size; t++) {
    for (let p = 0; p < kinds; p++) {
      if (best[t * kinds + p]! > best[end * kinds + kind]!) end = t, kind = p;
    }
  }
  const score = best[end * kinds + kind]!, steps: number[] = [];
  for (let t = end, q = kind; q >= 0;) {
    steps.push(t);
    q = back[t * kinds + q]!;
    if (q >= 0) t -= lengths[q]!;
  }
  steps.reverse();
  const events = steps.map((t) => {
    let i = eventAt[t]!;
    if (i + 1 < count && Math.abs(at[i + 1]! - t) < Math.abs(at[i]! - t)) i++;
    return Math.abs(at[i]! - t) <= WINDOW + 1 ? i : -1;
  });
  return {
    times: steps.map((t, i) => events[i]! < 0 ? origin + t * STEP : time[events[i]!]!),
    events,
    score: score / steps.length,
  };
}

/** Log-likelihood ratio of each period after each event, from the network and the prior. */
function periodBonus(
  period: Float32Array,
  count: number,
): Float32Array {
  const kinds = LENGTHS.length, bonus = new Float32Array(count * kinds);
  for (let i = 0; i < count; i++) {
    for (let p = 0; p < kinds; p++) {
      bonus[i * kinds + p] = bonusOf(period, i, LENGTHS[p]! * STEP);
    }
  }
  return bonus;
}

/** Log-likelihood ratio of a period in seconds after an event, from the network and the prior. */
function bonusOf(period: Float32Array, event: number, seconds: number): number {
  const names = PERIODS.length, place = Math.log2(seconds / PERIODS[0]!) * 8;
  const low = Math.min(names - 2, Math.max(0, Math.floor(place)));
  const part = Math.min(1, Math.max(0, place - low)), at = event * names + low;
  const said = period[at]! * (1 - part) + period[at + 1]! * part;
  let top = -Infinity;
  for (let k = 0; k < names; k++) top = Math.max(top, period[event * names + k]!);
  return beatCosts.period *
    (Math.max(-8, said - top) - beatCosts.prior * Math.log2(seconds / beatCosts.center) ** 2);
}
