import type { ChordSpan } from "../harmony/find.ts";
import { chordSymbol, parseChord } from "../tokens/chord_symbol.ts";

/** Symbol of a span without a chord. */
const NO_CHORD = "-";

/**
 * Encodes the chords of pieces as text: one line per piece, with items such as `0 Am` separated by
 * tabs.
 */
export function encodeChords(pieces: readonly (readonly ChordSpan[])[]): string {
  return pieces.map((spans) =>
    spans.map(({ start, chord }) => `${start} ${chord ? chordSymbol(chord) : NO_CHORD}`)
      .join("\t") + "\n"
  ).join("");
}

/**
 * The inverse of {@linkcode encodeChords}.
 * @param lengths of the pieces, in frames
 * @throws {Error} if a line is missing, or has no chords in order
 */
export function decodeChords(text: string, lengths: readonly number[]): ChordSpan[][] {
  const lines = text.split("\n").slice(0, -1);
  if (lines.length !== lengths.length) {
    throw new Error(`chords of ${lines.length} pieces, needed those of ${lengths.length}`);
  }
  return lines.map((line, index) => {
    const words = line === "" ? [] : line.split("\t").map((word) => word.split(" "));
    const starts = words.map(([start]) => Number(start));
    return words.map(([, symbol = ""], at): ChordSpan => {
      const start = starts[at]!, end = starts[at + 1] ?? lengths[index]!;
      if (!Number.isInteger(start) || !(start < end) || (at === 0 && start !== 0)) {
        throw new Error(`chords of piece ${index + 1} that are not in order`);
      }
      return { start, end, chord: symbol === NO_CHORD ? null : parseChord(symbol) };
    });
  });
}
