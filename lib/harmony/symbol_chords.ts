import type { ChordSymbol, Music } from "../midi/music.ts";
import { NO_CHORD_SYMBOL } from "../midi/chord_symbols.ts";
import { countBefore } from "../search.ts";
import { barsOf, endOfBar } from "../tokens/bars.ts";
import { parseChord } from "../tokens/chord_symbol.ts";
import type { Grid } from "../tokens/piece.ts";
import type { PlacedMusic } from "../tokens/placed.ts";
import { type ChordBar, lastChord, type PlacedChord } from "./sheet.ts";

/**
 * Chords named by a file's symbols, for each bar from step 0 on, or from its upbeat. Bars before
 * the first symbol are unconstrained.
 * @param beatsPerBar beats in which positions are given, whatever a bar's length
 */
export function chordsOfSymbols(
  chords: NonNullable<Music["chords"]>,
  { notes, metres, steps, firstBar, ticksAt }: PlacedMusic,
  grid: Grid,
  beatsPerBar: number,
): ChordBar[] {
  const stepOf = ({ ticks }: ChordSymbol) =>
    countBefore(steps, (step) => ticksAt(step + 0.5) <= ticks);
  const placed = chords.map((chord) => ({ step: stepOf(chord), symbol: chord.symbol }));
  const bars: ChordBar[] = [];
  for (const [index, bar] of barsOf(metres, steps, grid).entries()) {
    const from = index === 0 && firstBar === 0 ? notes[0]!.start : bar.start;
    const own = placed.filter(({ step }) => step >= bar.start && step < endOfBar(bar))
      .map(({ step, symbol }): PlacedChord => ({
        beat: Math.max(0, step - from) * beatsPerBar / bar.steps,
        chord: symbol === NO_CHORD_SYMBOL ? null : parseChord(symbol),
      })).filter(({ beat }, at, all) => beat !== all[at + 1]?.beat);
    const goesOn = own[0]?.beat === 0 ? [] : [{ beat: 0, chord: lastChord(bars.at(-1)) }];
    bars.push([...goesOn, ...own]);
  }
  return bars;
}
