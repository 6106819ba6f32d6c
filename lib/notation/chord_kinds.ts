import { chordParts, NO_CHORD_SYMBOL } from "../midi/chord_symbols.ts";
import type { ChordDegree, ChordName } from "./score.ts";

/** A chord kind of MusicXML, with further degrees. */
type ChordKind = readonly [kind: string, ...ChordDegree[]];

/** MusicXML's chord kind for each suffix of a chord symbol. */
export const CHORD_KINDS: Readonly<Record<string, ChordKind>> = {
  "": ["major"],
  "6": ["major-sixth"],
  maj7: ["major-seventh"],
  "maj7#11": ["major-seventh", [11, 1, "add"]],
  add9: ["major", [9, 0, "add"]],
  maj9: ["major-ninth"],
  "69": ["major-sixth", [9, 0, "add"]],
  aug: ["augmented"],
  m: ["minor"],
  m6: ["minor-sixth"],
  m7: ["minor-seventh"],
  m7b5: ["half-diminished"],
  madd9: ["minor", [9, 0, "add"]],
  m9: ["minor-ninth"],
  m11: ["minor-11th"],
  mMaj7: ["major-minor"],
  mMaj9: ["major-minor", [9, 0, "add"]],
  dim: ["diminished"],
  dim7: ["diminished-seventh"],
  "7": ["dominant"],
  "7sus4": ["suspended-fourth", [7, 0, "add"]],
  "7b5": ["dominant", [5, -1, "alter"]],
  "9": ["dominant-ninth"],
  "7#11": ["dominant", [11, 1, "add"]],
  "13": ["dominant-13th"],
  "7b9": ["dominant", [9, -1, "add"]],
  "7b13": ["dominant", [13, -1, "add"]],
  "7#9": ["dominant", [9, 1, "add"]],
  "maj7#5": ["major-seventh", [5, 1, "alter"]],
  "7#5": ["augmented-seventh"],
  "5": ["power"],
  sus4: ["suspended-fourth"],
  sus2: ["suspended-second"],
};

/** Kinds without a suffix of their own, as the nearest chord with fewer notes. */
const NEAREST: Readonly<Record<string, string>> = {
  "dominant-11th": "9",
  "major-11th": "maj9",
  "major-13th": "maj9",
  "minor-13th": "m11",
};

/** Suffix of each kind without further degrees. */
const SUFFIXES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(CHORD_KINDS).filter(([, [, ...degrees]]) => degrees.length === 0)
      .map(([suffix, [kind]]) => [kind, suffix]),
  ),
  ...NEAREST,
};

/**
 * A written chord as a chord symbol, such as `F#m7b5/A`: by its kind, or its displayed text where
 * that says more; undefined where neither is known.
 */
export function symbolOf({ root, kind, text, bass, degrees = [] }: ChordName): string | undefined {
  if (!root || kind === "none") return NO_CHORD_SYMBOL;
  const name = ({ step, alter }: NonNullable<ChordName["root"]>) =>
    step + (alter < 0 ? "b" : "#").repeat(Math.abs(Math.round(alter)));
  const ofKind = SUFFIXES[kind], below = bass ? `/${name(bass)}` : "";
  const saysMore = ofKind === undefined || text.startsWith(ofKind) ||
    ofKind === "sus4" && text.startsWith("7sus");
  return [ofDegrees(kind, degrees), ...saysMore ? [plain(text)] : [], ofKind]
    .flatMap((suffix) => suffix === undefined ? [] : [name(root) + suffix + below])
    .find((symbol) => chordParts(symbol));
}

/** Suffix of a kind with just these degrees; undefined where there is none. */
function ofDegrees(kind: string, degrees: readonly ChordDegree[]): string | undefined {
  if (degrees.length === 0) return undefined;
  const same = (a: ChordDegree, b: ChordDegree | undefined) => a[0] === b?.[0] && a[1] === b[1];
  return Object.entries(CHORD_KINDS).find(([, [name, ...own]]) =>
    name === kind && own.length === degrees.length && own.every((one, i) => same(one, degrees[i]))
  )?.[0];
}

/** Displayed text in the letters of chord symbols. */
function plain(text: string): string {
  return text.replaceAll("♭", "b").replaceAll("♯", "#").replace(/[()]/g, "").replace(
    /sus$/,
    "sus4",
  );
}

/** Whether a kind becomes a chord with fewer notes. */
export function isSimplerKind(kind: string): boolean {
  return Object.hasOwn(NEAREST, kind);
}
