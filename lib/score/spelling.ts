import { triadOf } from "../evaluate/features/key.ts";
import { classAt, letterAt, placeNear, semitonesAboveC, type WrittenKey } from "../tokens/key.ts";
import type { SheetBar } from "./sheet.ts";
import type { SegmentNote } from "./voices.ts";

/** Notation of a pitch. */
export interface Spelling {
  readonly letter: string;
  /** Semitones by which the letter is raised, −2 to 2. */
  readonly alter: number;
  /** Octave number: middle C begins octave 4. */
  readonly octave: number;
}

/**
 * Spelling of a pitch in a key: its scale, and beside it in major from the flat third to the sharp
 * fifth, in minor from the flat second to the sharp fourth (the usual chromatic notes, as twelve
 * neighbours on the line of fifths; Temperley, The Cognition of Basic Musical Structures, 2001). A
 * pitch that would need a double accidental, and is in the signature's own scale, is spelled as in
 * that scale.
 * @param key of the music around it
 * @param signature the key of the signature
 */
export function spell(
  pitch: number,
  { fifths, mode }: Pick<WrittenKey, "fifths" | "mode">,
  signature?: Pick<WrittenKey, "fifths">,
): Spelling {
  const place = placeIn(pitch % 12, { fifths, mode }, signature);
  return spellingAt(pitch, place);
}

/** Position of a pitch class on the line of fifths in a key. */
function placeIn(
  pitchClass: number,
  { fifths, mode }: Pick<WrittenKey, "fifths" | "mode">,
  signature?: Pick<WrittenKey, "fifths">,
): number {
  const lowest = fifths + (mode === "major" ? -3 : -2);
  const local = placeNear(pitchClass, lowest + 6);
  const scale = (signature?.fifths ?? fifths) - 1; // the first of its seven notes
  const own = placeNear(pitchClass, scale + 6);
  const isDouble = Math.abs(letterAt(local).alter) === 2;
  return isDouble && own < scale + 7 ? own : local;
}

function spellingAt(pitch: number, place: number): Spelling {
  const { letter, alter } = letterAt(place);
  const octave = Math.floor((pitch - alter - semitonesAboveC(letter, "")) / 12 + 1e-9) - 1;
  return { letter, alter, octave };
}

/** Spelling of each note of a score. */
export type Spellings = ReadonlyMap<SegmentNote, Spelling>;

/** Least share of a half bar's sound that a triad's notes make up for it to be in that triad. */
const MOST_OF_IT = 0.75;

/**
 * Spellings of a score: triads in thirds, all other notes according to their key; a tied note keeps
 * its name.
 */
export function spellingsOf(bars: readonly SheetBar[]): Spellings {
  const spellings = new Map<SegmentNote, Spelling>();
  const before = new Map<string, Spelling>(); // per staff and pitch
  for (const bar of bars) {
    const halves = [0, 1].map((half) => triadPlaces(bar, half));
    bar.staves.forEach(({ voices }, staff) => {
      for (const { start, notes } of voices.flat().sort((a, b) => a.start - b.start)) {
        const half = halves[2 * (start - bar.start) < bar.length ? 0 : 1]!;
        for (const note of notes) {
          const key = `${staff} ${note.pitch}`, tied = note.tiedFrom && before.get(key);
          const place = half.get(note.pitch % 12);
          const spelling = tied ||
            (place === undefined
              ? spell(note.pitch, bar.local, bar.key)
              : spellingAt(note.pitch, place));
          spellings.set(note, spelling);
          before.set(key, spelling);
        }
      }
    });
  }
  return spellings;
}

/** Positions on the line of fifths of the triad in half of a bar; empty where there is none. */
function triadPlaces(bar: SheetBar, half: number): Map<number, number> {
  const from = bar.start + half * bar.length / 2, to = from + bar.length / 2;
  const classes = new Array<number>(12).fill(0);
  for (const { start, end, notes } of bar.staves.flatMap(({ voices }) => voices.flat())) {
    const sounds = Math.max(0, Math.min(end, to) - Math.max(start, from));
    for (const { pitch } of notes) classes[pitch % 12]! += sounds;
  }
  const triad = triadOf(classes);
  if (triad === null || triad.share < MOST_OF_IT) return new Map();
  const { root } = triad, has = (semitones: number) => classes[(root + semitones) % 12]! > 0;
  const third = has(4) ? 4 : has(3) ? -3 : undefined, fifth = has(7) ? 1 : undefined;
  if (third === undefined || fifth === undefined || has(3) && has(4)) return new Map();
  const middle = bar.local.fifths + (bar.local.mode === "major" ? 2 : 3);
  const usual = placeIn(root, bar.local, bar.key);
  const readings = [usual, usual - 12, usual + 12]
    .map((place) => [place, place + third, place + fifth])
    .filter((places) => places.every((place) => Math.abs(letterAt(place).alter) < 2));
  if (readings.length === 0) return new Map();
  const far = (places: readonly number[]) =>
    places.reduce((sum, place) => sum + Math.abs(place - middle), 0);
  const best = readings.reduce((a, b) => far(b) < far(a) ? b : a);
  return new Map(best.map((place) => [classAt(place), place]));
}
