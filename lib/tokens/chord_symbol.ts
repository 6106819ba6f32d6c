import { type Chord, chordOf, type ChordQuality } from "./chord.ts";
import { type Key, letterAt, placeNear, semitonesAboveC, written, type WrittenKey } from "./key.ts";

/** Suffix of each quality in a chord symbol. */
const SUFFIXES: Readonly<Record<ChordQuality, string>> = {
  maj: "",
  min: "m",
  dim: "dim",
  aug: "aug",
  "7": "7",
  maj7: "maj7",
  m7: "m7",
  m7b5: "m7b5",
  dim7: "dim7",
  sus2: "sus2",
  sus4: "sus4",
  "6": "6",
  m6: "m6",
  mMaj7: "mMaj7",
  "7sus4": "7sus4",
};

/**
 * Lowest of the twelve neighbours on the line of fifths by which roots are spelled, relative to the
 * signature's major tonic: the flat second, for minor chords the flat sixth, for diminished ones,
 * which lead upwards, the flat third.
 */
const LOWEST_ROOT = { usual: -5, minor: -4, leading: -3 } as const;

/** Qualities whose roots are spelled otherwise than those of major chords. */
const ROOT_KINDS: Readonly<Partial<Record<ChordQuality, keyof typeof LOWEST_ROOT>>> = {
  ...{ min: "minor", m7: "minor", m6: "minor", mMaj7: "minor" },
  ...{ dim: "leading", dim7: "leading", m7b5: "leading" },
};

/**
 * Position on the line of fifths, relative to the root, of a note by its semitones above the root.
 */
const ABOVE_ROOT = [0, -5, 2, -3, 4, -1, -6, 1, 8, 3, -2, 5];

/** The same for the seventh of a diminished chord. */
const DIMINISHED_SEVENTH = -9;

/** Name of a position on the line of fifths, without double accidentals. */
function nameAt(place: number): string {
  const { letter, alter } = letterAt(place);
  if (Math.abs(alter) > 1) return nameAt(place - 12 * Math.sign(alter));
  return letter + ["b", "", "#"][alter + 1];
}

/**
 * Chord symbol as on a lead sheet: `Am`, `F#m7b5`, `C/E`; a bass is spelled from the root.
 * @param key by which the root is spelled; default: as is most usual
 */
export function chordSymbol({ root, quality, bass }: Chord, key?: Key | WrittenKey): string {
  const fifths = !key ? 0 : "fifths" in key ? key.fifths : written(key).fifths;
  const place = placeNear(root, fifths + LOWEST_ROOT[ROOT_KINDS[quality] ?? "usual"] + 6);
  const name = nameAt(place) + SUFFIXES[quality];
  if (bass === undefined) return name;
  const above = (bass - root + 12) % 12, isSeventh = quality === "dim7" && above === 9;
  return `${name}/${nameAt(place + (isSeventh ? DIMINISHED_SEVENTH : ABOVE_ROOT[above]!))}`;
}

/** Root, accidental (a double one before a digit is not one: `Bbb5` is B flat), suffix and bass. */
const SYMBOL = /^([A-G])((?:##|bb)(?!\d)|[#b♯♭]?)([^/]*?)(?:\/([A-G](?:##|bb|[#b♯♭])?))?$/;

/**
 * Parses a chord symbol: `Am`, `F#m7b5`, `Bb/D`, `G7sus4`, `Cmaj9` (as `Cmaj7`: notes beyond the
 * seventh are extensions of the chord with the same seventh).
 * @throws {Error} if it is not a chord symbol
 */
export function parseChord(symbol: string): Chord {
  const [, letter, accidental, suffix, bass] = SYMBOL.exec(
    sixNine(symbol.trim()),
  ) ?? [];
  const quality = suffix === undefined ? undefined : qualityOf(suffix);
  if (letter === undefined || quality === undefined) {
    throw new Error(
      `Cannot read chord "${symbol}": needed a root from A to G and a quality, such as "Am", ` +
        `"F#m7b5", "Bbmaj7" or "C/E"`,
    );
  }
  const lowest = bass === undefined ? undefined : pitchClassOf(bass[0]!, bass.slice(1));
  return chordOf(pitchClassOf(letter, accidental!), quality, lowest);
}

/** `C6/9` has no bass. */
function sixNine(symbol: string): string {
  return symbol.replace(/6\/9/, "69");
}

function pitchClassOf(letter: string, accidentals: string): number {
  const alter = /[b♭]/.test(accidentals) ? -accidentals.length : accidentals.length;
  return (semitonesAboveC(letter, "") + alter + 12) % 12;
}

/** Alternative spellings of qualities; the first match counts. */
const SPELLINGS: readonly (readonly [RegExp, ChordQuality])[] = [
  [/^(|maj|M|ma|major)$/, "maj"],
  [/^(add9|add2|2|add11|add4|5|\(no3\)|maj\(?add9\)?)$/, "maj"],
  [/^(m|min|mi|-|minor)$/, "min"],
  [/^(m|min|mi|-)(add9|add2|add11|add4|#5|b6)$/, "min"],
  [/^(dim|o|°|mb5|minb5|-b5)$/, "dim"],
  [/^(aug|\+|#5|\(#5\)|maj#5)$/, "aug"],
  [/^(dim7|o7|°7|dim9|o9)$/, "dim7"],
  [/^(m7b5|min7b5|mi7b5|-7b5|ø|ø7|h|h7|hdim7|half-dim|m9b5|-9b5|ø9|h9|m11b5)$/, "m7b5"],
  [/^(m|min|mi|-)(maj|Maj|ma|M|Δ|\^)(7|9|11|13)?$/, "mMaj7"],
  [/^(m|min|mi|-)(6|69)$/, "m6"],
  [/^(m|min|mi|-)(7|9|11|13)$/, "m7"],
  [/^((maj|Maj|ma|M|Δ|\^)(7|9|11|13)|Δ|\^)$/, "maj7"],
  [/^(6|69|maj6|M6)$/, "6"],
  [/^(sus2|sus9)$/, "sus2"],
  [/^(sus|sus4|sus24|sus2sus4|4)$/, "sus4"],
  [/^(7|9|11|13)(sus|sus4|sus2)$/, "7sus4"],
  [/^(7|9|11|13|dom7|7alt|alt|\+7|aug7|\+9|aug9)$/, "7"],
];

/** Altered and added notes at the end of a suffix, which do not change the quality. */
const COLOURS = /(?:(?:add)?[#b♯♭+-](?:5|9|11|13)|add\d+|no\d|omit\d|alt)+$/;

/** Quality denoted by a symbol's suffix; undefined if there is none. */
function qualityOf(written: string): ChordQuality | undefined {
  const suffix = written.replace(/[()\s,]/g, "").replaceAll("♭", "b").replaceAll("♯", "#");
  const find = (text: string) => SPELLINGS.find(([spelling]) => spelling.test(text))?.[1];
  const found = find(suffix);
  if (found) return found;
  const plain = suffix.replace(COLOURS, "");
  return plain === suffix ? undefined : find(plain);
}
