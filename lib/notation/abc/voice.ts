import { type Course, type Marks, passesOf, PLAIN_COURSE } from "../repeats.ts";
import {
  type At,
  type ChordName,
  PLAIN_VELOCITY,
  type WrittenBar,
  type WrittenMetre,
  type WrittenNote,
} from "../score.ts";
import {
  type AbcKey,
  alterOf,
  chordOf,
  fractionOf,
  keyOf,
  metreOf,
  pitchOf,
  tempoOf,
} from "./fields.ts";
import { marksOf, SYMBOL } from "./symbols.ts";

/** A bar of a voice; times in quarter notes from the bar's beginning. */
export interface AbcBar {
  readonly length: number;
  readonly metre: WrittenMetre | undefined;
  readonly notes: readonly WrittenNote[];
  readonly keys: WrittenBar["keys"];
  readonly tempos: WrittenBar["tempos"];
  readonly chords: readonly (At & ChordName)[];
  readonly course: Course;
  /** Letter of the part that begins here. */
  readonly part?: string;
}

/** A note that may be tied to the next one of its pitch. */
type Open = { -readonly [Name in keyof WrittenNote]: WrittenNote[Name] };

/** Reader for the music of one voice, line by line. */
export class VoiceReader {
  readonly bars: AbcBar[] = [];
  unit: number;
  metre: WrittenMetre | undefined;
  #key: AbcKey;
  #notes: Open[] = [];
  #keys: (At & AbcKey)[] = [];
  #tempos: { at: number; beatsPerMinute: number }[] = [];
  #chords: (At & ChordName)[] = [];
  #at = 0;
  #altered = new Map<string, number>(); // by letter and octave, until the bar line
  #tied = new Set<number>(); // pitches whose last note is tied to the next one
  #tuplet = { factor: 1, left: 0 };
  #broken = 1; // factor of the next note after > or <
  #last: Open[] = [];
  #begins = false;
  #endings: ReadonlySet<number> | undefined;
  #marks: Marks = {};
  #part: string | undefined;

