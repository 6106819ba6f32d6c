import {
  CHORDS,
  contextsOf,
  type Following,
  type HalfBars,
  NO_CHORDS,
  type Progressions,
  semitonesFromC,
  transposeBar,
  type Word,
} from "../../lib/harmony/progressions.ts";
import type { ChordBar } from "../../lib/harmony/sheet.ts";
import type { Random } from "../../lib/random.ts";
import { type Chord, CHORD_QUALITIES, chordOf, sameChord } from "../../lib/tokens/chord.ts";
import type { Key } from "../../lib/tokens/key.ts";

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
    const word = chosen ? sampled(chosen, random) : NO_CHORDS;
    words.push(word);
    bars.push(transposeBar(barOf(word), semitonesFromC(key)));
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

/** The inverse of `wordOf`. */
function barOf(word: Word): HalfBars {
  const chord = (number: number) => {
    if (number === 0) return null;
    const rest = Math.floor((number - 1) / 12),
      quality = CHORD_QUALITIES[rest % CHORD_QUALITIES.length]!;
    return chordOf(Math.floor(rest / CHORD_QUALITIES.length), quality, (number - 1) % 12);
  };
  const number = word - NO_CHORDS;
  return [chord(Math.floor(number / CHORDS)), chord(number % CHORDS)];
}

function sampled({ bars, total }: Following, random: Random): Word {
  let left = random.next() * total, last = NO_CHORDS;
  for (const [word, count] of bars) {
    last = word;
    left -= count;
    if (left < 0) break;
  }
  return last;
}
