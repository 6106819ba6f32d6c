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

/** Prior distribution of a tempo. */
export interface TempoPrior {
  /** Quarter notes per minute. */
  readonly beatsPerMinute: number;
  /** Standard deviation of its natural logarithm. */
  readonly spread: number;
}

/** Range of tempos tried, in quarter notes per minute, and the factor from one to the next. */
const SLOWEST = 40, FASTEST = 240, FACTOR = 1.012;

/**
 * Standard deviation of onsets around their step, in seconds, and the largest penalty of one, in
 * nats.
 */
const SIGMA = 0.03, WORST = 5;

/** Seconds between onsets within which they form one chord. */
const CHORD = 0.035;

/** Kinds of rhythm in a beat of some quarter notes. */
interface Rhythm {
  readonly quarters: 1 | 1.5;
  /** Probability of an onset at each sixteenth of a beat. */
  readonly chances: readonly number[];
  /** Share of phrases. */
  readonly share: number;
}

/**
 * Kinds of rhythm: quarters, eighths, sixteenths, mixed, and dotted ones; eighths, sixteenths and
 * quarters of 6/8. Components of a Bernoulli mixture fitted to phrases of scores (expectation
 * maximisation).
 */
const RHYTHMS: readonly Rhythm[] = [
  { quarters: 1, share: 0.22, chances: [0.82, 0.02, 0.23, 0.05] },
  { quarters: 1, share: 0.18, chances: [0.97, 0.01, 0.91, 0.04] },
  { quarters: 1, share: 0.18, chances: [0.96, 0.95, 0.97, 0.97] },
  { quarters: 1, share: 0.16, chances: [0.95, 0.39, 0.86, 0.48] },
  { quarters: 1, share: 0.05, chances: [0.96, 0.88, 0.05, 0.87] },
  { quarters: 1.5, share: 0.07, chances: [0.97, 0.12, 0.97, 0.04, 0.9, 0.12] },
  { quarters: 1.5, share: 0.09, chances: [0.97, 0.89, 0.95, 0.89, 0.95, 0.89] },
  { quarters: 1.5, share: 0.04, chances: [0.96, 0.05, 0.2, 0.09, 0.78, 0.04] },
];

/**
 * Weight of the rhythm against the tempo prior: onsets are not independent of each other. Fitted
 * with the weights of `pulse.ts` as a conditional logit model of the right tempo.
 */
const RHYTHM_WEIGHT = 0.11;

/** ln of the probability that a phrase begins within its first beat rather than on it. */
const OFF_BEAT = -2.5;

/** ln of the probability that two onsets have the same position. */
const SAME_PLACE = -4;

/** Most pulses considered, and the difference in ln tempo within which two are the same. */
const MOST_PULSES = 8, SAME_TEMPO = 0.03;

/** Tempo ratios at which a wrong pulse would still seem to fit. */
const RELATED = [1 / 2, 2 / 3, 3 / 4, 4 / 3, 3 / 2, 2];

/** A candidate pulse, with the ln of its probability given its rhythm, up to a constant. */
export interface ScoredPulse {
  readonly step: number;
  readonly origin: number;
  /** Quarter notes in a beat. */
  readonly quartersPerBeat: 1 | 1.5;
  readonly score: number;
}

/**
 * Candidate pulses of a performance, likeliest first: by the distances of the onsets from the
 * steps, and the likelihood of the steps with onsets within the beat. No two of them have about the
 * same tempo; those at half, twice and other such ratios of the likeliest are among them.
 * @param notes in any order, at least one
 */
