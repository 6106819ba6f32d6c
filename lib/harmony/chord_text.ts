import type { Chord } from "../tokens/chord.ts";
import { chordSymbol, parseChord } from "../tokens/chord_symbol.ts";
import type { Key } from "../tokens/key.ts";
import { chordOfNumeral, isNumeral } from "./numerals.ts";
import {
  barOfSlots,
  type ChordBar,
  type ChordSheet,
  lastChord,
  unfold,
  type WrittenBar,
} from "./sheet.ts";

/** Context for reading chord text. */
export interface ChordTextOptions {
  /** Key to which numbers and numerals refer. */
  readonly key?: Key;
  /** Beats in a bar; default 4. */
  readonly beatsPerBar?: number;
}

/** A word of chord text with its position. */
interface Word {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

const NO_CHORD = /^(N\.?C\.?|NC)$/i;

/**
 * Parses chords written by a person, one per bar: `Am F C G`. Between bar lines they share the bar
 * (`| Am F | C |`), a dot is one more beat of the chord before (`Am . F G`; without bar lines every
 * word is then a beat), `%` repeats the bar before, `N.C.` is no chord, `|: … :|` is played twice,
 * or three times with `x3` after it or at the end. Chords are symbols (`F#m7b5/E`), or in a key
 * Nashville numbers (`1 5 6- 4`) or Roman numerals (`i iv V7 i`).
 * @throws {Error} that names the word, its place and what is needed there
 */
export function parseChords(
  text: string,
  { key, beatsPerBar = 4 }: ChordTextOptions = {},
): ChordSheet {
  const words = wordsOf(text), written: WrittenBar[] = [];
  const simplified = new Map<string, string>(); // words with more notes than their chords
  let slots: (Chord | null | undefined)[] = [], first: Word | undefined; // of the open bar
  let from = 0, begins = false; // start of a repeat, or of what "x3" may repeat
  const hasLines = words.some(({ text }) => text.includes("|"));
  const hasDots = words.some(({ text }) => text === ".");
  const add = (bar: ChordBar) => {
    written.push({ bar, ...(begins && written.length === from ? { begins } : {}) });
  };
  const closeBar = () => {
    if (slots.length === 0) return;
    const bar = barOfSlots(slots, beatsPerBar, lastChord(written.at(-1)?.bar));
    if (!bar) {
      return refuse(
        first!,
        `its bar has ${slots.length} chords for ${beatsPerBar} beats; write dots for beats on which ` +
          `a chord goes on, such as "C . G ."`,
      );
    }
    add(bar);
    slots = [];
  };
  const repeat = (times: number, word: Word) => {
    const last = written.at(-1);
    if (!last || written.length === from) return refuse(word, "there is nothing to repeat");
    if (!written[from]!.begins) written[from] = { ...written[from]!, begins: true };
    written[written.length - 1] = { ...written.at(-1)!, times };
    [from, begins] = [written.length, false];
  };
  for (const [at, word] of words.entries()) {
    const times = /^[x×](\d{1,3})$/.exec(word.text)?.[1];
    if (/^\|\|?$/.test(word.text)) closeBar();
    else if (word.text === "|:") {
      closeBar();
      if (begins) return refuse(word, 'the repeat before it has no end ":|"');
      [from, begins] = [written.length, true];
    } else if (word.text === ":|") {
      closeBar();
      repeat(2, word);
    } else if (times !== undefined) {
      closeBar();
      const last = written.at(-1);
      if (words[at - 1]?.text !== ":|") repeat(Number(times), word);
      else written[written.length - 1] = { ...last!, times: Number(times) };
    } else if (word.text === "%") {
      closeBar();
      const last = written.at(-1) ?? refuse(word, "there is no bar before it");
      add(last.bar);
    } else {
      if (slots.length === 0) first = word;
      if (word.text === "." && written.length + slots.length === 0) {
        return refuse(word, "there is no chord before it");
      }
      const chord = word.text === "." ? undefined : chordOfWord(word, key);
      if (chord && isSimplified(word.text, chord)) simplified.set(word.text, chordSymbol(chord));
      slots.push(chord);
      if (!hasLines && slots.length === (hasDots ? beatsPerBar : 1)) closeBar();
    }
  }
  const end = { text: text.trim().slice(-12), column: text.trimEnd().length };
  if (begins) return refuse(end, 'a repeat has no end ":|"');
  if (!hasLines && hasDots) {
    while (slots.length % beatsPerBar !== 0) slots.push(undefined);
  }
  closeBar();
  if (written.length === 0) throw new Error(`Cannot read chords: there are none in "${text}"`);
  try {
    const notices = simplified.size === 0
      ? []
      : [`Simplified: ${Array.from(simplified, ([from, to]) => `${from} as ${to}`).join(", ")}.`];
    return { bars: unfold(written), beatsPerBar, notices, ...(key ? { key } : {}) };
  } catch (cause) {
    throw new Error(`Cannot read chords: ${(cause as Error).message}`, { cause });
  }
}

/** Whether a symbol names notes that its chord, one of the known qualities, does not have. */
function isSimplified(symbol: string, { quality }: Chord): boolean {
  if (!/^[A-H]/.test(symbol)) return false;
  return /9|11|13|add|alt|no\d|omit/.test(symbol) ||
    /[#b♯♭+-]5/.test(symbol.slice(1)) && !["m7b5", "dim", "aug"].includes(quality);
}

function refuse(word: Word, why: string): never {
  throw new Error(`Cannot read chords at "${word.text}" (column ${word.column}): ${why}`);
}

/** Splits at spaces and around bar lines. */
function wordsOf(text: string): Word[] {
  return Array.from(
    text.matchAll(/\|:|:\|(?!:)|:\|:|\|\||\||[^\s|:]+/g),
    (match): Word => ({ text: match[0], column: match.index + 1 }),
  ).flatMap((word) =>
    word.text === ":|:"
      ? [{ text: ":|", column: word.column }, { text: "|:", column: word.column + 1 }]
      : [word]
  );
}

function chordOfWord(
  word: Word,
  key: Key | undefined,
): Chord | null {
  if (NO_CHORD.test(word.text)) return null;
  try {
    if (!isNumeral(word.text)) return parseChord(word.text);
    if (key) return chordOfNumeral(word.text, key);
  } catch {
    return refuse(
      word,
      `needed a chord such as "Am", "F#m7b5" or "C/E", a number such as "6-", a numeral such as ` +
        `"V7", ".", "%", "N.C." or a bar line`,
    );
  }
  return refuse(word, "numbers and numerals need a key, such as --key C");
}
