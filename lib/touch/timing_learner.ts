import { SURE } from "../beats/follow.ts";
import { isTyped } from "../midi/typed.ts";
import { deviation, median } from "../numbers.ts";
import { countBefore } from "../search.ts";
import type { Grid } from "../tokens/piece.ts";
import type { Tokenized } from "../tokens/tokenize.ts";
import { type Beat, BEAT_FEATURES } from "./beats.ts";
import { featuresOf } from "./features.ts";
import { wasPlayed } from "./learn.ts";
import { MOST_NOTES, named, PieceRegression, PRIOR_STRENGTH, priorOf } from "./regression.ts";
import {
  FURTHEST,
  NOTE_FEATURES,
  type TimingStyle,
  type TimingTable,
  timingTable,
} from "./timing.ts";

/** A performance on the grid, with the times of its notes, steps and pedal. */
export type TimedPiece = Pick<
  Tokenized,
  "played" | "metres" | "stepSeconds" | "pedal" | "beats"
>;

/** Timing of a performance. Values are NaN where they are unknown. */
export interface PlayedTiming {
  /** Logarithm of each beat's period relative to the piece's median. */
  readonly periods: Float64Array;
  /** Displacement of each onset from its step, in seconds. */
  readonly displacements: Float64Array;
  /** Logarithm of each note's played length, to the release of its key, over its written one. */
  readonly lengths: Float64Array;
  /** The same as far as touch may change a length: by {@linkcode FURTHEST} steps. */
  readonly boundedLengths: Float64Array;
  /** Share of each beat during which the pedal is down. */
  readonly pedal: Float64Array;
}

/** Most beats counted per piece. */
const MOST_BEATS = 400;

/** Relative difference in error that is negligible: pieces with few beats cannot resolve less. */
const NEARLY = 0.05;

/**
 * Largest deviations that are learned from: of periods as logarithms, of onsets in seconds, of
 * lengths as logarithms. What lies beyond is a pause, an arpeggio or an error.
 */
const MOST_PERIOD = 1.1, MOST_DISPLACEMENT = 0.1, MOST_LENGTH = 2.5;

/** Limits to which deviations of periods and onsets are clipped. */
const USUAL_PERIOD = 0.4, USUAL_DISPLACEMENT = 0.03;

/** Standard deviation of beat periods in a performance, and its part that cannot be learned. */
const USUAL_DEVIATION = 0.2, NOISE = 0.05;

/** Least change of tempo from one beat to the next, and share of the beats, of a played tempo. */
const LEAST_CHANGE = 0.002, LEAST_CHANGING = 0.5;

/** Fewest pieces from which pedal is learned: with fewer, it is predicted worse than by the rules. */
export const LEAST_PEDALLED = 25;

const NOTES = { most: MOST_NOTES } as const;
const BEATS = { most: MOST_BEATS, nearly: NEARLY } as const;

/**
 * Timing of a performance relative to its grid. Periods of beats and pedal are known where the
 * piece has a played tempo and a pedal.
 */
export function playedTiming(
  { played, stepSeconds, pedal }: Omit<TimedPiece, "metres" | "beats">,
  beats: readonly Beat[],
): PlayedTiming {
  const at = (step: number) => stepSeconds[Math.min(step, stepSeconds.length - 1)]!;
  const within = (value: number, most: number) => Math.abs(value) < most ? value : NaN;
  const logs = beats.map(({ start, end }) => Math.log((at(end) - at(start)) / (end - start)));
  const usual = median(logs.filter(Number.isFinite)) ?? 0;
  const isDown = pedalDown(pedal);
  const lengths = Float64Array.from(
    played,
    ({ start, end, seconds, endSeconds }) =>
      isDown(endSeconds, endSeconds) > 0 ? NaN : within(
        Math.log((endSeconds - seconds) / (at(end) - at(start))),
        MOST_LENGTH,
      ),
  );
  return {
    lengths,
    boundedLengths: lengths.map((length, i) => {
      const share = FURTHEST / (played[i]!.end - played[i]!.start);
      return Math.max(Math.log(1 - share), Math.min(Math.log(1 + share), length));
    }),
    periods: Float64Array.from(logs, (log) => within(log - usual, MOST_PERIOD)),
    displacements: Float64Array.from(
      played,
      ({ start, seconds }) => within(seconds - at(start), MOST_DISPLACEMENT),
    ),
    pedal: Float64Array.from(
      beats,
      ({ start, end }) => pedal.length > 0 ? isDown(at(start), at(end)) : NaN,
    ),
  };
}

