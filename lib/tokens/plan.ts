import { type Bar, barsOf, stepsPerBeat } from "./bars.ts";
import { type Frame, isHeld, pitchOf } from "./frame.ts";
import type { Grid, Metre, Piece } from "./piece.ts";

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
}

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

/** Pitch classes that sound for a smaller share of a half bar are passing notes. */
export const LEAST_SHARE = 0.06;

/** The outline says no more of a pitch than to this many semitones: it is a shape, not a melody. */
export const OUTLINE_STEP = 3;

/** Below this a pitch counts as low, from this on as high. */
export const LOW_BELOW = 55, HIGH_FROM = 72;

/** Bars back that a bar is compared with; bounds the time that long pieces take. */
const BARS_BACK = 128;

/** A likeness in another key must be so much greater than one in the same key to count. */
const KEY_BONUS = 0.15;

/** Bars that have less in common than this are not alike. */
const LEAST_LIKENESS = 0.125;

/** The plan that a piece has, in the grid that it is in. */
export function planOf(piece: Pick<Piece, "frames" | "metres">, grid: Grid): Plan {
  const bars = barsOf(piece.metres, piece.frames.length, grid);
  return { bars: barPlansOf(piece, bars, 0, grid), ends: true };
}

/** What the bars of a piece from bar `first` on are like. @param bars all of them, as `barsOf` gives them */
export function barPlansOf(
  { frames }: Pick<Piece, "frames">,
  bars: readonly Bar[],
  first: number,
  grid: Grid,
): BarPlan[] {
  // Bars are compared with no earlier ones than these.
  const compared = Math.max(0, first - BARS_BACK);
  const starts: Onsets[] = [];
  for (const [index, bar] of bars.entries()) {
    if (index >= compared) starts[index] = notesThatBegin(frames, bar, grid);
  }
  const beat = stepsPerBeat(grid);
  return bars.slice(first).map((bar, at): BarPlan => describe(bar, first + at));

  function describe(bar: Bar, index: number): BarPlan {
    return {
      frames: bar.frames,
      steps: bar.steps,
      like: mostAlike(starts, index),
      ...fullness(frames, bar),
      classes: [0, 1].map((half) => {
        const middle = Math.round(Math.max(0, bar.steps / 2 - bar.phase));
        const from = bar.start + (half === 0 ? 0 : Math.min(bar.frames, middle));
        const end = bar.start + (half === 0 ? Math.min(bar.frames, middle) : bar.frames);
        return classesOf(frames, from, end);
      }),
      onsets: Array.from({ length: bar.frames }, (_, step) => starts[index]!.counts[step]!),
      top: outline(frames, bar, beat, (frame) => pitchOf(frame.at(-1)!), Math.max),
      bottom: outline(frames, bar, beat, (frame) => pitchOf(frame[0]!), Math.min),
      line: lineOf(frames, bar, grid),
    };
  }
}

/** The metres of music that follows a plan, for {@linkcode Piece.metres}; none on grids without beats. */
export function metresOf({ bars }: Plan, grid: Grid): Metre[] {
  const metres: Metre[] = [];
  if (grid.unit !== "beat") return metres;
  let frame = 0;
  for (const [index, { frames, steps }] of bars.entries()) {
    const last = metres.at(-1);
    const upbeat = index === 0 && frames < steps && bars.length > 1;
    if (!last || last.stepsPerBar !== steps) {
      metres.push({ frame, stepsPerBar: steps, phase: upbeat ? steps - frames : 0 });
    }
    frame += frames;
  }
  return metres;
}

/** The notes that begin in a bar, as step · 128 + pitch, ascending, and how many begin in each step. */
interface Onsets {
  readonly codes: Int32Array;
  readonly counts: Int32Array;
}

function notesThatBegin(
  frames: readonly Frame[],
  { start, frames: length, phase }: Bar,
  grid: Grid,
): Onsets {
  const codes: number[] = [], counts = new Int32Array(length), first = Math.round(phase);
  for (let step = 0; step < length; step++) {
    const before = frames[start + step - 1] ?? [];
    for (const code of frames[start + step]!) {
      if (grid.attacks ? isHeld(code) : before.includes(code)) continue;
      counts[step]!++;
      codes.push((first + step) * 128 + pitchOf(code));
    }
  }
  return { codes: Int32Array.from(codes), counts };
}

const SEMITONES = 12;

