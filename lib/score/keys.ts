import { KEYS } from "../tokens/key.ts";
import type { ScoreBar, ScoreNote } from "./notes.ts";

/** A key, by its place on the line of fifths. */
export interface Key {
  /** Sharps of its signature, flats below 0; -6 to 6. */
  readonly fifths: number;
  readonly mode: "major" | "minor";
}

/**
 * How likely each pitch class, counted from the tonic, is in a stretch of music in a key (Temperley,
 * Music and Probability, 2007, chapter 6: the profiles from the Kostka–Payne corpus).
 */
const PROFILES = {
  major: [0.748, 0.06, 0.488, 0.082, 0.67, 0.46, 0.096, 0.715, 0.104, 0.366, 0.057, 0.4],
  minor: [0.712, 0.084, 0.474, 0.618, 0.049, 0.46, 0.105, 0.747, 0.404, 0.067, 0.133, 0.33],
} as const;

/** What a change of signature costs in nats. */
const SIGNATURE_CHANGE = 20;

/** What a turn of harmony within a signature costs in nats. */
export const LOCAL_CHANGE = 5;

/** What the tonic in the bass adds at the very end, in nats: there pieces are most sure of their key. */
const FINAL_BASS = 6;

/**
 * The key of each bar: the likeliest way through all keys (Temperley 2007), in which every change
 * costs. Changes between keys of one signature cost half.
 * @param notes by start
 * @param change what a change of key costs, in nats
 */
export function keysOf(
  notes: readonly ScoreNote[],
  bars: readonly ScoreBar[],
  change: number = SIGNATURE_CHANGE,
): Key[] {
  const evidence = bars.map((bar) => likelihoods(notes, bar));
  const bass = finalBass(notes);
  KEYS.forEach(({ tonic }, key) => {
    if (bass % 12 === tonic && evidence.length > 0) evidence.at(-1)![key]! += FINAL_BASS;
  });
  const from: number[][] = [];
  let scores = evidence[0] ?? [];
  for (const likelihood of evidence.slice(1)) {
    const before = scores, choices: number[] = [];
    scores = likelihood.map((own, key) => {
      let best = key;
      const reached = (other: number) => before[other]! - cost(other, key, change);
      KEYS.forEach((_, other) => {
        if (reached(other) > reached(best)) best = other;
      });
      choices.push(best);
      return own + reached(best);
    });
    from.push(choices);
  }
  let key = scores.indexOf(Math.max(...scores));
  const path = [key];
  for (const choices of from.reverse()) path.unshift(key = choices[key]!);
  return path.map((key) => written(KEYS[key]!));
}

function cost(before: number, after: number, change: number): number {
  if (before === after) return 0;
  return written(KEYS[before]!).fifths === written(KEYS[after]!).fifths ? change / 2 : change;
}

/** Log likelihood of a bar's pitch classes in each key; half a bar where it is long. */
function likelihoods(notes: readonly ScoreNote[], { start, length }: ScoreBar): number[] {
  const sums = KEYS.map(() => 0);
  const sounding = new Set<number>();
  for (const { pitch, start: from, end } of notes) {
    if (from < start + length && end > start) sounding.add(pitch % 12);
  }
  if (sounding.size === 0) return sums;
  return KEYS.map(({ tonic, mode }) => {
    let sum = 0;
    for (let pitch = 0; pitch < 12; pitch++) {
      const likely = PROFILES[mode][(pitch - tonic + 12) % 12]!;
      sum += Math.log(sounding.has(pitch) ? likely : 1 - likely);
    }
    return sum;
  });
}

/** The lowest pitch that sounds last. */
function finalBass(notes: readonly ScoreNote[]): number {
  const end = notes.reduce((last, note) => Math.max(last, note.end), 0);
  return notes.filter((note) => note.end === end)
    .reduce((lowest, { pitch }) => Math.min(lowest, pitch), 127);
}

/** A key as it is written: with F sharp rather than G flat in its signature. */
function written({ tonic, mode }: { tonic: number; mode: Key["mode"] }): Key {
  const major = tonic + (mode === "minor" ? 3 : 0);
  return { fifths: (7 * major + 5) % 12 - 5, mode };
}

/** Its name: `A minor`, `E♭ major`. */
export function keyName({ fifths, mode }: Key): string {
  const { letter, alter } = letterAt(fifths + (mode === "minor" ? 3 : 0));
  return `${letter}${["♭", "", "♯"][alter + 1]} ${mode}`;
}

/** How a pitch is written. */
export interface Spelling {
  readonly letter: string;
  /** Semitones that the letter is raised by, -2 to 2. */
  readonly alter: number;
  /** Middle C begins octave 4. */
  readonly octave: number;
}

/** Letters along the line of fifths, from F; their pitch classes. */
const LETTERS = [..."FCGDAEB"],
  CLASSES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** A letter on the line of fifths, on which C is 0, and the semitones that it is raised by. */
function letterAt(place: number): Pick<Spelling, "letter" | "alter"> {
  return { letter: LETTERS[((place + 1) % 7 + 7) % 7]!, alter: Math.floor((place + 1) / 7) };
}

/**
 * How a pitch is written in a key: its scale, and beside it in major from the flat third to the sharp
 * fifth, in minor from the flat second to the sharp fourth (the chromatic notes in use, as twelve
 * neighbours on the line of fifths; Temperley, The Cognition of Basic Musical Structures, 2001). What
 * would need a double accidental, and is in the signature's own scale, is written so.
 * @param key of the music around it
 * @param signature the key of the signature
 */
export function spell(pitch: number, { fifths, mode }: Key, signature?: Key): Spelling {
  const lowest = fifths + (mode === "major" ? -3 : -2);
  const raw = ((pitch % 12) * 7) % 12; // a place on the line of fifths, C is 0
  const local = lowest + ((raw - lowest) % 12 + 12) % 12;
  const scale = (signature?.fifths ?? fifths) - 1; // the first of its seven notes
  const own = scale + ((raw - scale) % 12 + 12) % 12;
  const isDouble = Math.abs(letterAt(local).alter) === 2;
  const { letter, alter } = letterAt(isDouble && own < scale + 7 ? own : local);
  const octave = Math.floor((pitch - alter - CLASSES[letter]!) / 12 + 1e-9) - 1;
  return { letter, alter, octave };
}
