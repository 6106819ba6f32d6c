import { sum } from "../numbers.ts";
import {
  type Chord,
  CHORD_QUALITIES,
  chordOf,
  type ChordQuality,
  chordTones,
} from "../tokens/chord.ts";
import { type Key, KEYS } from "../tokens/key.ts";
import { isInScale } from "./scale.ts";

/** Prior of each quality, relative to a major triad; those left out are never found. */
const QUALITY_PRIORS: Readonly<Partial<Record<ChordQuality, number>>> = {
  maj: 1,
  min: 0.8,
  dim: 0.1,
  aug: 0.02,
  "7": 0.3,
  maj7: 0.03,
  m7: 0.05,
  m7b5: 0.03,
  dim7: 0.06,
  sus2: 0.03,
  sus4: 0.04,
  "6": 0.004,
};

/** Chords that can be found, by quality, then by root. */
export const FOUND_CHORDS: readonly Chord[] = CHORD_QUALITIES
  .filter((quality) => quality in QUALITY_PRIORS)
  .flatMap((quality) => Array.from({ length: 12 }, (_, root) => chordOf(root, quality)));

/** Shares of a chord's root, third, fifth and seventh in the sounding notes. */
const TRIAD_SHARES = [0.32, 0.27, 0.27], SEVENTH_SHARES = [0.25, 0.22, 0.2, 0.17];

/** Relative frequency of notes outside the chord: those of the key, and others. */
const DIATONIC = 1, CHROMATIC = 0.3;

/** Shares of a chord's root, third, fifth and seventh in the bass, and of each other note. */
const BASS_SHARES = [0.64, 0.12, 0.1, 0.05], OTHER_BASS = 0.02;

/**
 * Prior of chords with all notes in the key, of dominants of its chords, of near ones, and of
 * others.
 */
const IN_KEY = 1, DOMINANT = 0.25, NEAR_KEY = 0.1, OUT_OF_KEY = 0.03;

/** Prior of root motion up by 0 to 11 semitones. */
const MOVES = [0.35, 0.25, 0.6, 0.3, 0.3, 1, 0.12, 0.7, 0.35, 0.45, 0.55, 0.25];

/** Weights of the priors of chords and of root motion, 1 being full weight. */
const CHORD_WEIGHT = 0.7, MOVE_WEIGHT = 0.5;

/** Weighted log prior of root motion, by semitones up. */
export const MOVE_LOGS: readonly number[] = logs(MOVES, MOVE_WEIGHT);

/** Weighted log prior of a change from or to no chord. */
export const NEUTRAL_MOVE_LOG: number = MOVE_WEIGHT * Math.log(1 / 12);

/** Weighted log prior of no chord, comparable to {@linkcode chordLogsIn}. */
export const NO_CHORD_LOG: number = CHORD_WEIGHT * Math.log(0.02);

const chordLogsByKey: (readonly number[])[] = [];

/** Weighted log prior of each chord of {@linkcode FOUND_CHORDS} in one of {@linkcode KEYS}. */
export function chordLogsIn(key: number): readonly number[] {
  const prior = (one: Chord) => QUALITY_PRIORS[one.quality]! * usualIn(one, KEYS[key]!);
  return chordLogsByKey[key] ??= logs(FOUND_CHORDS.map(prior), CHORD_WEIGHT);
}

const classLogsByKey: (readonly Float64Array[])[] = [];

/**
 * Log-likelihood of each pitch class sounding, per chord, in one of {@linkcode KEYS}; computed once
 * per key.
 */
export function classLogsIn(key: number): readonly Float64Array[] {
  return classLogsByKey[key] ??= FOUND_CHORDS.map((chord) => classLogs(chord, KEYS[key]!));
}

/** Log-likelihood of each pitch class in the bass, per chord. */
export const BASS_LOGS: readonly Float64Array[] = FOUND_CHORDS.map((chord) => {
  const tones = chordTones(chord);
  return Float64Array.from({ length: 12 }, (_, pitchClass) => {
    const at = tones.indexOf(pitchClass);
    return Math.log(at < 0 ? OTHER_BASS : BASS_SHARES[at]!);
  });
});

function classLogs(chord: Chord, key: Key): Float64Array {
  const tones = chordTones(chord);
  const shares = tones.length === 3 ? TRIAD_SHARES : SEVENTH_SHARES;
  const rest = 1 - sum(shares);
  const others: number[] = Array.from(
    { length: 12 },
    (_, one) => tones.includes(one) ? 0 : isInScale(one, key) ? DIATONIC : CHROMATIC,
  );
  const all = sum(others);
  return Float64Array.from(others, (each, one) => {
    const at = tones.indexOf(one);
    return Math.log(at < 0 ? rest * each / all : shares[at]!);
  });
}

function usualIn(chord: Chord, key: Key): number {
  const outside = chordTones(chord).filter((one) => !isInScale(one, key)).length;
  if (outside === 0) return IN_KEY;
  const isMajor = chord.quality === "7" || chord.quality === "maj";
  if (isMajor && isInScale((chord.root + 5) % 12, key)) return DOMINANT;
  return outside === 1 ? NEAR_KEY : OUT_OF_KEY;
}

function logs(values: readonly number[], weight: number): number[] {
  const all = sum(values);
  return values.map((value) => weight * Math.log(value / all));
}
