import type { GridNote } from "../tokens/grid.ts";
import type { Places } from "./places.ts";

/**
 * Least share of a stretch that must sound for the pedal to go down: rests are meant to be heard.
 */
const LEAST_SOUND = 0.75;

/** Most pitch classes that may sound together under the pedal. */
const MOST_CLASSES = 5;

/** First step of a stretch, and the first after it. */
export type Stretch = readonly [from: number, to: number];

/** Stretches of one harmony: a bar, half of it or a beat, the longest without blurring. */
export function stretches(
  notes: readonly GridNote[],
  { bars }: Places,
): Stretch[] {
  const found: Stretch[] = [];
  /** @param lines onsets of the beats, from the stretch's first step to its end */
  const divide = (notes: readonly GridNote[], lines: readonly number[]): void => {
    const from = lines[0]!, to = lines.at(-1)!;
    const inside = notes.filter((note) => note.start < to && note.end > from);
    if (joins(inside, from, to)) {
      found.push([from, to]);
      return;
    }
    const beats = lines.length - 1, half = beats / 2;
    if (beats < 2 || !lines.every(Number.isInteger)) return;
    const parts = lines[half] === (from + to) / 2
      ? [lines.slice(0, half + 1), lines.slice(half)]
      : lines.slice(1).map((line, i) => [lines[i]!, line]);
    for (const part of parts) divide(inside, part);
  };
  for (const { start, frames, phase, pulses } of bars) {
    const end = start + frames;
    const within = pulses.map((pulse) => start - phase + pulse)
      .filter((line) => line > start && line < end);
    divide(notes, [start, ...within, end]);
  }
  return found;
}

/** Whether the pedal usefully joins notes: some would end without it, and none blur. */
function joins(notes: readonly GridNote[], from: number, to: number): boolean {
  const struck = notes.filter(({ start }) => start >= from);
  if (!struck.some(({ end }) => end < to)) return false;
  const classes = [...new Set(struck.map(({ pitch }) => pitch % 12))];
  const clash = classes.some((one) => classes.includes((one + 1) % 12));
  const seconds = classes.filter((one) => classes.includes((one + 2) % 12)).length;
  if (clash || seconds > 1 || classes.length > MOST_CLASSES) return false;
  const sounds = new Set<number>();
  for (const { start, end } of notes) {
    for (let step = Math.max(from, start); step < Math.min(to, end); step++) sounds.add(step);
  }
  return sounds.size >= LEAST_SOUND * (to - from);
}
