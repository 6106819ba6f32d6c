import { type Chord, CHORD_DEGREES, chordOf, type ChordQuality } from "../tokens/chord.ts";
import { parseChord } from "../tokens/chord_symbol.ts";
import type { Key } from "../tokens/key.ts";

/** Scale degrees 1 to 7 in semitones above the tonic; minor is natural minor. */
const DEGREES: Readonly<Record<Key["mode"], readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
};

const ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII"];

/** Whether a word is a Nashville number or a Roman numeral, and therefore needs a key. */
export function isNumeral(word: string): boolean {
  return NASHVILLE.test(word) || NUMERAL.test(word);
}

const NASHVILLE = /^([#b♯♭]?)([1-7])([^/]*)(?:\/([#b♯♭]?)([1-7]))?$/;
const NUMERAL = /^([#b♯♭]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)([^/]*)(?:\/(.+))?$/;

/**
 * Parses a Nashville number (`1`, `6-`, `5/7`, `b7`; major unless its suffix says otherwise) or a
 * Roman numeral (`I`, `vi`, `V65`, `viio7/V`, `bVII`; capitals are major, with figures of
 * inversion) into a chord of a key. In minor, degrees are those of natural minor, diminished chords
 * on `vii` have the leading note as root, and flats before 3, 6 and 7 change nothing.
 * @throws {Error} if the word is neither
 */
export function chordOfNumeral(word: string, key: Key): Chord {
  const number = NASHVILLE.exec(word);
  if (number) {
    const [, accidental, degree, suffix, bassAccidental, bass] = number;
    const root = pitchClass(accidental!, Number(degree), key);
    const { quality } = parseChord(`C${suffix}`);
    return chordOf(
      root,
      quality,
      bass === undefined ? undefined : pitchClass(bassAccidental!, Number(bass), key),
    );
  }
  const [, accidental, numeral, figures, applied] = NUMERAL.exec(word) ?? [];
  if (!numeral) {
    throw new Error(`Cannot read chord "${word}": it is not a number from 1 to 7 or I to VII`);
  }
  if (applied !== undefined) { // an applied chord, in the key of another degree
    const { root, quality } = chordOfNumeral(applied, key);
    const mode = CHORD_DEGREES[quality][1] === 3 ? "minor" : "major";
    return chordOfNumeral(`${accidental}${numeral}${figures}`, { tonic: root, mode });
  }
  return ofFigures(accidental!, numeral, figures!, key, word);
}

/**
 * Figured-bass inversions: the number of chord notes below the root, and whether there is a
 * seventh.
 */
const INVERSIONS: Readonly<Record<string, readonly [bass: number, seventh: boolean]>> = {
  "": [0, false],
  "6": [1, false],
  "64": [2, false],
  "7": [0, true],
  "65": [1, true],
  "43": [2, true],
  "42": [3, true],
  "2": [3, true],
};

function ofFigures(
  accidental: string,
  numeral: string,
  figures: string,
  key: Key,
  word: string,
): Chord {
  const isMinor = numeral === numeral.toLowerCase();
  const [, kind, inversion] = /^(o|°|dim|ø|%|\+|aug|maj|M|)(\d*)$/.exec(figures) ?? [];
  const figure = inversion === undefined ? undefined : INVERSIONS[inversion];
  const degree = ROMAN.indexOf(numeral.toUpperCase()) + 1;
  const isDiminished = ["o", "°", "dim", "ø", "%"].includes(kind!);
  const raised = key.mode === "minor" && degree === 7 && isDiminished && accidental === "" ? 1 : 0;
  const root = (pitchClass(accidental, degree, key) + raised) % 12;
  if (!figure) { // other suffixes: sus4, add9 …
    try {
      const { quality } = parseChord(`C${isMinor ? "m" : ""}${figures}`);
      return chordOf(root, quality);
    } catch (cause) {
      throw new Error(
        `Cannot read chord "${word}": "${figures}" is neither a quality nor an inversion`,
        {
          cause,
        },
      );
    }
  }
  const [bass, seventh] = figure;
  const quality = qualityOf(kind!, isMinor, seventh, degree, key);
  return chordOf(root, quality, (root + CHORD_DEGREES[quality][bass]!) % 12);
}

function qualityOf(
  kind: string,
  isMinor: boolean,
  seventh: boolean,
  degree: number,
  { mode }: Key,
): ChordQuality {
  if (kind === "ø" || kind === "%") return "m7b5";
  if (kind === "o" || kind === "°" || kind === "dim") return seventh ? "dim7" : "dim";
  if (kind === "+" || kind === "aug") return "aug";
  if (!seventh) return isMinor ? "min" : "maj";
  if (kind === "maj" || kind === "M") return isMinor ? "mMaj7" : "maj7";
  if (isMinor) return "m7";
  const natural = mode === "major" ? [1, 4] : [3, 6]; // degrees with a major seventh in the key
  return natural.includes(degree) ? "maj7" : "7";
}

function pitchClass(accidental: string, degree: number, { tonic, mode }: Key): number {
  const isReminder = mode === "minor" && /[b♭]/.test(accidental) && [3, 6, 7].includes(degree);
  const alter = accidental === "" || isReminder ? 0 : /[#♯]/.test(accidental) ? 1 : -1;
  return (tonic + DEGREES[mode][degree - 1]! + alter + 12) % 12;
}
