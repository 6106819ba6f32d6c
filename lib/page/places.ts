/** A note as performed. */
export interface PlayedNote {
  /** MIDI key number, 0 to 127. */
  readonly pitch: number;
  /** Onset and release in seconds. */
  readonly start: number;
  readonly end: number;
  /** Velocity, 1 to 127. */
  readonly velocity: number;
}

/**
 * Standard deviation of onsets around their step, in seconds, and the largest penalty of one, in
 * nats.
 */
export const SIGMA = 0.03;
const WORST = 5;

/** Seconds between onsets within which they form one chord. */
const CHORD = 0.035;

/** ln of the probability that two onsets have the same position. */
const SAME_PLACE = -4;

/** Sixteenths after which beats of a quarter and of three eighths begin together. */
export const PERIOD = 12;

/** Onset times of chords and single notes, in order. */
export function momentsOf(notes: readonly PlayedNote[]): number[] {
  const starts = notes.map(({ start }) => start).sort((a, b) => a - b);
  const groups: number[][] = [];
  for (const start of starts) {
    const group = groups.at(-1);
    if (group && start - group[0]! <= CHORD) group.push(start);
    else groups.push([start]);
  }
  return groups.map((group) => group.reduce((a, b) => a + b) / group.length);
}

/** Largest relative difference between the slope and the tempo tried. */
const NEAR_SLOPE = 0.03;

/** Share of an onset's deviation that is taken for the pulse's, while positions are counted. */
const FOLLOWED = 0.4;

/**
 * Least-squares line through the onset times at their positions, where its slope is near the given
 * one. Positions are counted from onset to onset by a pulse that follows them: those of a long
 * phrase could not be told from its first onset and a tempo that is 1 % off.
 */
export function align(
  moments: readonly number[],
  from: number,
  place: number,
): { from: number; place: number } {
  if (moments.length < 4) return { from, place };
  let n = 0, sumK = 0, sumT = 0, sumKK = 0, sumKT = 0, k = 0, expected = from;
  for (const time of moments) {
    const by = Math.round((time - expected) / place);
    k += by;
    expected += by * place;
    expected += FOLLOWED * (time - expected);
    n++;
    sumK += k;
    sumT += time;
    sumKK += k * k;
    sumKT += k * time;
  }
  const spread = sumKK - sumK * sumK / n;
  if (spread <= 0) return { from, place };
  const fitted = (sumKT - sumK * sumT / n) / spread;
  if (Math.abs(fitted / place - 1) > NEAR_SLOPE) return { from, place };
  return { from: (sumT - fitted * sumK) / n, place: fitted };
}

/** Positions of onsets among the sixteenths from a given time on. */
export interface Places {
  /** ln of the likelihood of their deviations, and of onsets that share a position. */
  readonly fit: number;
  /** Numbers of sixteenths with an onset, and of those without between them, modulo the period. */
  readonly onsets: Float64Array;
  readonly rests: Float64Array;
}

/**
 * Assigns onsets to the nearest sixteenths.
 * @param from time of a sixteenth in seconds
 * @param place length of a sixteenth in seconds
 */
export function placesOf(moments: readonly number[], from: number, place: number): Places {
  const onsets = new Float64Array(PERIOD), rests = new Float64Array(PERIOD);
  let fit = 0, last: number | undefined;
  for (const time of moments) {
    const at = Math.round((time - from) / place);
    const off = (time - from - at * place) / SIGMA;
    fit += Math.max(-WORST, -0.5 * off * off) - Math.log(SIGMA);
    for (let k = last === undefined ? at : last + 1; k < at; k++) rests[modulo(k)]!++;
    if (last === undefined || at > last) onsets[modulo(at)]!++;
    else fit += SAME_PLACE;
    last = Math.max(last ?? at, at);
  }
  return { fit, onsets, rests };
}

function modulo(place: number): number {
  return (place % PERIOD + PERIOD) % PERIOD;
}
