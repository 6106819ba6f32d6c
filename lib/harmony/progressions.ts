import { bassOf, type Chord, CHORD_QUALITIES, transposeChord } from "../tokens/chord.ts";
import type { Key } from "../tokens/key.ts";
import type { PlannedChord } from "../tokens/plan.ts";
import { keyOfChords } from "./scale.ts";
import type { ChordSheet } from "./sheet.ts";

/** Length of a phrase in bars. */
const PHRASE = 4;

/** Chords of a bar: the one at its beginning and the one in its middle; null is none. */
export type HalfBars = readonly [start: Chord | null, middle: Chord | null];

/** The chord progression of a piece. */
export interface Progression {
  /** Chords of its bars, from the first whole one on. */
  readonly bars: readonly HalfBars[];
  /** Whether its last bar is the end of the piece. */
  readonly ends: boolean;
}

/** Chords of a bar as a number from 1, by which bars are counted. */
export type Word = number;

/** Bars that follow in a context. */
export interface Following {
  /** Counts by word, whose chords are in C major or A minor. */
  readonly bars: Map<Word, number>;
  /** Sum of the counts. */
  total: number;
}

/** The chord progressions of a corpus: n-grams of bars in C major or A minor. */
export interface Progressions {
  /** Following bars by context, see {@linkcode contextsOf}. */
  readonly after: ReadonlyMap<number, Following>;
}

/** Chords of the halves of a bar. @param middle step of the second half */
export function halfBars(chords: readonly PlannedChord[], middle: number): HalfBars {
  const at = (step: number) => chords.findLast((one) => one.step <= step)?.chord ?? null;
  return [at(0), at(middle)];
}

/** The progression of a chord sheet. */
export function progressionOf({ bars, beatsPerBar }: ChordSheet, ends: boolean): Progression {
  return {
    bars: bars.map((bar) =>
      halfBars(bar.map(({ beat, chord }) => ({ step: beat, chord })), beatsPerBar / 2)
    ),
    ends,
  };
}

/**
 * Learns the progressions of a corpus: n-grams of bars relative to the key of their piece, whose
 * context is up to two bars, the place in a phrase of four bars, and whether the piece ends. A
 * piece without a key gets the one that fits its chords best.
 */
export function learnProgressions(
  corpus: readonly (Progression & { readonly key?: Key })[],
): Progressions {
  const after = new Map<number, Following>();
  for (const { bars, ends, key = keyOfChords(bars.flat()) } of corpus) {
    const by = -semitonesFromC(key), words = bars.map((bar) => wordOf(bar, by));
    for (const [at, word] of words.entries()) {
      const isLast = ends && at === words.length - 1;
      for (const context of contextsOf(words, at, key.mode, isLast)) {
        let following = after.get(context);
        if (!following) after.set(context, following = { bars: new Map(), total: 0 });
        following.bars.set(word, (following.bars.get(word) ?? 0) + 1);
        following.total++;
      }
    }
  }
  return { after };
}

/**
 * ln of the probability of each of some bars, by n-grams that back off to shorter contexts (Witten
 * and Bell 1991).
 * @param from index of the first bar that counts; those before are its context
 */
export function logProbabilities(
  { after }: Progressions,
  { bars, ends }: Progression,
  key: Key,
  from: number,
): number[] {
  const by = -semitonesFromC(key), kinds = after.get(contextOf(key.mode))?.bars.size ?? 0;
  const words = bars.map((bar, at) => at < from - 2 ? NO_WORD : wordOf(bar, by));
  return words.slice(from).map((word, index) => {
    const at = from + index, isLast = ends && at === words.length - 1;
    return Math.log(
      contextsOf(words, at, key.mode, isLast).reduceRight((shorter, context) => {
        const following = after.get(context);
        if (!following) return shorter;
        const { bars, total } = following;
        return ((bars.get(word) ?? 0) + bars.size * shorter) / (total + bars.size);
      }, 1 / (kinds + 1)),
    );
  });
}

/** Contexts of a bar from the longest to the shortest. */
export function contextsOf(
  words: readonly Word[],
  at: number,
  mode: Key["mode"],
  isLast: boolean,
): number[] {
  const place = isLast ? PHRASE : at % PHRASE;
  const one = words[at - 1] ?? NO_WORD, two = words[at - 2] ?? NO_WORD;
  return [
    contextOf(mode, place, one, two),
    contextOf(mode, place, one),
    contextOf(mode, ANY_PLACE, one),
    contextOf(mode, place),
    contextOf(mode),
  ];
}

/** In place of the word of a bar before the first one. */
const NO_WORD: Word = 0;

/** Numbers of chords (0: none) and of words, and the place in a phrase that stands for any. */
export const CHORDS = 12 * CHORD_QUALITIES.length * 12 + 1;
const WORDS = CHORDS ** 2 + 1,
  ANY_PLACE = PHRASE + 1;

/** A context as a number: whole up to 2⁵³. */
function contextOf(mode: Key["mode"], place = ANY_PLACE, one?: Word, two?: Word): number {
  const length = two !== undefined ? 2 : one !== undefined ? 1 : 0;
  const kind = ((mode === "major" ? 0 : 3) + length) * (ANY_PLACE + 1) + place;
  return (kind * WORDS + (two ?? 0)) * WORDS + (one ?? 0);
}

/** A bar's chords transposed by semitones. */
export function transposeBar([start, middle]: HalfBars, semitones: number): HalfBars {
  return [
    start && transposeChord(start, semitones),
    middle && transposeChord(middle, semitones),
  ];
}

/** Number of each chord quality. */
const QUALITY = new Map(CHORD_QUALITIES.map((quality, number) => [quality, number]));

/** The word of a bar without chords. */
export const NO_CHORDS: Word = 1;

/** A bar's chords, transposed by −12 to 12 semitones, as a word. */
function wordOf([start, middle]: HalfBars, semitones = 0): Word {
  const move = (one: number) => (one + semitones + 12) % 12;
  const number = (chord: Chord | null) =>
    chord
      ? 1 + (move(chord.root) * QUALITY.size + QUALITY.get(chord.quality)!) * 12 +
        move(bassOf(chord))
      : 0;
  return NO_CHORDS + number(start) * CHORDS + number(middle);
}

/** Semitones from C major or A minor. */
export function semitonesFromC({ tonic, mode }: Key): number {
  return mode === "major" ? tonic : (tonic + 3) % 12;
}
