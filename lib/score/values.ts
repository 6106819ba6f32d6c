import { barLength, beatsOf, isCompound, unitOf } from "./metre.ts";
import { type ScoreBar, UNITS } from "./notes.ts";
import type { Tuplet } from "./tuplets.ts";
import type { Segment, SegmentNote } from "./voices.ts";

/** A written note, chord or rest. */
export interface Written {
  /** Units from the beginning. */
  readonly start: number;
  /** Above `start`. */
  readonly end: number;
  /** Pitches in ascending order; empty for a rest. */
  readonly notes: readonly SegmentNote[];
  /** Note value: 1 for a whole note, 4 for a quarter … 128. */
  readonly value: number;
  /** Number of dots, 0 to 2. */
  readonly dots: number;
  /** The tuplet to which it belongs. */
  readonly tuplet?: Tuplet;
  /** Whether it is a rest that fills its bar. */
  readonly wholeBar?: boolean;
}

/** The shortest note value: a 128th. */
const SHORTEST = UNITS / 32;

/**
 * Metrical positions of one strength in a bar: those between the beats, or all multiples of a
 * length.
 */
type Level = readonly number[] | number;

/** Metrical levels of a bar, from the strongest, its own, down to the 128th note's. */
function levelsOf(bar: ScoreBar): Level[] {
  const beats = beatsOf(bar), unit = unitOf(bar);
  const levels: Level[] = [barLength(bar)];
  if (beats.length % 2 === 0 && beats.length > 2 && beats.every((beat) => beat === beats[0])) {
    levels.push(beats[0]! * beats.length / 2);
  }
  let at = 0;
  levels.push(beats.map((beat) => at += beat));
  if (beats.some((beat) => beat > unit)) levels.push(unit);
  for (let length = unit / 2; length >= SHORTEST; length /= 2) levels.push(length);
  return levels;
}

/** Index of the level of the beats in {@linkcode levelsOf}. */
function beatLevel(levels: readonly Level[]): number {
  return levels.findIndex((level) => typeof level !== "number");
}

function isOn(line: number, level: Level): boolean {
  return typeof level === "number" ? line % level === 0 : line === 0 || level.includes(line);
}

function between(start: number, end: number, level: Level): number[] {
  if (typeof level !== "number") return level.filter((line) => line > start && line < end);
  const lines: number[] = [];
  for (let line = (Math.floor(start / level) + 1) * level; line < end; line += level) {
    lines.push(line);
  }
  return lines;
}

/**
 * Written values of a stretch of one voice inside a bar, tied together, such that the beats stay
 * visible: a value crosses a stronger beat only where it begins or ends on one equally strong, or
 * is a plain syncopation (after the rules of Gould, Behind Bars, 2011, and Read, Music Notation,
 * 1969).
 */
export function valuesOf(segment: Segment, bar: ScoreBar, tuplets: readonly Tuplet[]): Written[] {
  const { start, end, notes } = segment;
  const rest = notes.length === 0;
  if (rest && start === bar.start && end === bar.start + bar.length) {
    return [{ start, end, notes, value: 1, dots: 0, wholeBar: true }];
  }
  const lines = cuts(start, end, bar, tuplets, rest);
  return lines.slice(1).map(({ line, ...value }, i) => ({
    start: lines[i]!.line,
    end: line,
    notes: notes.map((note) => ({
      ...note,
      graces: i > 0 ? [] : note.graces,
      isRolled: i === 0 && note.isRolled,
      isStaccato: i === 0 && note.isStaccato,
      tiedFrom: note.tiedFrom || i > 0,
      tiedTo: note.tiedTo || i < lines.length - 2,
    })),
    ...value,
  }));
}

type Value = Pick<Written, "value" | "dots" | "tuplet">;
type Cut = Value & { readonly line: number };

/** Whether a position is inside a tuplet, not at its edge. */
function isInside(line: number, { start, length }: Tuplet): boolean {
  return line > start && line < start + length;
}

