import { sum } from "../numbers.ts";
import type { Chord } from "./chord.ts";
import type { Grid, Metre } from "./piece.ts";

/**
 * What a bar is like, without its notes. Everything but the length may be left out: then a model is
 * free there. (After the bar descriptions of FIGARO, von Rütte et al. 2022, arXiv 2201.10936, and the
 * self-similarity constraint of Lattner, Grachten and Widmer 2018, arXiv 1612.04742.)
 */
export interface BarPlan {
  /** Its frames, at least 1. */
  readonly frames: number;
  /** Steps from bar line to bar line in its metre; more than `frames` in an upbeat. */
  readonly steps: number;
  /** What it is written in; where nothing is said, {@linkcode usualSignature} of its length. */
  readonly signature?: readonly [numerator: number, denominator: number];
  /** The earlier bar that this one is most like, or null where it is like none. */
  readonly like?: {
    /** The earlier bar's index. */
    readonly bar: number;
    /** Notes in common, of those that either has: above 0, at most 1. */
    readonly degree: number;
    /** Semitones that the earlier bar is transposed by to be so like, −12 to 12. */
    readonly transpose: number;
  } | null;
  /** Mean number of sounding notes, 0 or more. */
  readonly notes?: number;
  /** The same of notes below C3 (48 … 54 count as low, too: below 55). */
  readonly low?: number;
  /** The same of notes from C5 (72) on. */
  readonly high?: number;
  /** Mean pitch of what sounds, 0 to 127; null where nothing sounds. */
  readonly register?: number | null;
  /** Per half bar, the pitch classes (0 is C) that make up at least {@linkcode LEAST_SHARE} of it. */
  readonly classes?: readonly (readonly number[])[];
  /** Per step, how many notes begin: the rhythm. */
  readonly onsets?: readonly number[];
  /** Per beat, about how high the highest note is, to {@linkcode OUTLINE_STEP} semitones; null: silence. */
  readonly top?: readonly (number | null)[];
  /** Per beat, about how high the lowest note is. */
  readonly bottom?: readonly (number | null)[];
  /**
   * How the highest notes that begin move, from the one before the bar on: shares of their moves, 0
   * to 1; null where none begins. No network is told: of several bars drawn, the one that moves most
   * like it is kept.
   */
  readonly line?: {
    /** Moves of one or two semitones. */
    readonly steps: number;
    /** Moves beyond a fifth. */
    readonly leaps: number;
    /** Moves to the same pitch again. */
    readonly repeats: number;
    /** Moves the other way than the last one, of those that go up or down. */
    readonly turns: number;
  } | null;
  /**
   * The chords that are to be heard, by step, the first at step 0. No network is told; what sounds is
   * held to them. Never measured bar by bar, as a chord is told by what stands around it.
   */
  readonly chords?: readonly {
    /** Of the bar's frames. */
    readonly step: number;
    /** Null: anything may be heard. */
    readonly chord: Chord | null;
  }[];
}

/** A chord of a plan, and from which step of its bar on it is to be heard. */
export type PlannedChord = NonNullable<BarPlan["chords"]>[number];

/** That a bar is like an earlier one. */
export type Likeness = NonNullable<BarPlan["like"]>;

/** How a line moves. */
export type Line = NonNullable<BarPlan["line"]>;

/** A plan of a piece: what its bars are like, one after the other, from the first frame on. */
export interface Plan {
  /** At least one. */
  readonly bars: readonly BarPlan[];
  /** Whether the last bar is the end of the piece. */
  readonly ends: boolean;
}

/** The plan of a piece, with what else a piece lends to music in its form. */
export interface PlanOfPiece {
  /** The piece's name. */
  readonly name: string;
  /** What its bars are like. */
  readonly plan: Plan;
  /** Its tempo, above 0; undefined where it is not known. */
  readonly beatsPerMinute?: number;
}

/** Pitch classes that sound for a smaller share of a half bar are passing notes. */
export const LEAST_SHARE = 0.06;

/** The outline says no more of a pitch than to this many semitones: it is a shape, not a melody. */
export const OUTLINE_STEP = 3;

/** Below this a pitch counts as low, from this on as high. */
export const LOW_BELOW = 55, HIGH_FROM = 72;

/** Bars that have less in common than this are not alike. */
export const LEAST_LIKENESS = 0.125;

/** How many frames a plan has. */
export function planFrames({ bars }: Pick<Plan, "bars">): number {
  return sum(bars.map(({ frames }) => frames));
}

/** How many bars of a plan are an upbeat: one, if its first bar lacks steps and is not its only one. */
export function upbeatBars({ bars }: Pick<Plan, "bars">): 0 | 1 {
  return bars.length > 1 && bars[0]!.frames < bars[0]!.steps ? 1 : 0;
}

/** The metres of music that follows a plan, for {@linkcode Piece.metres}; none on grids without beats. */
export function metresOf({ bars }: Plan, grid: Grid): Metre[] {
  const metres: Metre[] = [];
  if (grid.unit !== "beat") return metres;
  let frame = 0, line = 0; // where the bars before end, and where their metre has a bar line
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

/** In which of a bar's beats (as {@linkcode BarPlan.top} has them) its step lies. */
export function beatOf(step: number, phase: number, beat: number): number {
  return Math.floor((step + phase) / beat + 1e-9) - Math.floor(phase / beat + 1e-9);
}
