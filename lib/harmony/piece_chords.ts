import { barsOf, endOfBar } from "../tokens/bars.ts";
import type { Framed, Grid } from "../tokens/piece.ts";
import { findChords } from "./find.ts";
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
      spans.filter(({ start, end }) => start < endOfBar(bar) && end > bar.start)
        .map(({ start, chord }) => ({
          beat: Math.max(0, start - bar.start) * beatsPerBar / bar.steps,
          chord,
        }))
    ),
    beatsPerBar,
    notices: [],
  };
}