export function pulsesOf(
  notes: readonly PlayedNote[],
  prior: TempoPrior,
  stepsPerQuarter: number,
): ScoredPulse[] {
  const { bestAt } = searchOf(notes, prior, stepsPerQuarter), apart: ScoredPulse[] = [];
  const add = (one: ScoredPulse) => {
    const isNew = apart.every(({ step }) => Math.abs(Math.log(step / one.step)) > SAME_TEMPO);
    if (isNew) apart.push(one);
  };
  const found: ScoredPulse[] = [];
  for (let bpm = SLOWEST; bpm <= FASTEST; bpm *= FACTOR) found.push(bestAt(bpm));
  found.sort((a, b) => b.score - a.score);
  const [best] = found;
  add(best!);
  for (const one of found) if (apart.length < MOST_PULSES / 2) add(one);
  for (const ratio of RELATED) {
    const bpm = 60 / (best!.step * stepsPerQuarter) * ratio;
    if (bpm < SLOWEST || bpm > FASTEST) continue;
    const near = [-1, 0, 1].map((by) => bestAt(bpm * FACTOR ** (by / 2)));
    add(near.reduce((a, b) => b.score > a.score ? b : a));
  }
  return apart.sort((a, b) => b.score - a.score).slice(0, MOST_PULSES);
}

/** Tempos tried around a known one, as powers of {@linkcode FACTOR}. */
const NEAR = [-4, -3, -2, -1, 0, 1, 2, 3, 4] as const;

/**
 * The pulse of a performance whose tempo is nearly known.
 * @param bpm quarter notes per minute
 */
export function pulseNear(
  notes: readonly PlayedNote[],
  bpm: number,
  { quartersPerBeat, stepsPerQuarter }: Pick<ScoredPulse, "quartersPerBeat"> & {
    readonly stepsPerQuarter: number;
  },
): ScoredPulse {
  const prior = { beatsPerMinute: bpm, spread: Infinity };
  const { bestAt } = searchOf(notes, prior, stepsPerQuarter, quartersPerBeat);
  return NEAR.map((power) => bestAt(bpm * FACTOR ** power))
    .reduce((a, b) => b.score > a.score ? b : a);
}

/** Search for pulses at given tempos; undefined `quartersPerBeat`: with any beat. */
function searchOf(
  notes: readonly PlayedNote[],
  prior: TempoPrior,
  stepsPerQuarter: number,
  quartersPerBeat?: ScoredPulse["quartersPerBeat"],
): { bestAt(bpm: number): ScoredPulse } {
  const moments = momentsOf(notes);
  const rhythms = RHYTHMS.filter(({ quarters }) =>
    quartersPerBeat === undefined || quarters === quartersPerBeat
  );
  return { bestAt };

  function bestAt(bpm: number): ScoredPulse {
    let best: ScoredPulse | undefined;
    const usual = -0.5 * (Math.log(bpm / prior.beatsPerMinute) / prior.spread) ** 2;
    for (const { quarters, chances, share } of rhythms) {
      const length = quarters / chances.length, place = 60 / bpm * length;
      for (let first = 0; first < chances.length; first++) {
        for (let shift = -1; shift <= 1; shift++) {
          const from = moments[0]! + shift * SIGMA / 2 - first * place;
          const aligned = align(moments, from, place);
          const rhythm = Math.log(share) + (first === 0 ? 0 : OFF_BEAT) +
            fit(moments, aligned.from, aligned.place, chances);
          const score = usual + RHYTHM_WEIGHT * rhythm;
          if (best && score <= best.score) continue;
          const step = aligned.place / length / stepsPerQuarter;
          best = { step, origin: aligned.from, quartersPerBeat: quarters, score };
        }
      }
    }
    return best!;
  }
}

/** Onset times of chords and single notes, in order. */
function momentsOf(notes: readonly PlayedNote[]): number[] {
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
function align(
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

/**
 * ln of the likelihood of the onset times, given their positions and the onset likelihoods in a
 * beat.
 */
function fit(
  moments: readonly number[],
  from: number,
  place: number,
  chances: readonly number[],
): number {
  const perBeat = chances.length;
  let score = 0, last = -1;
  for (const [index, time] of moments.entries()) {
    const at = Math.round((time - from) / place);
    const off = (time - from - at * place) / SIGMA;
    score += Math.max(-WORST, -0.5 * off * off) - Math.log(SIGMA);
    const begin = index === 0 ? at : last + 1;
    for (let k = begin; k < at; k++) {
      score += Math.log(1 - chances[(k % perBeat + perBeat) % perBeat]!);
    }
    if (at > last || index === 0) score += Math.log(chances[(at % perBeat + perBeat) % perBeat]!);
    else score += SAME_PLACE;
    last = Math.max(last, at);
  }
  return score;
}
