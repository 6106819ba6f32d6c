import type { ByPitch } from "../model/model.ts";
import { sum } from "../numbers.ts";
import type { Frame } from "../tokens/frame.ts";
import { encodeFrames, type GridNote } from "../tokens/grid.ts";
import type { Grid } from "../tokens/piece.ts";

/** A note as a person played it. */
export interface PlayedNote {
  /** MIDI key number, 0 to 127. */
  readonly pitch: number;
  /** When it was struck and let go, in seconds. */
  readonly start: number;
  readonly end: number;
  /** 1 to 127. */
  readonly velocity: number;
}

/** Where the steps and bar lines of some playing lie. */
export interface Pulse {
  /** Seconds of a step of the grid. */
  readonly step: number;
  /** When its first bar begins, in seconds. */
  readonly origin: number;
  /** Steps in a bar, and in a beat: three eighths in 6/8. */
  readonly stepsPerBar: number;
  readonly stepsPerBeat: number;
  /** Steps in a quarter note. */
  readonly stepsPerQuarter: number;
}

/** What is known of a tempo before anything is played. */
export interface TempoPrior {
  /** Quarter notes per minute. */
  readonly beatsPerMinute: number;
  /** Standard deviation of its natural logarithm. */
  readonly spread: number;
}

/** Quarter notes per minute that are tried, and the factor from one to the next. */
const SLOWEST = 40, FASTEST = 240, FACTOR = 1.012;

/** Standard deviation of onsets round their step, in seconds, and the worst that one counts, in nats. */
const SIGMA = 0.03, WORST = 5;

/** Onsets so close together, in seconds, are one chord. */
const CHORD = 0.035;

/** How a beat is divided: its length in quarter notes, and how likely a note begins at each place. */
const DIVISIONS = [
  { quarters: 1, chances: [0.78, 0.12, 0.42, 0.12], prior: 0 },
  { quarters: 1.5, chances: [0.85, 0.06, 0.5, 0.1, 0.62, 0.06], prior: -1 },
] as const;

/** ln of the chance that a phrase begins within its first beat rather than on it. */
const OFF_BEAT = -2.5;

/** ln of the chance that two moments are meant to be one. */
const SAME_PLACE = -4;

/** Pulses that are told apart, and how near ln of two tempos are that are one. */
const MOST_PULSES = 8, SAME_TEMPO = 0.03;

/** How a pulse that is out by so much would still seem to fit. */
const RELATED = [1 / 2, 2 / 3, 3 / 4, 4 / 3, 3 / 2, 2];

/** A pulse that playing may have, and how well its rhythm suits it: ln of a likelihood, up to a constant. */
export interface ScoredPulse {
  readonly step: number;
  readonly origin: number;
  /** Quarter notes in a beat. */
  readonly quartersPerBeat: 1 | 1.5;
  readonly score: number;
}

/**
 * The pulses that playing may have, the likeliest first: how well the onsets lie on the steps, and how
 * well the steps on which notes begin suit the beat. No two of them are of about the same tempo; those
 * at half, twice and so on of the likeliest are among them.
 * @param notes in any order, at least one
 */
export function pulsesOf(
  notes: readonly PlayedNote[],
  prior: TempoPrior,
  stepsPerQuarter: number,
): ScoredPulse[] {
  const moments = momentsOf(notes), apart: ScoredPulse[] = [];
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

  function bestAt(bpm: number): ScoredPulse {
    let best: ScoredPulse | undefined;
    const usual = -0.5 * (Math.log(bpm / prior.beatsPerMinute) / prior.spread) ** 2;
    for (const { quarters, chances, prior } of DIVISIONS) {
      const length = quarters / chances.length, place = 60 / bpm * length;
      for (let first = 0; first < chances.length; first++) {
        for (let shift = -1; shift <= 1; shift++) {
          const from = moments[0]! + shift * SIGMA / 2 - first * place;
          const aligned = align(moments, from, place);
          const score = usual + prior + (first === 0 ? 0 : OFF_BEAT) +
            fit(moments, aligned.from, aligned.place, chances);
          if (best && score <= best.score) continue;
          const step = aligned.place / length / stepsPerQuarter;
          best = { step, origin: aligned.from, quartersPerBeat: quarters, score };
        }
      }
    }
    return best!;
  }
}

