import { align, momentsOf, PERIOD, placesOf, SIGMA } from "./places.ts";
import type { PlayedNote } from "../midi/music.ts";

/** Prior distribution of a tempo. */
export interface TempoPrior {
  /** Quarter notes per minute; beats of the metre if they were tapped, dotted quarters in 6/8. */
  readonly beatsPerMinute: number;
  readonly isTapped?: boolean;
  /** Standard deviation of its natural logarithm. */
  readonly spread: number;
}

/**
 * Range of tempos tried, in quarter notes per minute, and the factor from one to the next. The range
 * is wider where the prior's, so many standard deviations to each side, goes beyond it.
 */
const SLOWEST = 40, FASTEST = 240, FACTOR = 1.012, DEVIATIONS = 3;

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

/** Sixteenths in a quarter note. */
const SIXTEENTHS = 4;

/** The kinds of rhythm with ln of their probabilities: of an onset, and of none. */
const LN_RHYTHMS = RHYTHMS.map(({ quarters, share, chances }) => ({
  quarters,
  share: Math.log(share),
  onset: chances.map((chance) => Math.log(chance)),
  rest: chances.map((chance) => Math.log(1 - chance)),
}));

/**
 * Weight of the rhythm against the tempo prior: onsets are not independent of each other. Fitted
 * with the weights of `pulse.ts` as a conditional logit model of the right tempo.
 */
const RHYTHM_WEIGHT = 0.11;

/** ln of the probability that a phrase begins within its first beat rather than on it. */
const OFF_BEAT = -2.5;

/** Most pulses considered, and the difference in ln tempo within which two are the same. */
const MOST_PULSES = 8, SAME_TEMPO = 0.03;

/** Tempo ratios at which a wrong pulse would still seem to fit. */
const RELATED = [1 / 2, 2 / 3, 3 / 4, 4 / 3, 3 / 2, 2];

/** A candidate pulse, with the ln of its probability given its rhythm, up to a constant. */
interface ScoredPulse {
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
  quartersPerBeat?: ScoredPulse["quartersPerBeat"],
): ScoredPulse[] {
  const { bestAt } = searchOf(notes, prior, stepsPerQuarter, quartersPerBeat);
  const apart: ScoredPulse[] = [];
  const add = (one: ScoredPulse) => {
    const isNew = apart.every(({ step }) => Math.abs(Math.log(step / one.step)) > SAME_TEMPO);
    if (isNew) apart.push(one);
  };
  const { beatsPerMinute, spread } = prior, far = Math.exp(DEVIATIONS * spread);
  const slowest = Math.min(SLOWEST, beatsPerMinute / far);
  const fastest = Math.max(FASTEST, beatsPerMinute * far);
  const found: ScoredPulse[] = [];
  for (let bpm = slowest; bpm <= fastest; bpm *= FACTOR) found.push(bestAt(bpm));
  found.sort((a, b) => b.score - a.score);
  const [best] = found;
  add(best!);
  for (const one of found) if (apart.length < MOST_PULSES / 2) add(one);
  for (const ratio of RELATED) {
    const bpm = 60 / (best!.step * stepsPerQuarter) * ratio;
    if (bpm < slowest || bpm > fastest) continue;
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
  const rhythms = LN_RHYTHMS.filter(({ quarters }) =>
    quartersPerBeat === undefined || quarters === quartersPerBeat
  );
  return { bestAt };

  function bestAt(bpm: number): ScoredPulse {
    let best: ScoredPulse | undefined;
    const usual = (quarters: number) =>
      -0.5 * (Math.log(bpm / quarters / prior.beatsPerMinute) / prior.spread) ** 2;
    const usuals = { 1: usual(1), 1.5: usual(prior.isTapped ? 1.5 : 1) } as const;
    for (let shift = -1; shift <= 1; shift++) {
      const start = moments[0]! + shift * SIGMA / 2;
      const { from, place } = align(moments, start, 60 / bpm / SIXTEENTHS);
      const { fit, onsets, rests } = placesOf(moments, from, place);
      for (const { quarters, share, onset, rest } of rhythms) {
        const perBeat = onset.length;
        for (let first = 0; first < perBeat; first++) {
          let rhythm = share + (first === 0 ? 0 : OFF_BEAT) + fit;
          for (let at = 0; at < PERIOD; at++) {
            const inBeat = (at + first) % perBeat;
            rhythm += onsets[at]! * onset[inBeat]! + rests[at]! * rest[inBeat]!;
          }
          const score = usuals[quarters] + RHYTHM_WEIGHT * rhythm;
          if (best && score <= best.score) continue;
          const step = place * SIXTEENTHS / stepsPerQuarter, origin = from - first * place;
          best = { step, origin, quartersPerBeat: quarters, score };
        }
      }
    }
    return best!;
  }
}
