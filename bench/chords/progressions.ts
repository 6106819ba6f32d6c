import type { Random } from "../../lib/random.ts";
import { type Chord, chordSymbol, parseChord, transposeChord } from "../../lib/tokens/chord.ts";
import type { Key } from "../../lib/tokens/key.ts";
import { keyOfChords } from "../../lib/harmony/scale.ts";
import type { ChordBar, ChordSheet } from "../../lib/harmony/sheet.ts";

/** Bars of a phrase. */
const PHRASE = 4;

/** A bar of a progression: the chords of its two halves in C or A minor, as text; `-` is no chord. */
type Word = string;

/** How often bars of chords follow each other, at each place of the phrase. */
export interface Progressions {
  /** By mode and context, how often each bar follows. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<Word, number>>;
  /** How many pieces there are of each mode. */
  readonly pieces: Readonly<Record<Key["mode"], number>>;
}

/** The chords of a piece, per bar those at its beginning and in its middle; null is none. */
export interface Progression {
  readonly bars: readonly (readonly [Chord | null, Chord | null])[];
  /** Whether its last bar is the end of the piece. */
  readonly ends: boolean;
}

/** The progression of a sheet of chords. */
export function progressionOf({ bars, beatsPerBar }: ChordSheet, ends: boolean): Progression {
  const at = (bar: ChordBar, until: number) =>
    bar.findLast(({ beat }) => beat <= until)?.chord ?? null;
  return { bars: bars.map((bar) => [at(bar, 0), at(bar, beatsPerBar / 2)]), ends };
}

/**
 * Progressions of a corpus: n-grams of whole bars of chords, relative to the key of their piece, of
 * which the context is up to two bars, the place in a phrase of four bars and whether the piece ends.
 */
export function learnProgressions(corpus: readonly Progression[]): Progressions {
  const counts = new Map<string, Map<Word, number>>();
  const pieces = { major: 0, minor: 0 };
  for (const { bars, ends } of corpus) {
    const key = keyOfChords(bars.flat());
    pieces[key.mode]++;
    const words = bars.map((bar) => wordOf(bar, key));
    for (const [at, word] of words.entries()) {
      const isLast = ends && at === words.length - 1;
      for (const context of contextsOf(words, at, key.mode, isLast)) {
        const following = counts.get(context) ?? new Map<Word, number>();
        following.set(word, (following.get(word) ?? 0) + 1);
        counts.set(context, following);
      }
    }
  }
  return { counts, pieces };
}

/** A longer context is gone by once it has been met so often; below, a shorter one may be. */
const ENOUGH = 3;

/**
 * A progression sampled from those of a corpus, one bar of chords after the other.
 * @param count bars, at least 1
 * @param ends whether the last bar closes
 */
export function sampleProgression(
  { counts }: Progressions,
  { key, count, beatsPerBar, ends }: {
    readonly key: Key;
    readonly count: number;
    readonly beatsPerBar: number;
    readonly ends: boolean;
  },
  random: Random,
): ChordBar[] {
  const words: Word[] = [];
  for (let at = 0; at < count; at++) {
    const following = contextsOf(words, at, key.mode, ends && at === count - 1)
      .map((context) => counts.get(context))
      .filter((one) => one !== undefined);
    const enough = following.filter((one) => total(one) >= ENOUGH);
    const chosen = enough[0] ?? following.at(-1);
    words.push(chosen ? drawn(chosen, random) : "C C");
  }
  let before: Chord | null = null;
  return words.map((word): ChordBar => {
    const [first, second] = word.split(" ").map((text) => chordIn(text, key));
    const start = first ?? before, middle = second ?? start;
    before = middle ?? null;
    return [
      { beat: 0, chord: start ?? null },
      ...(second && middle && start && chordSymbol(middle) !== chordSymbol(start)
        ? [{ beat: beatsPerBar / 2, chord: middle }]
        : []),
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

function wordOf(bar: readonly (Chord | null)[], key: Key): Word {
  const by = -tonicOf(key);
  return bar.map((chord) => {
    if (!chord) return "-";
    return chordSymbol(transposeChord(chord, by));
  }).join(" ");
}

function chordIn(text: string, key: Key): Chord | undefined {
  return text === "-" ? undefined : transposeChord(parseChord(text), tonicOf(key));
}

/** Semitones from C major or A minor. */
function tonicOf({ tonic, mode }: Key): number {
  return mode === "major" ? tonic : (tonic + 3) % 12;
}

function total(counts: ReadonlyMap<Word, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function drawn(counts: ReadonlyMap<Word, number>, random: Random): Word {
  let left = random.next() * total(counts), last = "";
  for (const [word, count] of counts) {
    last = word;
    left -= count;
    if (left < 0) break;
  }
  return last;
}
