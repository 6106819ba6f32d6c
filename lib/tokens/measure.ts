import { mean, sum } from "../numbers.ts";
import type { Bar } from "./bars.ts";
import { begins, countClasses, type Frame, pitchOf } from "./frame.ts";
import type { Onsets } from "./similarity.ts";
import type { Grid } from "./piece.ts";
import { beatOf, ENVELOPE_STEP, LEAST_SHARE, type Line } from "./plan.ts";

/** A bar of a piece with the context needed to measure it. */
export interface MeasuredBar {
  readonly bar: Bar;
  /** Index of the bar in the piece. */
  readonly index: number;
  /** Frames of the bar. */
  readonly own: readonly Frame[];
  /** All frames of the piece. */
  readonly frames: readonly Frame[];
  /** Onsets of this bar and of the earlier ones compared with it, by index. */
  readonly onsets: readonly Onsets[];
  readonly grid: Grid;
  /** Steps in a beat. */
  readonly beat: number;
}

/** Mean number of sounding notes that satisfy a condition. */
export function meanSounding(
  { own }: MeasuredBar,
  is: (pitch: number) => boolean = () => true,
): number {
  return sum(own.map((frame) => frame.filter((code) => is(pitchOf(code))).length)) / own.length;
}

/** Mean pitch of the sounding notes; null for silence. */
export function meanPitch({ own }: MeasuredBar): number | null {
  const pitches = own.flatMap((frame) => frame.map(pitchOf));
  return pitches.length > 0 ? mean(pitches) : null;
}

/** Pitch classes of each half bar that make up at least {@linkcode LEAST_SHARE} of it. */
export function pitchClasses({ own, bar }: MeasuredBar): number[][] {
  const middle = Math.round(Math.max(0, bar.steps / 2 - bar.phase));
  return [own.slice(0, middle), own.slice(middle)].map((frames) => {
    const counts = countClasses(frames), all = sum(counts);
    return counts.flatMap((count, pitchClass) =>
      count > 0 && count >= LEAST_SHARE * all ? [pitchClass] : []
    );
  });
}

/**
 * Pitch envelope: highest or lowest pitch per beat, rounded to {@linkcode ENVELOPE_STEP} semitones.
 */
export function envelope(
  { own, bar: { phase }, beat }: MeasuredBar,
  side: "top" | "bottom",
): (number | null)[] {
  const choose = side === "top" ? Math.max : Math.min;
  const pitches: (number | null)[] = [];
  for (const [step, frame] of own.entries()) {
    const index = beatOf(step, phase, beat);
    while (pitches.length <= index) pitches.push(null);
    if (frame.length === 0) continue;
    const before = pitches[index], pitch = pitchOf(frame.at(side === "top" ? -1 : 0)!);
    pitches[index] = before == null ? pitch : choose(before, pitch);
  }
  return pitches.map((pitch) =>
    pitch === null ? null : ENVELOPE_STEP * Math.round(pitch / ENVELOPE_STEP)
  );
}

/**
 * Notes before a bar from which its first intervals are measured, and the frames searched for them.
 */
const LINE_BEFORE = 2, LINE_FRAMES = 64;

/** Largest step and smallest leap, in semitones. */
const MOST_OF_A_STEP = 2, LEAST_LEAP = 8;

/**
 * Pitch of a melody onset in a frame: its highest note, if that begins there; otherwise, and
 * outside the piece, undefined.
 */
export function melodyOnset(
  frames: readonly Frame[],
  frame: number,
  attacks: boolean,
): number | undefined {
  const code = frames[frame]?.at(-1);
  if (code === undefined || !begins(code, frames[frame - 1], attacks)) return undefined;
  return pitchOf(code);
}

/** Melodic contour: motion between the highest notes that begin; null where none begins. */
export function melodicLine({ frames, bar, grid }: MeasuredBar): Line | null {
  const { start, frames: length } = bar;
  const before: number[] = [], own: number[] = [];
  const top = (t: number) => melodyOnset(frames, t, grid.attacks);
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
