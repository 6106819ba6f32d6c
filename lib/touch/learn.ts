import type { Music } from "../midi/music.ts";
import { choosePiano } from "../midi/piano.ts";
import { createTempoMap } from "../midi/tempo.ts";
import type { GridNote } from "../tokens/grid.ts";
import type { Metre } from "../tokens/piece.ts";
import type { TokenizeSettings } from "../tokens/tokenize.ts";
import { FEATURES, featuresOf } from "./features.ts";

/** How a person's files are played, learned from them. */
export interface TouchStyle {
  /** Velocity per unit of each feature, by name; what has no weight says nothing. */
  readonly weights: Readonly<Record<string, number>>;
  /** Notes that it was learned from. */
  readonly notes: number;
  /** Pieces that it was learned from. */
  readonly pieces: number;
}

/** A note on the grid and how hard it was struck. */
export interface PlayedNote extends GridNote {
  /** 1 to 127. */
  readonly velocity: number;
}

/** A piece with fewer velocities than this was typed, not played. */
export const LEAST_VELOCITIES = 16;

/** Pieces and notes without which nothing is learned: rules are better than chance. */
const LEAST_PIECES = 3, LEAST_NOTES = 1000;

/** Ridge: how strongly weights are held small, in notes per feature of unit variance. */
const RIDGE = 100;

/** At most as many notes of a piece count, so that none outweighs the rest. */
const MOST_NOTES = 3000;

/** The piano of a MIDI file as it was played, on the grid. Notes of a pitch in one step are one. */
export function playedNotes(music: Music, settings: TokenizeSettings): PlayedNote[] {
  const { grid } = settings;
  const { secondsAt } = createTempoMap(music);
  const step = (ticks: number) =>
    Math.round(grid.steps * (grid.unit === "beat" ? ticks / music.ticksPerBeat : secondsAt(ticks)));
  const notes = new Map<number, PlayedNote>();
  for (const part of choosePiano(music, settings.tracks).parts) {
    for (const { pitch, velocity, startTicks, endTicks } of part.notes) {
      const start = step(startTicks), key = start * 128 + pitch, before = notes.get(key);
      if (before && before.velocity >= velocity) continue;
      notes.set(key, { pitch, velocity, start, end: Math.max(step(endTicks), start + 1) });
    }
  }
  const sorted = [...notes.values()].sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const first = sorted[0]?.start ?? 0;
  return sorted.map((note) => ({ ...note, start: note.start - first, end: note.end - first }));
}

/** Whether notes were played rather than typed: they have more than a few velocities. */
export function wasPlayed(notes: readonly PlayedNote[]): boolean {
  return new Set(notes.map(({ velocity }) => velocity)).size >= LEAST_VELOCITIES;
}

/**
 * Learns how loud notes are from what they are like: ridge regression (Hoerl and Kennard 1970) of
 * velocity on {@linkcode FEATURES}, both as they differ from the piece's mean. It keeps sums only,
 * whatever it is given.
 */
export class TouchLearner {
  readonly #size = FEATURES.length;
  readonly #products = new Float64Array(this.#size * this.#size);
  readonly #targets = new Float64Array(this.#size);
  #notes = 0;
  #pieces = 0;

  /** Adds a piece, if it was played. @param notes by start, then pitch */
  add(notes: readonly PlayedNote[], metres: readonly Metre[], settings: TokenizeSettings): void {
    if (!wasPlayed(notes)) return;
    const { rows } = featuresOf(notes, metres, settings.grid);
    const size = this.#size, means = columnMeans(rows, size);
    const mean = notes.reduce((sum, { velocity }) => sum + velocity, 0) / notes.length;
    const weight = Math.min(1, MOST_NOTES / notes.length);
    for (let i = 0; i < notes.length; i++) {
      const target = weight * (notes[i]!.velocity - mean);
      for (let a = 0; a < size; a++) {
        const value = rows[i * size + a]! - means[a]!;
        if (value === 0) continue;
        this.#targets[a]! += value * target;
        for (let b = a; b < size; b++) {
          this.#products[a * size + b]! += weight * value * (rows[i * size + b]! - means[b]!);
        }
      }
    }
    this.#notes += notes.length;
    this.#pieces++;
  }

  /** What was learned; nothing where too little was played. */
  finish(): TouchStyle | undefined {
    if (this.#pieces < LEAST_PIECES || this.#notes < LEAST_NOTES) return undefined;
    const size = this.#size;
    const matrix = Array.from(
      { length: size },
      (_, a) =>
        Float64Array.from(
          { length: size },
          (_, b) => this.#products[Math.min(a, b) * size + Math.max(a, b)]!,
        ),
    );
    matrix.forEach((row, a) => row[a]! += RIDGE * row[a]! / this.#notes + 1e-6 * this.#notes);
    const weights = solve(matrix, this.#targets.slice());
    return {
      weights: Object.fromEntries(
        FEATURES.map((name, i) => [name, Number(weights[i]!.toFixed(4))]),
      ),
      notes: this.#notes,
      pieces: this.#pieces,
    };
  }
}

function columnMeans(rows: Float64Array, size: number): Float64Array {
  const means = new Float64Array(size);
  rows.forEach((value, at) => means[at % size]! += value);
  return means.map((sum) => sum * size / Math.max(1, rows.length));
}

/** Solves a symmetric positive definite system in place (Cholesky). */
function solve(matrix: readonly Float64Array[], target: Float64Array): Float64Array {
  const size = target.length;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i]![k]! * matrix[j]![k]!;
      matrix[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / matrix[j]![j]!;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) target[i]! -= matrix[i]![k]! * target[k]!;
    target[i]! /= matrix[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) target[i]! -= matrix[k]![i]! * target[k]!;
    target[i]! /= matrix[i]![i]!;
  }
  return target;
}

/**
 * How much louder than the piece's mean each note is, by weights of its features: in velocities, 0 on
 * the mean.
 */
export function loudness(
  { rows, size }: { readonly rows: Float64Array; readonly size: number },
  weights: Readonly<Record<string, number>>,
): Float64Array {
  const vector = FEATURES.map((name) => weights[name] ?? 0);
  const out = new Float64Array(rows.length / size);
  for (let i = 0; i < out.length; i++) {
    for (let a = 0; a < size; a++) out[i]! += rows[i * size + a]! * vector[a]!;
  }
  const mean = out.reduce((sum, value) => sum + value, 0) / Math.max(1, out.length);
  return out.map((value) => value - mean);
}
