import { type Bar, barsOf, beatStarts, stepsPerBeat } from "../tokens/bars.ts";
import type { GridNote } from "../tokens/grid.ts";
import type { Grid, Metre } from "../tokens/piece.ts";

/** Positions of a piece's notes in moments and bars. */
export interface Places {
  /** Step after the end of all notes. */
  readonly length: number;
  /** Steps per quarter note, the unit of lengths. */
  readonly beat: number;
  /** Onset moments, in order. */
  readonly moments: readonly Moment[];
  /** Bars in order, with their notes. */
  readonly bars: readonly FilledBar[];
  /** Index of each note's bar. */
  readonly barOf: Int32Array;
}

/** A moment: notes that are struck together. */
export interface Moment {
  /** Index of the first note. */
  readonly first: number;
  /** Index of the first note after the moment. */
  readonly next: number;
  /** Highest pitch. */
  readonly top: number;
  /** Earlier notes that still sound. */
  readonly held: readonly GridNote[];
}

/** A bar, with sums over the notes that begin in it. */
export interface FilledBar extends Bar {
  /** Number of notes. */
  notes: number;
  pitches: number;
  /** Total length of the notes, in beats. */
  beats: number;
  /** Beat onsets, in steps from the bar line; beats longer than a dotted quarter are divided. */
  pulses: readonly number[];
}

/** Finds the positions of notes. @param notes by start, then pitch */
export function placesOf(
  notes: readonly GridNote[],
  metres: readonly Metre[],
  grid: Grid,
): Places {
  const length = notes.reduce((last, { end }) => Math.max(last, end), 0);
  const beat = stepsPerBeat(grid);
  const bars = barsOf(metres, length, grid)
    .map((bar): FilledBar => ({ ...bar, notes: 0, pitches: 0, beats: 0, pulses: [] }));
  const barAt = new Int32Array(length + 1).fill(Math.max(0, bars.length - 1));
  bars.forEach(({ start, frames }, i) => barAt.fill(i, start, start + frames));
  const barOf = Int32Array.from(notes, ({ start }) => barAt[start]!);
  notes.forEach(({ pitch, start, end }, i) => {
    const bar = bars[barOf[i]!]!;
    bar.notes++;
    bar.pitches += pitch;
    bar.beats += (end - start) / beat;
  });
  const pulses = pulsesOf(notes, bars, barOf, grid);
  for (const bar of bars) bar.pulses = pulses(bar);
  return { length, beat, moments: momentsOf(notes), bars, barOf };
}

/**
 * Beats of bars by their signatures; ambiguous metres are grouped by the onsets of the piece's
 * notes.
 */
function pulsesOf(
  notes: readonly GridNote[],
  bars: readonly Bar[],
  barOf: Int32Array,
  grid: Grid,
): (bar: Bar) => readonly number[] {
  const quarter = stepsPerBeat(grid), known = new Map<string, readonly number[]>();
  const accents = new Map<string, number[]>();
  notes.forEach(({ start }, i) => {
    const { signature, start: first, phase } = bars[barOf[i]!]!, [count, value] = signature;
    let own = accents.get(`${signature}`);
    if (!own) accents.set(`${signature}`, own = new Array(count).fill(0));
    const at = (start - first + phase) * value / 4 / quarter;
    if (Number.isInteger(at) && at < count) own[at]!++;
  });
  return (bar) => {
    const { signature: [, value], steps } = bar, name = `${bar.signature}`;
    const there = known.get(name);
    if (there) return there;
    const quarters = Array.from({ length: Math.ceil(steps / quarter) }, (_, i) => i * quarter);
    const found = value < 8 ? quarters : beatStarts(bar, grid, accents.get(name));
    known.set(name, found);
    return found;
  };
}

function momentsOf(notes: readonly GridNote[]): Moment[] {
  const moments: Moment[] = [];
  let held: GridNote[] = [];
  for (let first = 0; first < notes.length;) {
    const { start } = notes[first]!;
    let next = first + 1;
    while (notes[next]?.start === start) next++;
    held = held.filter(({ end }) => end > start);
    moments.push({ first, next, top: notes[next - 1]!.pitch, held });
    held = held.concat(notes.slice(first, next));
    first = next;
  }
  return moments;
}
