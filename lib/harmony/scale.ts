import { type Chord, chordTones } from "../tokens/chord.ts";
import { type Key, keyFits, KEYS } from "../tokens/key.ts";

/** Scale degrees in semitones; minor has both sevenths. */
const SCALES = {
  major: new Set([0, 2, 4, 5, 7, 9, 11]),
  minor: new Set([0, 2, 3, 5, 7, 8, 10, 11]),
} as const;

/** Whether a pitch class belongs to the scale of a key; in minor, natural or harmonic. */
export function isInScale(pitchClass: number, { tonic, mode }: Key): boolean {
  return SCALES[mode].has((pitchClass - tonic + 12) % 12);
}

/** Key that best fits the notes of chords, with roots counted twice; `null` is no chord. */
export function keyOfChords(chords: Iterable<Chord | null>): Key {
  const counts = new Array<number>(12).fill(0);
  for (const chord of chords) {
    if (!chord) continue;
    for (const one of [chord.root, ...chordTones(chord)]) counts[one]!++;
  }
  const fits = keyFits(counts);
  return KEYS[fits.indexOf(Math.max(...fits))]!;
}
