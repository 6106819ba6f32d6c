import { inOtherMode, type Key } from "./key.ts";

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
  const tones = new Set(chordTones(chord).map(move)), root = move(chord.root), { bass } = chord;
  const quality = qualityWith(root, tones, [chord.quality, ...CHORD_QUALITIES]);
  return quality ? chordOf(root, quality, bass === undefined ? undefined : move(bass)) : null;
}

/** The first quality whose chord on a root has exactly these tones, if there is one. */
export function qualityWith(
  root: number,
  tones: ReadonlySet<number>,
  qualities = CHORD_QUALITIES,
): ChordQuality | undefined {
  return qualities.find((quality) => {
    const own = new Set(chordTones({ root, quality }));
    return own.size === tones.size && own.isSubsetOf(tones);
  });
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
