import type { ChordBeat } from "../harmony/evidence.ts";
import { chordsIn } from "../harmony/find.ts";
import type { Music } from "../midi/music.ts";
import { chordSymbol } from "../tokens/chord_symbol.ts";
import type { BarKeys } from "./keys.ts";
import { beatsOf } from "./metre.ts";
import { type ScoreBar, type ScoreMusic, UNITS } from "./notes.ts";

/** A chord symbol above the staff. */
export interface ChordMark {
  /** Units from the beginning of the piece. */
  readonly at: number;
  /** The symbol, such as `F#m7b5/A`. */
  readonly symbol: string;
}

/** Source of the chord symbols: the file's own, those found in its notes, or none. */
export type ChordsShown = "file" | "found" | "none";

/** Resolution of the file's chord symbols: a sixteenth. */
const STEP = UNITS / 4;

/** The chord symbols of a score, by time. @param keys of each bar, by which found ones are spelled */
export function chordMarks(
  shown: ChordsShown,
  { chords = [] }: Pick<Music, "chords">,
  written: Pick<ScoreMusic, "notes" | "bars" | "unitAt">,
  keys: readonly BarKeys[],
): ChordMark[] {
  if (shown === "none") return [];
  return shown === "found" ? foundMarks(written, keys) : fileMarks(chords, written);
}

/** The file's own chord symbols; one in force before the first bar stands at its beginning. */
function fileMarks(
  chords: NonNullable<Music["chords"]>,
  { bars, unitAt }: Pick<ScoreMusic, "bars" | "unitAt">,
): ChordMark[] {
  const from = bars[0]!.start;
  const marks = new Map<number, string>();
  for (const { ticks, symbol } of chords) {
    marks.set(Math.max(from, STEP * Math.round(unitAt(ticks) / STEP)), symbol);
  }
  return Array.from(marks, ([at, symbol]) => ({ at, symbol }));
}

function foundMarks(
  { notes, bars }: Pick<ScoreMusic, "notes" | "bars">,
  keys: readonly BarKeys[],
): ChordMark[] {
  const marks: ChordMark[] = [];
  for (const { start, chord } of chordsIn(notes, bars.flatMap(beatsIn))) {
    const bar = bars.findLastIndex((one) => one.start <= start);
    const symbol = chord && chordSymbol(chord, keys[bar]!.local);
    if (symbol !== null && symbol !== marks.at(-1)?.symbol) marks.push({ at: start, symbol });
  }
  return marks;
}

/** The beats of a bar with their metrical weights; those before an upbeat are left out. */
function beatsIn(bar: ScoreBar): ChordBeat[] {
  const beats: ChordBeat[] = [], line = bar.start - bar.missing, end = bar.start + bar.length;
  let at = line;
  const lengths = beatsOf(bar), whole = lengths.reduce((sum, length) => sum + length, 0);
  for (const length of lengths) {
    const start = Math.max(at, bar.start), until = Math.min(at + length, end);
    const weight = at === line ? 3 : 2 * (at - line) === whole ? 2 : 1;
    if (start < until) beats.push({ start, end: until, weight });
    at += length;
  }
  return beats;
}