/** When chords and single notes are struck, in order. */
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

/** The line through the moments on their places (least squares), where it is near the given one. */
function align(
  moments: readonly number[],
  from: number,
  place: number,
): { from: number; place: number } {
  if (moments.length < 4) return { from, place };
  let n = 0, sumK = 0, sumT = 0, sumKK = 0, sumKT = 0;
  for (const time of moments) {
    const k = Math.round((time - from) / place);
    n++;
    sumK += k;
    sumT += time;
    sumKK += k * k;
    sumKT += k * time;
  }
  const spread = sumKK - sumK * sumK / n;
  if (spread <= 0) return { from, place };
  const fitted = (sumKT - sumK * sumT / n) / spread;
  if (Math.abs(fitted / place - 1) > 0.012) return { from, place };
  return { from: (sumT - fitted * sumK) / n, place: fitted };
}

/** ln of the likelihood of the moments, given the places and where in a beat notes begin. */
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

/** Quarter notes in the bars that are told apart. */
const BARS = [4, 3] as const;

/** What a frame more costs a model on the mean, in nats: without it, slow tempos would seem likelier. */
const COST_OF_FRAME = 0.2;

/** Frames from the beginning of a phrase that a model judges at most. */
const JUDGED_FRAMES = 64;

/** How much likelier a pulse must be than the next one for the model not to be asked, in nats. */
const CLEAR = 25;

/**
 * The pulse of some playing. Of those that suit its rhythm, the one in which a model finds the music
 * likeliest (its notes, and where in the bar they stand): half and double tempo differ in little else.
 * @param notes in any order, at least one
 * @param stepsPerBar where the metre is known
 */
export function pulseOf(
  notes: readonly PlayedNote[],
  prior: TempoPrior,
  model: ByPitch,
  grid: Grid,
  stepsPerBar?: number,
): Pulse {
  const pulses = pulsesOf(notes, prior, grid.steps);
  const bars = stepsPerBar === undefined
    ? BARS.map((quarters) => quarters * grid.steps)
    : [stepsPerBar];
  const likely = pulses.filter(({ score }) => score > pulses[0]!.score - CLEAR);
  const asked = likely.flatMap((pulse) => bars.map((stepsPerBar) => ({ ...pulse, stepsPerBar })));
  const weights = asked.length === 1 ? [0] : model.judge(
    asked.map((pulse) => {
      const frames = framesAt(notes, pulse, grid.attacks).slice(0, JUDGED_FRAMES);
      while (frames.length < 2) frames.push([]);
      return { name: "", frames, metres: [{ frame: 0, stepsPerBar: pulse.stepsPerBar, phase: 0 }] };
    }),
    1,
  ).map((nats, i) => asked[i]!.score + sum(nats) + COST_OF_FRAME * nats.length);
  const { step, origin, stepsPerBar: bar, quartersPerBeat } = asked[
    weights.indexOf(Math.max(...weights))
  ]!;
  const isThree = quartersPerBeat === 1.5 && bar === 3 * grid.steps;
  return {
    step,
    origin,
    stepsPerBar: bar,
    stepsPerBeat: (isThree ? 1.5 : 1) * grid.steps,
    stepsPerQuarter: grid.steps,
  };
}

/** The played notes on the steps of a pulse, from its origin on. */
export function framesAt(
  notes: readonly PlayedNote[],
  { step, origin }: Pick<Pulse, "step" | "origin">,
  attacks: boolean,
): Frame[] {
  const placed = notes.map(({ pitch, start, end }): GridNote => {
    const from = Math.max(0, Math.round((start - origin) / step));
    return { pitch, start: from, end: Math.max(from + 1, Math.round((end - origin) / step)) };
  });
  return encodeFrames(placed, attacks);
}
