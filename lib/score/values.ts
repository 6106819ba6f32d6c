import { type ScoreBar, type ScoreNote, UNITS } from "./notes.ts";
import type { Segment, SegmentNote } from "./voices.ts";

/** A note, chord or rest as it stands on paper. */
export interface Written {
  /** Units from the beginning. */
  readonly start: number;
  /** Above `start`. */
  readonly end: number;
  /** Pitches rising; empty for a rest. */
  readonly notes: readonly SegmentNote[];
  /** Its note value: 1 for a whole note, 4 for a quarter … 64. */
  readonly value: number;
  /** 0 or 1. */
  readonly dots: number;
  /** Where it is one of three in the time of two: the span of the group. */
  readonly triplet?: { readonly start: number; readonly length: number };
  /** A rest that fills its bar. */
  readonly wholeBar?: boolean;
}

/** A bar's beats: lengths in units from the bar down to the 64th note, each dividing the one before. */
function levelsOf({ numerator, denominator }: ScoreBar): readonly number[] {
  const unit = 4 * UNITS / denominator;
  const levels = [numerator * unit];
  let beats = numerator, beat = unit;
  if (isCompound(numerator, denominator)) [beats, beat] = [numerator / 3, 3 * unit];
  if (beats % 2 === 0 && beats > 2) levels.push(beat * beats / 2);
  if (levels.at(-1) !== beat) levels.push(beat);
  if (beat !== unit) levels.push(unit);
  for (let length = unit / 2; length >= 3; length /= 2) levels.push(length);
  return levels;
}

/** Whether a metre's beats are three of its units long, as in 6/8. */
export function isCompound(numerator: number, denominator: number): boolean {
  return denominator >= 8 && numerator > 3 && numerator % 3 === 0;
}

/** The length of a beat in units: of a dotted quarter in 6/8. */
export function beatOf({ numerator, denominator }: ScoreBar): number {
  return (isCompound(numerator, denominator) ? 12 : 4) * UNITS / denominator;
}

/** Units of a triplet sixteenth. */
const TRIPLET = 8;

/**
 * The spans of a bar that are divided in three, for the notes of one voice: a beat, in compound
 * metres an eighth, in which a note begins or ends where no 64th note does.
 */
export function tripletSpans(notes: readonly ScoreNote[], bar: ScoreBar): Set<number> {
  const span = spanOf(bar), origin = bar.start - bar.missing;
  const spans = new Set<number>();
  for (const { start, end } of notes) {
    for (const line of [start, end]) {
      if (line <= bar.start || line >= bar.start + bar.length) continue;
      if ((line - origin) % 3 !== 0) spans.add(line - (line - origin) % span);
    }
  }
  return spans;
}

function spanOf({ numerator, denominator }: ScoreBar): number {
  return isCompound(numerator, denominator) || denominator > 4 ? UNITS / 2 : UNITS;
}

/** Notes whose beginnings and ends in spans that are divided in three lie on that division. */
export function inTriplets(
  notes: readonly ScoreNote[],
  bar: ScoreBar,
  spans: ReadonlySet<number>,
): ScoreNote[] {
  if (spans.size === 0) return [...notes];
  const length = spanOf(bar), origin = bar.start - bar.missing;
  const settle = (line: number) => {
    const span = line - (((line - origin) % length) + length) % length;
    return spans.has(span) ? span + TRIPLET * Math.round((line - span) / TRIPLET) : line;
  };
  return notes.map((note) => {
    const start = settle(note.start);
    return { ...note, start, end: Math.max(settle(note.end), start + TRIPLET) };
  });
}

/**
 * A stretch of one voice inside a bar in note values, tied together, so that the beats can be seen:
 * a value reaches over a stronger beat only where it begins or ends on one as strong, or is a plain
 * syncopation (after the rules of Gould, Behind Bars, 2011, and Read, Music Notation, 1969).
 * @param spans of the bar that are divided in three
 */
