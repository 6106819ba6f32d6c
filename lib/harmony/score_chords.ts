import type { ChordName, WrittenScore } from "../notation/score.ts";
import { type Chord, chordOf, type ChordQuality, parseChord } from "../tokens/chord.ts";
import { type Key, semitonesAboveC } from "../tokens/key.ts";
import { type ChordBar, type ChordSheet, lastChord, type PlacedChord } from "./sheet.ts";

/**
 * Qualities of MusicXML's chord kinds; notes beyond the seventh are extensions of the chord with
 * the same seventh.
 */
const KINDS: Readonly<Record<string, ChordQuality>> = {
  major: "maj",
  minor: "min",
  augmented: "aug",
  diminished: "dim",
  dominant: "7",
  "major-seventh": "maj7",
  "minor-seventh": "m7",
  "diminished-seventh": "dim7",
  "augmented-seventh": "7",
  "half-diminished": "m7b5",
  "major-minor": "mMaj7",
  "major-sixth": "6",
  "minor-sixth": "m6",
  "dominant-ninth": "7",
  "major-ninth": "maj7",
  "minor-ninth": "m7",
  "dominant-11th": "7",
  "major-11th": "maj7",
  "minor-11th": "m7",
  "dominant-13th": "7",
  "major-13th": "maj7",
  "minor-13th": "m7",
  "suspended-second": "sus2",
  "suspended-fourth": "sus4",
  power: "maj",
};

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

function chordOfName({ root, kind, text, bass }: ChordName, unread: Set<string>): Chord | null {
  if (!root || kind === "none") return null;
  const quality = qualityOf(kind, text);
  if (!quality) unread.add(kind);
  return chordOf(pitchClass(root), quality ?? "maj", bass && pitchClass(bass));
}

/** Quality of a chord kind, or of the displayed text where that is more specific. */
function qualityOf(kind: string, text: string): ChordQuality | undefined {
  const known = KINDS[kind];
  if (known && !(known === "sus4" && text.includes("7"))) return known;
  try {
    return parseChord(`C${text}`).quality;
  } catch {
    return known;
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
