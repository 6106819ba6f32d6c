import { type Bar, barsOf, endOfBar } from "../tokens/bars.ts";
import type { Framed, Grid } from "../tokens/piece.ts";
import type { Plan, PlannedChord } from "../tokens/plan.ts";
import { type ChordSpan, findChords } from "./find.ts";
import type { ChordBar, ChordSheet } from "./sheet.ts";

/**
 * Chord sheet of a piece, found bar by bar; an upbeat is left out.
 * @param beatsPerBar in its metre
 */
export function sheetOfPiece(piece: Framed, grid: Grid, beatsPerBar: number): ChordSheet {
  const spans = findChords(piece, grid);
  const bars = barsOf(piece.metres, piece.frames.length, grid).filter(({ upbeat }) => !upbeat);
  return {
    bars: bars.map((bar): ChordBar =>
      chordsInBar(bar, spans).map(({ step, chord }) => ({
        beat: step * beatsPerBar / bar.steps,
        chord,
      }))
    ),
    beatsPerBar,
    notices: [],
  };
}

/** Chords of a bar, from its first frame on. @param spans chords of the piece */
function chordsInBar(bar: Bar, spans: readonly ChordSpan[]): PlannedChord[] {
  return spans.filter(({ start, end }) => start < endOfBar(bar) && end > bar.start)
    .map(({ start, chord }) => ({ step: Math.max(0, start - bar.start), chord }));
}

/**
 * The plan of a piece with its chords, as soft constraints.
 * @param spans chords of the piece; where there are none, the plan is unchanged
 */
export function planWithChords(
  plan: Plan,
  { frames, metres }: Framed,
  spans: readonly ChordSpan[],
  grid: Grid,
): Plan {
  if (spans.length === 0) return plan;
  const bars = barsOf(metres, frames.length, grid);
  return {
    ...plan,
    bars: plan.bars.map((bar, index) => ({
      ...bar,
      chords: chordsInBar(bars[index]!, spans).map((chord) => ({ ...chord, soft: true })),
    })),
  };
}
