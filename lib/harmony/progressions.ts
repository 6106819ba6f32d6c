import type { Random } from "../random.ts";
import { bassOf, type Chord, sameChord, transposeChord } from "../tokens/chord.ts";
import type { Key } from "../tokens/key.ts";
import type { PlannedChord } from "../tokens/plan.ts";
import { keyOfChords } from "./scale.ts";
import type { ChordBar, ChordSheet } from "./sheet.ts";

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

/** Chords of a bar as text, by which bars are counted. */
type Word = string;

/** Bars that follow in a context. */
interface Following {
  /** Counts by word, with the chords in C major or A minor. */
  readonly bars: Map<Word, { count: number; readonly bar: HalfBars }>;
  /** Sum of the counts. */
  total: number;
}

/** The chord progressions of a corpus: n-grams of bars in C major or A minor. */
export interface Progressions {
  /** Following bars by context, see {@linkcode contextsOf}. */
  readonly after: ReadonlyMap<string, Following>;
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
 * piece without a key is in the one that fits its chords best.
 */
export function learnProgressions(
  corpus: readonly (Progression & { readonly key?: Key })[],
): Progressions {
  const after = new Map<string, Following>();
  for (const { bars, ends, key = keyOfChords(bars.flat()) } of corpus) {
    const inC = bars.map((bar) => transposeBar(bar, -semitonesFromC(key)));
    const words = inC.map((bar) => wordOf(bar));
    for (const [at, word] of words.entries()) {
      const isLast = ends && at === words.length - 1;
      for (const context of contextsOf(words, at, key.mode, isLast)) {
        const following = after.get(context) ?? { bars: new Map(), total: 0 };
        const known = following.bars.get(word);
        if (known) known.count++;
        else following.bars.set(word, { count: 1, bar: inC[at]! });
        following.total++;
        after.set(context, following);
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
  const by = -semitonesFromC(key), kinds = after.get(key.mode)?.bars.size ?? 0;
  const words = bars.map((bar, at) => at < from - 2 ? "" : wordOf(bar, by));
  const probability = (at: number) =>
    contextsOf(words, at, key.mode, ends && at === words.length - 1)
      .reduceRight((shorter, context) => {
        const following = after.get(context);
        if (!following) return shorter;
        const { bars: { size }, total } = following;
        const count = following.bars.get(words[at]!)?.count ?? 0;
        return (count + size * shorter) / (total + size);
      }, 1 / (kinds + 1));
  return words.slice(from).map((_, index) => Math.log(probability(from + index)));
}

/** Occurrences of a context from which it is preferred to shorter ones in sampling. */
const ENOUGH = 3;

/**
 * Samples a progression bar by bar.
 * @param count bars, at least 1
 * @param ends whether the last bar closes
 */
export function sampleProgression(
  { after }: Progressions,
  { key, count, beatsPerBar, ends }: {
    readonly key: Key;
    readonly count: number;
    readonly beatsPerBar: number;
    readonly ends: boolean;
  },
  random: Random,
): ChordBar[] {
  const words: Word[] = [], bars: HalfBars[] = [];
  for (let at = 0; at < count; at++) {
    const following = contextsOf(words, at, key.mode, ends && at === count - 1)
      .map((context) => after.get(context))
      .filter((one) => one !== undefined);
    const chosen = following.find(({ total }) => total >= ENOUGH) ?? following.at(-1);
    const bar = chosen ? sampled(chosen, random) : [null, null] as const;
    words.push(wordOf(bar));
    bars.push(transposeBar(bar, semitonesFromC(key)));
  }
  let before: Chord | null = null;
  return bars.map(([first, second]): ChordBar => {
    const start = first ?? before, middle = second ?? start;
    before = middle;
    return [
      { beat: 0, chord: start },
      ...(second && !sameChord(middle, start) ? [{ beat: beatsPerBar / 2, chord: middle }] : []),
    ];
  });
}

/** Contexts of a bar from the longest to the shortest. */
function contextsOf(
  words: readonly Word[],
  at: number,
  mode: Key["mode"],
  isLast: boolean,
): string[] {
  const place = isLast ? "end" : `${at % PHRASE}`;
  const [one = "^", two = "^"] = [words[at - 1], words[at - 2]];
  return [
    `${mode}|${place}|${two}|${one}`,
    `${mode}|${place}|${one}`,
    `${mode}||${one}`,
    `${mode}|${place}`,
    mode,
  ];
}

/** A bar's chords transposed by semitones. */
export function transposeBar([start, middle]: HalfBars, semitones: number): HalfBars {
  return [
    start && transposeChord(start, semitones),
    middle && transposeChord(middle, semitones),
  ];
}

/** A bar's chords, transposed by −12 to 12 semitones, as text. */
function wordOf([start, middle]: HalfBars, semitones = 0): Word {
  const move = (one: number) => (one + semitones + 12) % 12;
  const text = (chord: Chord | null) =>
    chord ? `${move(chord.root)}${chord.quality}${move(bassOf(chord))}` : "-";
  return `${text(start)} ${text(middle)}`;
}

/** Semitones from C major or A minor. */
function semitonesFromC({ tonic, mode }: Key): number {
  return mode === "major" ? tonic : (tonic + 3) % 12;
}

function sampled({ bars, total }: Following, random: Random): HalfBars {
  let left = random.next() * total, last: HalfBars = [null, null];
  for (const { count, bar } of bars.values()) {
    last = bar;
    left -= count;
    if (left < 0) break;
  }
  return last;
}