  /** @param unit of note lengths, in whole notes */
  constructor(unit: number, metre: WrittenMetre | undefined, key: AbcKey) {
    [this.unit, this.metre, this.#key] = [unit, metre, key];
    this.#keys.push({ ...key, at: 0 });
  }

  /** Reads an inline field such as `K:`. */
  field(name: string, text: string): void {
    if (name === "P") [this.#part] = text;
    else if (name === "K") this.#keys.push({ ...this.#key = keyOf(text), at: this.#at });
    else if (name === "M") this.metre = metreOf(text);
    else if (name === "L") this.unit = fractionOf(text, this.unit);
    else if (name === "Q") {
      const beatsPerMinute = tempoOf(text, this.unit);
      if (beatsPerMinute >= 5 && beatsPerMinute <= 1000) {
        this.#tempos.push({ at: this.#at, beatsPerMinute });
      }
    }
  }

  /** Reads a line of music. */
  music(line: string): void {
    for (const match of line.matchAll(SYMBOL)) {
      const { field, value, text, grace, bar, chord, note, rest, tuplet, broken, tie } = match
        .groups!;
      if (field !== undefined) this.field(field, value!);
      else if (text !== undefined) this.#symbol(text);
      else if (grace !== undefined) this.#grace(grace);
      else if (bar !== undefined) this.#barLine(bar);
      else if (chord !== undefined) this.#chord(chord, match.groups!["chordLength"]!);
      else if (note !== undefined) this.#sound([note], match.groups!["noteLength"]!);
      else if (rest !== undefined) this.#rest(rest, match.groups!["restLength"]!);
      else if (tuplet !== undefined) this.#beginTuplet(tuplet);
      else if (broken !== undefined) this.#break(broken);
      else if (tie !== undefined) this.#tie();
      else this.#marks = { ...this.#marks, ...marksOf(match[0].replace(/^[!+]|[!+]$/g, "")) };
    }
  }

  /** Closes the last bar, which may have no bar line, and returns all bars. */
  finish(): readonly AbcBar[] {
    this.#close(0);
    const last = this.bars.at(-1);
    if (last) {
      this.bars[this.bars.length - 1] = { ...last, course: { ...last.course, ...this.#marks } };
    }
    return this.bars;
  }

  #symbol(text: string): void {
    const chord = chordOf(text);
    if (chord) this.#chords.push({ ...chord, at: this.#at });
    else this.#marks = { ...this.#marks, ...marksOf(text.replace(/^[\^_<>@]/, "")) };
  }

  #pitch(note: string): number | undefined {
    const [, signs, letter, marks] = NOTE.exec(note)!;
    const place = `${letter}${marks}`;
    if (signs !== "") this.#altered.set(place, alterOf(signs!));
    const alter = this.#altered.get(place) ?? this.#key.alters[letter!.toUpperCase()]!;
    const pitch = pitchOf(letter!, marks!) + alter;
    return pitch >= 0 && pitch <= 127 ? pitch : undefined;
  }

  #duration(length: number): number {
    let quarters = 4 * this.unit * length * this.#broken;
    this.#broken = 1;
    if (this.#tuplet.left > 0) {
      quarters *= this.#tuplet.factor;
      this.#tuplet.left--;
    }
    return quarters;
  }

  #sound(notes: readonly string[], length: string, inner: readonly number[] = []): void {
    const duration = this.#duration(fractionOf(length)), tied = this.#tied;
    this.#tied = new Set();
    this.#last = notes.flatMap((note, i): Open[] => {
      const pitch = this.#pitch(note);
      if (pitch === undefined) return [];
      if (note.endsWith("-")) this.#tied.add(pitch);
      return [{
        ...{ pitch, at: this.#at, duration: duration * (inner[i] ?? 1), staff: 0, voice: "" },
        ...{ velocity: PLAIN_VELOCITY, tiedTo: note.endsWith("-"), tiedFrom: tied.has(pitch) },
      }];
    });
    this.#notes.push(...this.#last);
    this.#at += duration * (inner[0] ?? 1);
  }

  #chord(body: string, length: string): void {
    const notes = [...body.matchAll(/([=^_]*[A-Ga-g][',]*)([\d/]*)(-?)/g)];
    this.#sound(
      notes.map(([, note, , tie]) => `${note}${tie}`),
      length,
      notes.map(([, , inner]) => fractionOf(inner!)),
    );
  }

  #rest(kind: string, length: string): void {
    const ofMetre = this.metre ? this.metre.numerator / this.metre.denominator : 1;
    if (kind === "Z" || kind === "X") {
      for (let left = Math.min(100, fractionOf(length)); left > 0; left--) {
        this.#at += 4 * ofMetre * Math.min(1, left);
        if (left > 1) this.#close(0);
      }
    } else this.#at += this.#duration(fractionOf(length));
    this.#last = [];
  }

  #grace(body: string): void {
    const notes = [...body.matchAll(/[=^_]*[A-Ga-g][',]*/g)], group = notes.length;
    notes.forEach(([note], i) => {
      const pitch = this.#pitch(note);
      if (pitch === undefined) return;
      this.#notes.push({
        ...{ pitch, at: this.#at, duration: 0, staff: 0, voice: "", velocity: PLAIN_VELOCITY },
        ...{ tiedTo: false, tiedFrom: false, grace: { before: group - i, group } },
      });
    });
  }

  /** Tuplet: `(3`, or `(p:q:r` for p notes in the time of q over the next r notes. */
  #beginTuplet(text: string): void {
    const [p = 3, q = 0, r = 0] = text.split(":").map((one) => Number(one));
    const compound = this.metre !== undefined && this.metre.numerator % 3 === 0 &&
      this.metre.denominator > 4;
    const usual = [0, 0, 3, 2, 3, compound ? 3 : 2, 2, compound ? 3 : 2, 3, compound ? 3 : 2][p] ??
      2;
    this.#tuplet = { factor: (q || usual) / Math.max(1, p), left: r || p };
  }

  /** Broken rhythm: `>` dots the note before and halves the next; `<` does the opposite. */
  #break(signs: string): void {
    const short = 2 ** -signs.length, long = 2 - short;
    const [before, after] = signs[0] === ">" ? [long, short] : [short, long];
    const was = this.#last[0]?.duration;
    if (was === undefined) return;
    for (const note of this.#last) note.duration *= before;
    this.#at += was * (before - 1);
    this.#broken = after;
  }

  #tie(): void {
    for (const note of this.#last) {
      note.tiedTo = true;
      this.#tied.add(note.pitch);
    }
  }

  #barLine(text: string): void {
    const ends = text.startsWith(":") || text.includes(":|") || text.includes("::");
    this.#close(ends ? 2 : 0);
    if (ends || /\|\||\|\]|\[\|/.test(text)) this.#endings = undefined;
    if (/\|:|::|\]:/.test(text)) this.#begins = true;
    const passes = passesOf(/[\d,\-.]+$/.exec(text)?.[0] ?? "");
    if (passes.size > 0) this.#endings = passes;
  }

  #close(times: number): void {
    this.#altered.clear();
    if (this.#at <= 0) {
      const before = this.bars.at(-1); // a repeat sign separate from its bar line
      if (times > 0 && before) {
        this.bars[this.bars.length - 1] = { ...before, course: { ...before.course, times } };
      }
      return;
    }
    const course = {
      ...{ ...PLAIN_COURSE, begins: this.#begins, times, endings: this.#endings },
      ...this.#marks,
    };
    this.bars.push({
      ...{ length: this.#at, metre: this.metre, notes: this.#notes, keys: this.#keys },
      ...{ tempos: this.#tempos, chords: this.#chords, course },
      ...(this.#part === undefined ? {} : { part: this.#part }),
    });
    [this.#marks, this.#part] = [{}, undefined];
    [this.#notes, this.#keys, this.#tempos, this.#chords] = [[], [], [], []];
    [this.#at, this.#begins, this.#last] = [0, false, []];
  }
}

const NOTE = /^([=^_]*)([A-Ga-g])([',]*)/;
