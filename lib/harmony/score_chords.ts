import { symbolOf } from "../notation/chord_kinds.ts";
import type { ChordName, WrittenScore } from "../notation/score.ts";
import { type Chord, chordOf, type ChordQuality } from "../tokens/chord.ts";
import { parseChord } from "../tokens/chord_symbol.ts";
import { type Key, semitonesAboveC } from "../tokens/key.ts";
import { type ChordBar, type ChordSheet, lastChord, type PlacedChord } from "./sheet.ts";

/**
 * Chord sheet of a written score, bar by bar, with repeats written out. An upbeat is left out.
 * @throws {Error} if it has no chord symbols
 */
export function sheetOfScore({ title, bars, order }: WrittenScore): ChordSheet {
  const unread = new Set<string>(), sheet: ChordBar[] = [];
  const metre = order.map((index) => bars[index]!.metre).find((one) => one !== undefined);
  const { numerator, denominator } = metre ?? { numerator: 4, denominator: 4 };
  const whole = numerator * 4 / denominator; // in quarter notes
  const isUpbeat = order.length > 1 && bars[order[0]!]!.length < whole;
  for (const index of isUpbeat ? order.slice(1) : order) {
    const { length, chords } = bars[index]!;
    const placed = chords.map(({ at, ...name }): PlacedChord => ({
      beat: Math.round(2 * at * numerator / length) / 2,
      chord: chordOfName(name, unread),
    })).filter(({ beat }, at, all) => beat < numerator && beat !== all[at + 1]?.beat);
    const goesOn = placed[0]?.beat === 0 ? [] : [{ beat: 0, chord: lastChord(sheet.at(-1)) }];
    sheet.push([...goesOn, ...placed]);
  }
  if (!sheet.some((bar) => bar.some(({ chord }) => chord))) {
    throw new Error("Cannot read chords from a score: it has no chord symbols");
  }
  const key = keyOf(bars[order[0]!]!.keys[0]);
  return {
    bars: sheet,
    beatsPerBar: numerator,
    notices: [...unread].map((kind) => `Chords of kind "${kind}" are read as major.`),
    ...(title ? { title } : {}),
    ...(key ? { key } : {}),
  };
}

function chordOfName(name: ChordName, unread: Set<string>): Chord | null {
  const { root, kind, bass } = name;
  if (!root || kind === "none") return null;
  const symbol = symbolOf(name);
  if (symbol !== undefined) return parseChord(symbol);
  const quality = qualityOfText(name.text);
  if (!quality) unread.add(kind);
  return chordOf(pitchClass(root), quality ?? "maj", bass && pitchClass(bass));
}

function qualityOfText(text: string): ChordQuality | undefined {
  try {
    return parseChord(`C${text}`).quality;
  } catch {
    return undefined;
  }
}

function pitchClass({ step, alter }: { readonly step: string; readonly alter: number }): number {
  return ((semitonesAboveC(step, "") + Math.round(alter)) % 12 + 12) % 12;
}

function keyOf(
  written: { readonly fifths: number; readonly minor: boolean } | undefined,
): Key | undefined {
  if (!written) return undefined;
  const { fifths, minor } = written;
  return {
    tonic: ((7 * fifths + (minor ? 9 : 0)) % 12 + 12) % 12,
    mode: minor ? "minor" : "major",
  };
}