/** Share of a time span during which the pedal is down; of an instant, 0 or 1. */
function pedalDown(pedal: TimedPiece["pedal"]): (from: number, to: number) => number {
  const before: number[] = []; // seconds down before each change
  pedal.forEach(({ seconds }, i) => {
    const last = pedal[i - 1];
    before.push((before.at(-1) ?? 0) + (last?.down ? seconds - last.seconds : 0));
  });
  const until = (at: number) => {
    const i = countBefore(pedal.length, (change) => pedal[change]!.seconds <= at) - 1;
    const last = pedal[i], isDown = last?.down ?? false;
    return { isDown, seconds: (before[i] ?? 0) + (isDown ? at - last!.seconds : 0) };
  };
  return (from, to) =>
    from === to
      ? Number(until(from).isDown)
      : (until(to).seconds - until(from).seconds) / (to - from);
}

/** Whether a piece has its player's timing: its beats were found surely, or notes leave the grid. */
export function hasTiming({ played, stepSeconds, beats }: TimedPiece, grid: Grid): boolean {
  if (grid.unit !== "beat" || !wasPlayed(played)) return false;
  if (beats.found) return beats.found.sureness >= SURE;
  if (beats.verdict !== "grid") return false;
  const onsets = played.map(({ start, seconds }) => {
    const from = stepSeconds[start]!, step = stepSeconds[start + 1]! - from;
    return (start + (seconds - from) / step) / grid.steps;
  }).sort((a, b) => a - b);
  return !isTyped(onsets, Infinity);
}

/** Whether the tempo changes with most beats: found, or played, not set for a click. */
function hasPlayedTempo(periods: Float64Array): boolean {
  const changes = periods.slice(1).filter((period, i) =>
    Math.abs(period - periods[i]!) > LEAST_CHANGE
  );
  return changes.length >= LEAST_CHANGING * (periods.length - 1);
}

/**
 * Learns tempo, onsets, articulation and pedal from performances whose beats are known: ridge
 * regression on {@linkcode BEAT_FEATURES} and {@linkcode NOTE_FEATURES}, with the rules at half
 * strength as prior. Files played to a click teach no tempo, files without pedal no pedal.
 */
export class TimingLearner {
  readonly #tempo = new PieceRegression({
    ...{ ...BEATS, isRelative: true },
    prior: priorOf(BEAT_FEATURES, { tempoRule: PRIOR_STRENGTH }),
  });
  readonly #onset = new PieceRegression({
    ...{ ...NOTES, isRelative: true },
    prior: priorOf(NOTE_FEATURES, { onsetRule: PRIOR_STRENGTH }),
  });
  readonly #end = new PieceRegression({
    ...{ ...NOTES, isRelative: false },
    prior: priorOf(NOTE_FEATURES, { endRule: PRIOR_STRENGTH }),
  });
  /** Regression of pedal shares; its prior, the rules at half strength, is 1/4 or 3/4. */
  readonly #pedal = new PieceRegression({
    ...{ ...BEATS, isRelative: false },
    prior: priorOf(BEAT_FEATURES, { pedalRule: PRIOR_STRENGTH, level: (1 - PRIOR_STRENGTH) / 2 }),
  });

  /** Adds a piece, if it has its player's timing. @param features of its notes */
  add(
    piece: TimedPiece,
    grid: Grid,
    features = featuresOf(piece.played, piece.metres, grid),
  ): void {
    if (!hasTiming(piece, grid)) return;
    const table = timingTable(piece.played, features);
    this.addPlayed(table, playedTiming(piece, table.beats));
  }

  /** Adds the timing of a performance. */
  addPlayed(table: TimingTable, timing: PlayedTiming): void {
    const { notes, beatRows } = table;
    const bounded = (values: Float64Array, most: number) => {
      const middle = median([...values].filter((value) => !Number.isNaN(value))) ?? 0;
      return values.map((value) => Math.max(-most, Math.min(most, value - middle)));
    };
    if (hasPlayedTempo(timing.periods)) {
      const targets = bounded(timing.periods, USUAL_PERIOD);
      const spread = deviation([...targets].filter((period) => !Number.isNaN(period)), 0);
      const weight = (USUAL_DEVIATION / (spread + NOISE)) ** 2; // the free outweigh no others
      this.#tempo.add({ rows: beatRows, targets, weight });
    }
    const targets = bounded(timing.displacements, USUAL_DISPLACEMENT);
    this.#onset.add({ rows: notes, targets });
    this.#end.add({ rows: notes, targets: timing.boundedLengths });
    this.#pedal.add({ rows: beatRows, targets: timing.pedal });
  }

  /** Returns what was learned: nothing where no piece has its player's timing. */
  finish(): TimingStyle {
    const learned = (
      part: keyof TimingStyle,
      names: readonly string[],
      from: PieceRegression,
    ): TimingStyle => {
      const weights = from.finish();
      return weights ? { [part]: { weights: named(names, weights, 6), pieces: from.pieces } } : {};
    };
    return {
      ...learned("tempo", BEAT_FEATURES, this.#tempo),
      ...learned("onset", NOTE_FEATURES, this.#onset),
      ...learned("end", NOTE_FEATURES, this.#end),
      ...(this.#pedal.pieces < LEAST_PEDALLED ? {} : learned("pedal", BEAT_FEATURES, this.#pedal)),
    };
  }
}
