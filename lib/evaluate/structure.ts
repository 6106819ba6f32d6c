import type { GridNote } from "../tokens/grid.ts";
import type { Grid, Piece } from "../tokens/piece.ts";
import { likeness } from "./features/excerpt.ts";

const STRETCH_BEATS = 16;
const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const HARMONIC_MINOR = [0, 2, 3, 5, 7, 8, 11];

/**
 * How well stretches of music stay in a key: for each 16 beats (seconds) that have notes, the
 * greatest share of them that lies in one of the 12 major and 12 harmonic minor scales (natural
 * minor is major), 0 to 1. After the scale consistency of Mogren (2016, "C-RNN-GAN").
 * @param notes by start
 */
export function scaleConsistencies(notes: readonly GridNote[], grid: Grid): number[] {
  const steps = STRETCH_BEATS * grid.steps;
  const stretches = new Map<number, number[]>();
  for (const { start, pitch } of notes) {
    const stretch = Math.floor(start / steps);
    if (!stretches.has(stretch)) stretches.set(stretch, new Array<number>(12).fill(0));
    stretches.get(stretch)![pitch % 12]!++;
  }
  return [...stretches.values()].map(scaleShare);
}

/**
 * The greatest share of what is heard that lies in one major or harmonic minor scale, 0 to 1.
 * @param classes how much each of the 12 pitch classes is heard, some of them above 0
 */
export function scaleShare(classes: readonly number[]): number {
  const all = classes.reduce((sum, count) => sum + count, 0);
  let most = 0;
  for (const scale of [MAJOR, HARMONIC_MINOR]) {
    for (let tonic = 0; tonic < 12; tonic++) {
      const inside = scale.reduce((sum, degree) => sum + classes[(tonic + degree) % 12]!, 0);
      most = Math.max(most, inside);
    }
  }
  return most / all;
}

/**
 * How much music comes back to what it played: for each bar with notes but the first, the greatest
 * likeness to a bar before it in the piece. The likeness of two bars is the share of onsets (place
 * in the bar and pitch) that they have in common, among all that either has (Jaccard index).
 * Without metres a bar is four beats (seconds).
 */
export function barSimilarities(notes: readonly GridNote[], piece: Piece, grid: Grid): number[] {
  const starts = barStarts(piece, grid);
  const bars: number[][] = [];
  let bar = -1, current = -1;
  for (const { start, pitch } of notes) {
    while (bar + 1 < starts.length && starts[bar + 1]! <= start + 1e-9) bar++;
    if (bar !== current) {
      bars.push([]);
      current = bar;
    }
    bars.at(-1)!.push(Math.round(start - starts[bar]!) * 128 + pitch);
  }
  const sorted = bars.map((onsets) => Int32Array.from(onsets).sort());
  return sorted.slice(1).map((onsets, index) => {
    let most = 0;
    for (let earlier = index; earlier >= 0 && most < 1; earlier--) {
      most = Math.max(most, likeness(onsets, sorted[earlier]!));
    }
    return most;
  });
}

/** Where bars begin, in frames; the first at or before frame 0. Bars need not begin on a frame. */
function barStarts({ frames, metres }: Piece, grid: Grid): number[] {
  const sections = metres.length > 0
    ? metres
    : [{ frame: 0, stepsPerBar: 4 * grid.steps, phase: 0 }];
  return sections.flatMap(({ frame, stepsPerBar, phase }, index) => {
    const until = sections[index + 1]?.frame ?? frames.length;
    const starts = [frame - (index === 0 ? phase : 0)]; // a change of metre begins a bar
    for (let at = frame - phase + stepsPerBar; at < until; at += stepsPerBar) starts.push(at);
    return starts;
  });
}