export function valuesOf(segment: Segment, bar: ScoreBar, spans: ReadonlySet<number>): Written[] {
  const { start, end, notes } = segment;
  const rest = notes.length === 0;
  if (rest && start === bar.start && end === bar.start + bar.length) {
    return [{ start, end, notes, value: 1, dots: 0, wholeBar: true }];
  }
  const lines = cuts(start, end, bar, spans, rest);
  return lines.slice(1).map(({ line, ...value }, i) => ({
    start: lines[i]!.line,
    end: line,
    notes: notes.map((note) => ({
      pitch: note.pitch,
      tiedFrom: note.tiedFrom || i > 0,
      tiedTo: note.tiedTo || i < lines.length - 2,
    })),
    ...value,
  }));
}

type Value = Pick<Written, "value" | "dots" | "triplet">;
type Cut = Value & { readonly line: number };

function cuts(
  start: number,
  end: number,
  bar: ScoreBar,
  spans: ReadonlySet<number>,
  rest: boolean,
): Cut[] {
  const length = spanOf(bar);
  const first: Cut = { line: start, value: 0, dots: 0 };
  const edges = [...spans].flatMap((span) => [span, span + length])
    .filter((edge) => edge > start && edge < end);
  // a note over a triplet's edge is cut there, unless it covers whole beats on both sides
  const inside = [...spans].some((span) =>
    (start > span && start < span + length) || (end > span && end < span + length)
  );
  const lines = [start, ...(inside ? [...new Set(edges)].sort((a, b) => a - b) : []), end];
  return lines.slice(1).reduce<Cut[]>((cut, line, i) => {
    const from = lines[i]!;
    const span = [...spans].find((span) => from >= span && line <= span + length);
    const more = span === undefined || (from === span && line === span + length)
      ? divide(from, line, bar, rest)
      : tripletValues(from, line, { start: span, length });
    return [...cut, ...more];
  }, [first]);
}

function tripletValues(
  start: number,
  end: number,
  triplet: NonNullable<Written["triplet"]>,
): Cut[] {
  const value = plainValue((end - start) * 3 / 2);
  if (value) return [{ line: end, ...value, triplet }];
  const middle = start + (end - start > 4 * TRIPLET ? 4 : 2) * TRIPLET;
  const line = middle < end ? middle : start + Math.round((end - start) / 2);
  return [...tripletValues(start, line, triplet), ...tripletValues(line, end, triplet)];
}

/** The note value of a length, dotted or not; undefined where it has none. */
function plainValue(length: number): Value | undefined {
  for (let value = 1; value <= 64; value *= 2) {
    const plain = 4 * UNITS / value;
    if (length === plain) return { value, dots: 0 };
    if (length === plain * 1.5) return { value, dots: 1 };
  }
  return undefined;
}

function divide(start: number, end: number, bar: ScoreBar, rest: boolean): Cut[] {
  const origin = bar.start - bar.missing;
  const levels = levelsOf(bar);
  const levelAt = (line: number) => {
    const level = levels.findIndex((length) => (line - origin) % length === 0);
    return level < 0 ? levels.length : level;
  };
  const inside = Array.from({ length: end - start - 1 }, (_, i) => start + 1 + i);
  const strongest = Math.min(levels.length + 1, ...inside.map(levelAt));
  const lines = inside.filter((line) => levelAt(line) === strongest);
  const value = plainValue(end - start),
    over = { strongest, from: levelAt(start), to: levelAt(end) };
  if (value && fits(value, end - start, over, bar, rest)) return [{ line: end, ...value }];
  if (lines.length === 0) return [{ line: end, value: 64, dots: 0 }]; // shorter than any value
  const line = over.from <= over.to ? lines.at(-1)! : lines[0]!;
  return [...divide(start, line, bar, rest), ...divide(line, end, bar, rest)];
}

/** Whether one value may stand for a length, by the levels of its ends and the strongest between. */
function fits(
  { dots }: Value,
  length: number,
  { strongest, from, to }: Readonly<Record<"strongest" | "from" | "to", number>>,
  bar: ScoreBar,
  rest: boolean,
): boolean {
  const compound = isCompound(bar.numerator, bar.denominator);
  const beat = levelsOf(bar).indexOf(beatOf(bar)), wholeBeats = length % beatOf(bar) === 0;
  if (rest) return strongest > from && (dots === 0 || (compound && wholeBeats && from <= beat));
  const over = Math.min(from, to);
  if (compound && strongest <= beat) return wholeBeats && over <= beat;
  return strongest >= over || (dots === 0 && strongest === over - 1 && !compound);
}
