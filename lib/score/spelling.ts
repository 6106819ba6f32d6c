import { letterAt, placeNear, semitonesAboveC, type WrittenKey } from "../tokens/key.ts";

/** How a pitch is written. */
export interface Spelling {
  readonly letter: string;
  /** Semitones by which the letter is raised, −2 to 2. */
  readonly alter: number;
  /** Middle C begins octave 4. */
  readonly octave: number;
}

/**
 * Spelling of a pitch in a key: its scale, and beside it in major from the flat third to the sharp
 * fifth, in minor from the flat second to the sharp fourth (the chromatic notes in use, as twelve
 * neighbours on the line of fifths; Temperley, The Cognition of Basic Musical Structures, 2001). What
 * would need a double accidental, and is in the signature's own scale, is written so.
 * @param key of the music around it
 * @param signature the key of the signature
 */
export function spell(
  pitch: number,
  { fifths, mode }: Pick<WrittenKey, "fifths" | "mode">,
  signature?: Pick<WrittenKey, "fifths">,
): Spelling {
  const lowest = fifths + (mode === "major" ? -3 : -2);
  const local = placeNear(pitch % 12, lowest + 6);
  const scale = (signature?.fifths ?? fifths) - 1; // the first of its seven notes
  const own = placeNear(pitch % 12, scale + 6);
  const isDouble = Math.abs(letterAt(local).alter) === 2;
  const { letter, alter } = letterAt(isDouble && own < scale + 7 ? own : local);
  const octave = Math.floor((pitch - alter - semitonesAboveC(letter, "")) / 12 + 1e-9) - 1;
  return { letter, alter, octave };
}