/** The latest of the earlier bars that have most notes in common with bar `index`, in any key. */
function mostAlike(bars: readonly Onsets[], index: number): Likeness | null {
  const { codes } = bars[index]!;
  let best: Likeness | null = null, bestScore = LEAST_LIKENESS;
  const common = new Int32Array(2 * SEMITONES + 1);
  for (let other = index - 1; other >= Math.max(0, index - BARS_BACK); other--) {
    const earlier = bars[other]!.codes;
    if (codes.length === 0 || earlier.length === 0) continue;
    common.fill(0);
    for (let i = 0, from = 0; i < codes.length; i++) {
      const step = codes[i]! >> 7;
      while (from < earlier.length && earlier[from]! >> 7 < step) from++;
      for (let j = from; j < earlier.length && earlier[j]! >> 7 === step; j++) {
        const semitones = codes[i]! - earlier[j]!;
        if (Math.abs(semitones) <= SEMITONES) common[semitones + SEMITONES]!++;
      }
    }
    for (let at = 0; at < common.length; at++) {
      const both = common[at]!, degree = both / (codes.length + earlier.length - both);
      const score = at === SEMITONES ? degree : degree - KEY_BONUS;
      if (score > bestScore) {
        bestScore = score;
        best = { bar: other, degree, transpose: at - SEMITONES };
      }
    }
  }
  return best;
}

function fullness(
  frames: readonly Frame[],
  { start, frames: length }: Bar,
): Required<Pick<BarPlan, "notes" | "low" | "high" | "register">> {
  let notes = 0, low = 0, high = 0, sum = 0;
  for (let t = start; t < start + length; t++) {
    for (const code of frames[t]!) {
      const pitch = pitchOf(code);
      notes++;
      sum += pitch;
      if (pitch < LOW_BELOW) low++;
      if (pitch >= HIGH_FROM) high++;
    }
  }
  return {
    notes: notes / length,
    low: low / length,
    high: high / length,
    register: notes > 0 ? sum / notes : null,
  };
}

function classesOf(frames: readonly Frame[], from: number, end: number): number[] {
  const counts = new Array<number>(12).fill(0);
  let sum = 0;
  for (let t = from; t < end; t++) {
    for (const code of frames[t]!) {
      counts[pitchOf(code) % 12]!++;
      sum++;
    }
  }
  return counts.flatMap((count, pitchClass) =>
    count > 0 && count >= LEAST_SHARE * sum ? [pitchClass] : []
  );
}

function outline(
  frames: readonly Frame[],
  { start, frames: length, phase }: Bar,
  beat: number,
  pitch: (frame: Frame) => number,
  choose: (a: number, b: number) => number,
): (number | null)[] {
  const pitches: (number | null)[] = [];
  for (let step = 0; step < length; step++) {
    const index = beatOf(step, phase, beat);
    while (pitches.length <= index) pitches.push(null);
    const frame = frames[start + step]!;
    if (frame.length === 0) continue;
    const before = pitches[index];
    pitches[index] = before == null ? pitch(frame) : choose(before, pitch(frame));
  }
  return pitches.map((pitch) =>
    pitch === null ? null : OUTLINE_STEP * Math.round(pitch / OUTLINE_STEP)
  );
}

/** Notes before a bar that its first moves start from, and frames in which they are looked for. */
const LINE_BEFORE = 2, LINE_FRAMES = 64;

/** A move of at most so many semitones is a step, one beyond this is a leap. */
const MOST_OF_A_STEP = 2, LEAST_LEAP = 8;

function lineOf(frames: readonly Frame[], { start, frames: length }: Bar, grid: Grid): Line | null {
  const before: number[] = [], own: number[] = [];
  const top = (t: number): number | undefined => {
    const code = frames[t]?.at(-1);
    if (code === undefined) return undefined;
    const begins = grid.attacks ? !isHeld(code) : !frames[t - 1]?.includes(code);
    return begins ? pitchOf(code) : undefined;
  };
  for (let t = start - 1; t >= Math.max(0, start - LINE_FRAMES); t--) {
    const pitch = top(t);
    if (pitch !== undefined) before.unshift(pitch);
    if (before.length === LINE_BEFORE) break;
  }
  for (let t = start; t < start + length; t++) own.push(top(t) ?? NaN);
  const line = [...before, ...own.filter((pitch) => !Number.isNaN(pitch))];
  const moves = line.slice(1).map((pitch, i) => pitch - line[i]!);
  const here = moves.slice(Math.max(0, before.length - 1)).map(Math.abs);
  if (here.length === 0) return null;
  const ways = moves.filter((move) => move !== 0).map(Math.sign);
  const turns = ways.slice(1).filter((way, i) => way !== ways[i]).length;
  const share = (is: (size: number) => boolean) => here.filter(is).length / here.length;
  return {
    steps: share((size) => size > 0 && size <= MOST_OF_A_STEP),
    leaps: share((size) => size >= LEAST_LEAP),
    repeats: share((size) => size === 0),
    turns: turns / Math.max(1, ways.length - 1),
  };
}

/** In which of a bar's beats (as {@linkcode BarPlan.top} has them) its step lies. */
export function beatOf(step: number, phase: number, beat: number): number {
  return Math.floor((step + phase) / beat + 1e-9) - Math.floor(phase / beat + 1e-9);
}
