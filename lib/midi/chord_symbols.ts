/** Symbol of a passage without a chord. */
export const NO_CHORD_SYMBOL = "N.C.";

/** A chord symbol taken apart. */
interface ChordParts {
  /** Root: a letter from A to G, and `bb`, `b`, `#`, `##` or nothing. */
  readonly root: string;
  /** Suffix: one of {@linkcode CHORD_SUFFIXES}. */
  readonly suffix: string;
  /** Bass, as the root; undefined where it is the root. */
  readonly bass?: string;
}

/** Suffixes of chord symbols in the order of the chord types of Yamaha's XF format (version 2.01). */
export const CHORD_SUFFIXES: readonly string[] = [
  ...["", "6", "maj7", "maj7#11", "add9", "maj9", "69", "aug"],
  ...["m", "m6", "m7", "m7b5", "madd9", "m9", "m11", "mMaj7", "mMaj9", "dim", "dim7"],
  ...["7", "7sus4", "7b5", "9", "7#11", "13", "7b9", "7b13", "7#9", "maj7#5", "7#5"],
  ...["", "5", "sus4", "sus2"], // the first of them: an octave without third and fifth
];

/** XF's chord type for "no chord", and its mark of a bass that is the root. */
const NONE = 34, NO_BASS = 0x7f;

/** Manufacturer and identifiers of XF's chord event. */
const XF_CHORD = [0x43, 0x7b, 0x01];

const LETTERS = "CDEFGAB", ACCIDENTALS = ["bbb", "bb", "b", "", "#", "##", "###"];

/** A chord symbol's parts; undefined if it is none with a known suffix. */
export function chordParts(symbol: string): ChordParts | undefined {
  const [, root, suffix, bass] =
    /^([A-G](?:bb?|##?)?)([^/]*)(?:\/([A-G](?:bb?|##?)?))?$/.exec(symbol) ?? [];
  if (root === undefined || !CHORD_SUFFIXES.includes(suffix!)) return undefined;
  return { root, suffix: suffix!, ...(bass === undefined ? {} : { bass }) };
}

/**
 * Encodes a chord symbol as a meta event: XF's, which other programs read, too.
 * @throws {RangeError} if it is no chord symbol
 */
export function chordEvent(symbol: string): number[] {
  const parts = chordParts(symbol);
  if (!parts && symbol !== NO_CHORD_SYMBOL) {
    throw new RangeError(`Cannot write MIDI: "${symbol}" is not a chord symbol`);
  }
  const [root, type, bass] = parts
    ? [tone(parts.root), CHORD_SUFFIXES.indexOf(parts.suffix), parts.bass && tone(parts.bass)]
    : [tone("C"), NONE];
  return [0xff, 0x7f, 7, ...XF_CHORD, root, type, ...bass ? [bass, type] : [NO_BASS, NO_BASS]];
}

/** The chord symbol in the data of a sequencer-specific meta event; undefined if there is none. */
export function symbolIn(data: Uint8Array): string | undefined {
  if (data.length < 5 || XF_CHORD.some((byte, i) => data[i] !== byte)) return undefined;
  const [root, type, bass = NO_BASS] = data.subarray(XF_CHORD.length);
  if (type === NONE) return NO_CHORD_SYMBOL;
  const suffix = CHORD_SUFFIXES[type!], name = toneName(root!), lowest = toneName(bass);
  if (suffix === undefined || name === undefined) return undefined;
  return name + suffix + (lowest === undefined || lowest === name ? "" : `/${lowest}`);
}

/** XF's byte for a note name: its accidental, then its letter from 1 on. */
function tone(name: string): number {
  return ACCIDENTALS.indexOf(name.slice(1)) << 4 | LETTERS.indexOf(name[0]!) + 1;
}

function toneName(byte: number): string | undefined {
  const letter = LETTERS[(byte & 15) - 1], accidental = ACCIDENTALS[byte >> 4];
  return letter === undefined || accidental === undefined || accidental.length > 2
    ? undefined
    : letter + accidental;
}
