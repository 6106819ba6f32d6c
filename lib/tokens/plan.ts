import { sum } from "../numbers.ts";
import type { Chord } from "./chord.ts";
import type { Key } from "./key.ts";
import type { Grid, Metre } from "./piece.ts";

/**
 * The plan of a bar: a description without its notes. Everything but the length may be left out;
 * the model is then free in that respect. (After the bar descriptions of FIGARO, von Rütte et al.
 * 2022, arXiv 2201.10936, and the self-similarity constraint of Lattner, Grachten and Widmer 2018,
 * arXiv 1612.04742.)
 */
export interface BarPlan {
  /** Number of frames, at least 1. */
  readonly frames: number;
  /** Steps from bar line to bar line in the metre; more than `frames` in an upbeat. */
  readonly steps: number;
  /** Time signature; where unspecified, {@linkcode usualSignature} of the length. */
  readonly signature?: readonly [numerator: number, denominator: number];
  /** The most similar earlier bar, or null where there is none. */
  readonly like?: {
    /** The earlier bar's index. */
    readonly bar: number;
    /** Similarity: share of notes in common, of those in either bar; above 0, at most 1. */
    readonly degree: number;
    /** Transposition of the earlier bar at which it is so similar, −12 to 12 semitones. */
    readonly transpose: number;
  } | null;
  /** Density: mean number of sounding notes, 0 or more. */
  readonly notes?: number;
  /** Density of low notes, below 55: up to F♯3 (C3 is 48). */
  readonly low?: number;
  /** Density of high notes, from C5 (72) on. */
  readonly high?: number;
  /** Register: mean pitch of the sounding notes, 0 to 127; null where nothing sounds. */
  readonly register?: number | null;
  /**
   * Pitch classes (0 is C) of each half bar that make up at least {@linkcode LEAST_SHARE} of it.
   */
  readonly classes?: readonly (readonly number[])[];
  /** Rhythm: number of onsets in each step. */
  readonly onsets?: readonly number[];
  /**
   * Upper pitch envelope: highest pitch per beat, to {@linkcode ENVELOPE_STEP} semitones; null:
   * silence.
   */
  readonly top?: readonly (number | null)[];
  /** Lower pitch envelope: lowest pitch per beat, rounded in the same way. */
  readonly bottom?: readonly (number | null)[];
  /**
   * Melodic contour: shares of the intervals between the highest notes that begin, from the one
   * before the bar on, 0 to 1; null where none begins. It is not a network input: of several
   * sampled bars, the one with the nearest contour is kept.
   */
  readonly line?: {
    /** Share of steps: intervals of one or two semitones. */
    readonly steps: number;
    /** Share of leaps: intervals beyond a fifth. */
    readonly leaps: number;
    /** Share of repeated pitches. */
    readonly repeats: number;
    /** Share of changes of direction, among intervals that go up or down. */
    readonly turns: number;
  } | null;
  /**
   * Chords by step, the first at step 0. Never measured bar by bar, as a chord is identified by its
   * context.
   */
  readonly chords?: readonly {
    /** Frame of the bar on which the chord begins. */
    readonly step: number;
    /** The chord; null leaves the harmony free. */
    readonly chord: Chord | null;
    /**
     * Whether it only describes a bar, as in plans of corpora. Otherwise it was asked for: sampled
     * notes are constrained by it, and bars are chosen by it.
     */
    readonly soft?: true;
  }[];
}

/** A chord of a plan with the step of its bar on which it begins. */
export type PlannedChord = NonNullable<BarPlan["chords"]>[number];

/** Similarity of a bar to an earlier one. */
export type Similarity = NonNullable<BarPlan["like"]>;

/** Melodic contour of a bar. */
export type Line = NonNullable<BarPlan["line"]>;

/** The plan of a piece: descriptions of successive bars, from the first frame on. */
export interface Plan {
  /** Bars, at least one. */
  readonly bars: readonly BarPlan[];
  /** Whether the last bar is the end of the piece. */
  readonly ends: boolean;
}

/** The plan of a piece, with its name, key and tempo. */
export interface PlanOfPiece {
  /** The piece's name. */
  readonly name: string;
  /** Plan of its bars. */
  readonly plan: Plan;
  /** Key, as `keyOf` finds it in the plan; undefined where it was not looked for. */
  readonly key?: Key;
  /** Tempo, above 0; undefined where unknown. */
  readonly beatsPerMinute?: number;
}

/** Least share of a half bar for which a pitch class must sound; below it are passing notes. */
export const LEAST_SHARE = 0.06;

/** Resolution of the pitch envelope in semitones: it is a shape, not a melody. */
export const ENVELOPE_STEP = 3;

/** Pitch limits of the low and high ranges: below the first, from the second on. */
export const LOW_BELOW = 55, HIGH_FROM = 72;

/** Least similarity of bars that count as similar. */
export const LEAST_SIMILARITY = 0.125;

/** Number of frames in a plan. */
export function planFrames({ bars }: Pick<Plan, "bars">): number {
  return sum(bars.map(({ frames }) => frames));
}

/** Number of upbeat bars in a plan: one, if its first bar lacks steps and is not its only one. */
export function upbeatBars({ bars }: Pick<Plan, "bars">): 0 | 1 {
  return bars.length > 1 && bars[0]!.frames < bars[0]!.steps ? 1 : 0;
}

/**
 * Metres of music that follows a plan, for {@linkcode Piece.metres}; none on grids without beats.
 */
export function metresOf({ bars }: Plan, grid: Grid): Metre[] {
  const metres: Metre[] = [];
  if (grid.unit !== "beat") return metres;
  let frame = 0, line = 0; // end of the bars so far, and last bar line of their metre
  for (const [index, { frames, steps, signature }] of bars.entries()) {
    const last = metres.at(-1);
    const phase = index < upbeatBars({ bars }) ? steps - frames : 0;
    const goesOn = last?.stepsPerBar === steps && `${last.signature}` === `${signature}` &&
      Math.round(line) === frame;
    if (!goesOn) {
      metres.push({ frame, stepsPerBar: steps, phase, ...(signature ? { signature } : {}) });
      line = frame - phase;
    }
    frame += frames;
    line += steps;
  }
  return metres;
}

/** Index of the beat (as in {@linkcode BarPlan.top}) that contains a step of a bar. */
export function beatOf(step: number, phase: number, beat: number): number {
  return Math.floor((step + phase) / beat + 1e-9) - Math.floor(phase / beat + 1e-9);
}
