import { NO_CHORD_SYMBOL } from "../../midi/chord_symbols.ts";
import { chordSymbol } from "../../tokens/chord_symbol.ts";
import type { Key } from "../../tokens/key.ts";
import type { Plan } from "../../tokens/plan.ts";

/** Symbols of the chords that a plan asks for, with the frame on which each begins, where they change. */
export function chordSymbolsOf(
  plan: Plan | null,
  key?: Key,
): { readonly frame: number; readonly symbol: string }[] {
  const symbols: { frame: number; symbol: string }[] = [];
  let start = 0;
  for (const { frames, chords = [] } of plan?.bars ?? []) {
    for (const { step, chord, soft } of chords) {
      if (soft) continue;
      const symbol = chord ? chordSymbol(chord, key) : NO_CHORD_SYMBOL;
      if (symbol !== symbols.at(-1)?.symbol) symbols.push({ frame: start + step, symbol });
    }
    start += frames;
  }
  return symbols;
}
