import {
  inOtherMode,
  type Key,
  letterAt,
  placeNear,
  semitonesAboveC,
  written,
  type WrittenKey,
} from "./key.ts";

/** A chord: a root, a quality and, in inversions and slash chords, a bass. */
export interface Chord {
  /** Pitch class of the root, 0 (C) to 11 (B). */
  readonly root: number;
  /** Quality: the intervals above the root. */
  readonly quality: ChordQuality;
  /** Pitch class of the bass; absent where it is the root. */
  readonly bass?: number;
}

/** Chord qualities that are distinguished, by their usual symbols. */
export type ChordQuality =
  | "maj"
  | "min"
  | "dim"
  | "aug"
  | "7"
  | "maj7"
  | "m7"
  | "m7b5"
  | "dim7"
  | "sus2"
  | "sus4"
  | "6"
  | "m6"
  | "mMaj7"
  | "7sus4";

/** Chord degrees of each quality in semitones above the root, the root first. */
export const CHORD_DEGREES: Readonly<
  Record<ChordQuality, readonly [root: number, third: number, ...number[]]>
> = {
  maj: [0, 4, 7],
  min: [0, 3, 7],
  dim: [0, 3, 6],
  aug: [0, 4, 8],
  "7": [0, 4, 7, 10],
  maj7: [0, 4, 7, 11],
  m7: [0, 3, 7, 10],
  m7b5: [0, 3, 6, 10],
  dim7: [0, 3, 6, 9],
  sus2: [0, 2, 7],
  sus4: [0, 5, 7],
  "6": [0, 4, 7, 9],
  m6: [0, 3, 7, 9],
  mMaj7: [0, 3, 7, 11],
  "7sus4": [0, 5, 7, 10],
};

/** All qualities, in the order of {@linkcode CHORD_DEGREES}. */
export const CHORD_QUALITIES: readonly ChordQuality[] = [
  ...["maj", "min", "dim", "aug", "7", "maj7", "m7", "m7b5", "dim7"] as const,
  ...["sus2", "sus4", "6", "m6", "mMaj7", "7sus4"] as const,
];

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

/** Pitch classes of a chord, the root first; the bass is included only where it is one of them. */
export function chordTones({ root, quality }: Chord): number[] {
  return CHORD_DEGREES[quality].map((degree) => (root + degree) % 12);
}

/** Semitones above the root of each quality's characteristic note, beside its third. */
const COLOUR: Readonly<Partial<Record<ChordQuality, number>>> = {
  dim: 6,
  aug: 8,
  "7": 10,
  maj7: 11,
  m7: 10,
  m7b5: 6,
  dim7: 9,
  "6": 9,
  m6: 9,
  mMaj7: 11,
  "7sus4": 10,
};

/**
 * Guide tones of a chord, which distinguish it from others over its bass: its third, or the note in
 * its place, and the note that makes it more than a triad; the root where the third is the bass.
 */
export function guideTones(chord: Chord): number[] {
  const { root, quality } = chord, colour = COLOUR[quality];
  const tones = [CHORD_DEGREES[quality][1], ...(colour === undefined ? [] : [colour])]
    .map((degree) => (root + degree) % 12).filter((one) => one !== bassOf(chord));
  return bassOf(chord) === root ? tones : [root, ...tones];
}

/** Pitch class of the bass. */
export function bassOf({ root, bass }: Chord): number {
  return bass ?? root;
}

/** Transposes a chord by semitones. */
export function transposeChord({ root, quality, bass }: Chord, semitones: number): Chord {
  const move = (pitchClass: number) => ((pitchClass + semitones) % 12 + 12) % 12;
  return chordOf(move(root), quality, bass === undefined ? undefined : move(bass));
}

/**
 * The chord on the same degree of the parallel key in another mode: `Am` in C major is `Ab` in C
 * minor. Null where no chord has these notes.
 * @param tonic pitch class
 */
export function chordInMode(chord: Chord, tonic: number, mode: Key["mode"]): Chord | null {
  const move = (pitchClass: number) => inOtherMode(pitchClass, tonic, mode);
  const tones = new Set(chordTones(chord).map(move)), root = move(chord.root);
  const quality = [chord.quality, ...CHORD_QUALITIES].find((quality) => {
    const own = new Set(chordTones({ root, quality }));
    return own.size === tones.size && own.isSubsetOf(tones);
  });
  const { bass } = chord;
  return quality ? chordOf(root, quality, bass === undefined ? undefined : move(bass)) : null;
}

/** Creates a chord from its parts; a bass equal to the root is left out. */
export function chordOf(root: number, quality: ChordQuality, bass?: number): Chord {
  return { root, quality, ...(bass === undefined || bass === root ? {} : { bass }) };
}

/** Whether a chord from a program or a file is valid. */
export function isChord({ root, quality, bass = root }: Chord): boolean {
  const isClass = (one: number) => Number.isInteger(one) && one >= 0 && one < 12;
  return isClass(root) && isClass(bass) && Object.hasOwn(CHORD_DEGREES, quality);
}

/** Whether two chords are equal, the bass included; `null` is no chord. */
export function sameChord(a: Chord | null, b: Chord | null): boolean {
  if (a === null || b === null) return a === b;
  return a.root === b.root && a.quality === b.quality && a.bass === b.bass;
}

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

/** Position on the line of fifths, relative to the root, of a note so many semitones above it. */
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
