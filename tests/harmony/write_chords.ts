import { type Chord, sameChord } from "../../lib/tokens/chord.ts";
import { chordSymbol } from "../../lib/tokens/chord_symbol.ts";
import type { ChordBar } from "../../lib/harmony/sheet.ts";
import type { Key } from "../../lib/tokens/key.ts";

/**
 * Formats bars of chords for `parseChords`.
 * @param key by whose signature they are spelled
 */
export function writeChords(
  bars: readonly ChordBar[],
  beatsPerBar: number,
  key?: Key,
): string {
  let before: Chord | null | undefined;
  const written = bars.map((bar) => {
    const step = bar.every(({ beat }) => Number.isInteger(beat)) ? 1 : 0.5;
    const whole = bar.length === 1 ? beatsPerBar : step;
    const slots: string[] = [];
    for (let beat = 0; beat < beatsPerBar; beat += whole) {
      const placed = bar.find((each) => each.beat === beat);
      const goesOn = !placed || before !== undefined && sameChord(placed.chord, before) && beat > 0;
      slots.push(goesOn ? "." : placed.chord ? chordSymbol(placed.chord, key) : "N.C.");
      if (placed) before = placed.chord;
    }
    return slots.join(" ");
  });
  return `| ${written.join(" | ")} |`;
}
