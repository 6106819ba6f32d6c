import { logAt, PERIODS, type Salience } from "./salience.ts";

/** Result of a beat search. */
interface FoundBeats {
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
const beatCosts = {
  /** Weights of the network's period and of the prior, the latter per squared octave. */
  period: 0.35,
  prior: 1,
  /** Mean of the prior: the likeliest beat period in seconds. */
  center: 0.5,
  /** Costs of a beat without an event, and of a jump. */
  silent: 3,
  jump: 9,
  /** Offset added to the log odds of beats: larger values give faster beats. */
  offset: 1.3,
};

/**
 * Costs of a changed period per squared logarithm of the ratio, from free playing to steady; the
 * likeliest is kept.
 */
const CHANGE_COSTS = [15, 60, 240] as const;

/** Cost of a changed period whose paths score as they are. */
const USUAL_COST = 60;

/**
 * Weight of the norm of the normal distribution that a cost of change stands for; less than one, since
 * neighbouring beats are no independent observations.
 */
const NORM = 0.5;

/** Steps kept of the search: a power of two above the longest period. */
const RING = 2 ** Math.ceil(Math.log2(Math.max(...LENGTHS) + 1));

/** Steps from the end within which the last beat lies. */
const LAST = 250;

/** Latest step of the first beat. */
const FIRST = 3 / STEP;

/**
 * Prepares the search for the beats of some events.
 * @param time of the events, in seconds; at least two
 * @returns a function that finds the likeliest beats among those whose periods lie within bounds, in
 * seconds
 */
export function beatSearch(
  time: Float64Array,
  { beat, period }: Salience,
): (least?: number, most?: number) => FoundBeats {
  const count = time.length, origin = time[0]! - 0.3;
  const size = Math.trunc((time[count - 1]! - origin) / STEP) + 30;
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
  return (least = 0, most = Infinity) => {
    const from = LENGTHS.findIndex((length) => length * STEP >= least);
    const kinds =
      LENGTHS.filter((length) => length * STEP >= least && length * STEP <= most).length;
    const paths = CHANGE_COSTS.map((change) => {
      const { steps, score } = bestPath(gain, eventAt, bonus, from, kinds, change);
      return { steps, score: score / steps.length + NORM / 2 * Math.log(change / USUAL_COST) };
    });
    const total = ({ steps, score }: typeof paths[number]) => steps.length * score;
    const { steps, score } = paths.reduce((a, b) => total(b) > total(a) ? b : a);
    const events = steps.map((t) => {
      let i = eventAt[t]!;
      if (i + 1 < count && Math.abs(at[i + 1]! - t) < Math.abs(at[i]! - t)) i++;
      return Math.abs(at[i]! - t) <= WINDOW + 1 ? i : -1;
    });
    return {
      times: steps.map((t, i) => events[i]! < 0 ? origin + t * STEP : time[events[i]!]!),
      events,
      score,
    };
  };
}

/**
 * Finds the path of greatest sum by dynamic programming over the time of a beat and the steps to the
 * next (Krebs, Böck and Widmer 2015 search the same space with frames instead of beats).
 * @param gain of a beat at each step
 * @param eventAt the last event at each step
 * @param bonus of each period after each event
 * @param from first place in `LENGTHS`, of `kinds` neighbouring ones
 * @param change cost of a changed period, per squared logarithm of the ratio
 */
function bestPath(
  gain: Float32Array,
  eventAt: Int32Array,
  bonus: Float32Array,
  from: number,
  kinds: number,
  change: number,
): { steps: number[]; score: number } {
  const size = gain.length, lengths = Int32Array.from(LENGTHS.slice(from, from + kinds));
  const cost = Array.from(
    lengths,
    (a) => Float32Array.from(lengths, (b) => change * Math.log(a / b) ** 2),
  );
  // the ring of each period apart, so that neighbouring steps lie side by side
  const back = new Int8Array(size * kinds), onward = new Float32Array(kinds * RING).fill(-1e9);
  const arrive = new Float32Array(kinds), values = new Float64Array(kinds);
  const sources = new Int8Array(kinds), first = Math.max(0, size - LAST);
  let end = first, kind = 0, score = -Infinity;
  for (let t = 0; t < size; t++) {
    let top = -1e9, topAt = 0;
    for (let p = 0; p < kinds; p++) {
      const value = onward[p * RING + ((t - lengths[p]!) & (RING - 1))]!;
      arrive[p] = value;
      if (value > top) top = value, topAt = p;
    }
    const jumped = top - beatCosts.jump;
    values.fill(jumped), sources.fill(topAt);
    for (let p = 0; p < kinds; p++) {
      const value = arrive[p]!;
      if (value <= jumped) continue; // whatever the change, a jump from the top is better
      const price = cost[p]!, last = Math.min(kinds, p + NEAR + 1);
      for (let q = Math.max(0, p - NEAR); q < last; q++) {
        const changed = value - price[q]!;
        if (changed > values[q]!) values[q] = changed, sources[q] = p;
      }
    }
    const fresh = t < FIRST ? 0 : -1e9, bonusAt = eventAt[t]! * LENGTHS.length + from;
    const place = t & (RING - 1), gained = gain[t]!;
    for (let q = 0; q < kinds; q++) {
      const isFirst = fresh > values[q]!;
      const best = Math.fround((isFirst ? fresh : values[q]!) + gained);
      back[t * kinds + q] = isFirst ? -1 : sources[q]!;
      onward[q * RING + place] = best + bonus[bonusAt + q]!;
      if (t >= first && best > score) score = best, end = t, kind = q;
    }
  }
  const steps: number[] = [];
  for (let t = end, q = kind; q >= 0;) {
    steps.push(t);
    q = back[t * kinds + q]!;
    if (q >= 0) t -= lengths[q]!;
  }
  return { steps: steps.reverse(), score };
}

/** Log-likelihood ratio of each period after each event, from the network and the prior. */
function periodBonus(period: Float32Array, count: number): Float32Array {
  const kinds = LENGTHS.length, names = PERIODS.length, bonus = new Float32Array(count * kinds);
  const prior = LENGTHS.map((length) =>
    beatCosts.prior * Math.log2(length * STEP / beatCosts.center) ** 2
  );
  for (let i = 0; i < count; i++) {
    let top = -Infinity;
    for (let k = 0; k < names; k++) top = Math.max(top, period[i * names + k]!);
    for (let p = 0; p < kinds; p++) {
      const said = logAt(period, i, LENGTHS[p]! * STEP);
      bonus[i * kinds + p] = beatCosts.period * (Math.max(-8, said - top) - prior[p]!);
    }
  }
  return bonus;
}