function cuts(
  start: number,
  end: number,
  bar: ScoreBar,
  tuplets: readonly Tuplet[],
  rest: boolean,
): Cut[] {
  // a note over a tuplet's edge is split there, unless it covers the whole tuplet
  const edges = tuplets.filter((tuplet) => isInside(start, tuplet) || isInside(end, tuplet))
    .flatMap((tuplet) => [tuplet.start, tuplet.start + tuplet.length])
    .filter((edge) => edge > start && edge < end);
  const lines = [start, ...[...new Set(edges)].sort((a, b) => a - b), end];
  return lines.slice(1).reduce<Cut[]>((cut, line, i) => {
    const from = lines[i]!;
    const tuplet = tuplets.find((one) => isInside(from, one) || isInside(line, one));
    const more = tuplet ? tupletValues(from, line, tuplet) : divide(from, line, bar, rest);
    return [...cut, ...more];
  }, [{ line: start, value: 0, dots: 0 }]);
}

/**
 * Values inside a tuplet: the longest that fits first, from a multiple of its own length where
 * possible.
 */
function tupletValues(start: number, end: number, tuplet: Tuplet): Cut[] {
  const scale = tuplet.actual / tuplet.normal;
  const value = plainValue((end - start) * scale);
  if (value) return [{ line: end, ...value, tuplet }];
  const steps = 4 * UNITS / tuplet.value / scale;
  for (let step = steps * 2 ** 4; step >= steps / 32; step /= 2) {
    const line = tuplet.start + step * Math.ceil((start - tuplet.start + 1e-6) / step);
    const other = tuplet.start + step * Math.floor((end - tuplet.start - 1e-6) / step);
    const cut = line > start && line < end
      ? line
      : other > start && other < end
      ? other
      : undefined;
    if (cut !== undefined) {
      return [...tupletValues(start, cut, tuplet), ...tupletValues(cut, end, tuplet)];
    }
  }
  return [{ line: end, value: 128, dots: 0, tuplet }]; // shorter than any value
}

/** Note value of a length, dotted or not; undefined where there is none. */
export function plainValue(length: number): Pick<Written, "value" | "dots"> | undefined {
  for (let value = 1; value <= 128; value *= 2) {
    const plain = 4 * UNITS / value;
    if (Math.abs(length - plain) < 1e-6) return { value, dots: 0 };
    if (Math.abs(length - plain * 1.5) < 1e-6 && value < 128) return { value, dots: 1 };
  }
  return undefined;
}

/** Double-dotted value of a length that begins where a note of the next longer value could. */
function doubleDotted(from: number, length: number): Value | undefined {
  const plain = plainValue(length / 1.75);
  if (plain?.dots !== 0 || !isOn(from, 2 * length / 1.75)) return undefined;
  return { value: plain.value, dots: 2 };
}

function divide(start: number, end: number, bar: ScoreBar, rest: boolean): Cut[] {
  const origin = bar.start - bar.missing;
  const levels = levelsOf(bar);
  const levelAt = (line: number) => {
    const level = levels.findIndex((level) => isOn(line - origin, level));
    return level < 0 ? levels.length : level;
  };
  let strongest = levels.length + 1, lines: number[] = [];
  for (const [index, level] of levels.entries()) {
    lines = between(start - origin, end - origin, level).map((line) => line + origin);
    if (lines.length === 0) continue;
    strongest = index;
    break;
  }
  const doubled = rest || isCompound(bar) ? undefined : doubleDotted(start - origin, end - start);
  if (doubled) return [{ line: end, ...doubled }];
  const value = plainValue(end - start),
    over = { strongest, from: levelAt(start), to: levelAt(end) };
  if (value && fits(value, end - start, over, bar, rest)) return [{ line: end, ...value }];
  if (lines.length === 0) {
    return [{ line: end, ...value ?? { value: 128, dots: 0 } }]; // shorter than any value
  }
  const line = over.from <= over.to ? lines.at(-1)! : lines[0]!;
  return [...divide(start, line, bar, rest), ...divide(line, end, bar, rest)];
}

/**
 * Whether one value can represent a length, by the levels of its ends and the strongest level
 * between.
 */
function fits(
  { dots }: Value,
  length: number,
  { strongest, from, to }: Readonly<Record<"strongest" | "from" | "to", number>>,
  bar: ScoreBar,
  rest: boolean,
): boolean {
  const compound = isCompound(bar), levels = levelsOf(bar);
  const beat = beatLevel(levels), wholeBeats = length % beatsOf(bar)[0]! === 0;
  if (rest) return strongest > from && (dots === 0 || (compound && wholeBeats && from <= beat));
  const over = Math.min(from, to);
  if (compound && strongest <= beat) return wholeBeats && over <= beat;
  return strongest >= over || (dots === 0 && strongest === over - 1 && !compound);
}
