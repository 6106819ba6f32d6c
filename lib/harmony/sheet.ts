import type { Chord } from "../tokens/chord.ts";
import type { Key } from "../tokens/key.ts";

/** A chord, and where in its bar it begins. */
export interface PlacedChord {
  /** Beats from the bar line, 0 or more; not always whole. */
  readonly beat: number;
  /** Null where there is no chord. */
  readonly chord: Chord | null;
}

/** A bar of a chord sheet: its chords by beat, the first at beat 0; a chord that goes on stands again. */
export type ChordBar = readonly PlacedChord[];

/** What a chord sheet says: a song's chords, bar by bar, with all repeats written out. */
export interface ChordSheet {
  /** At least one. */
  readonly bars: readonly ChordBar[];
  /** Beats in each bar: the numerator of its metre. */
  readonly beatsPerBar: number;
  readonly key?: Key;
  readonly title?: string;
  /** What was read otherwise than it stands, or left out; one sentence each. */
  readonly notices: readonly string[];
}

/** No sheet has more bars, repeats written out. */
export const MOST_SHEET_BARS = 4096;

/** Slots of equal length that a bar is divided into; `undefined`: the chord before goes on. */
export type Slots = readonly (Chord | null | undefined)[];

/**
 * The chords of a bar whose slots have equal lengths.
 * @param before the chord that goes on from the bar before
 * @returns undefined if the slots do not fall on beats or halves of beats
 */
export function barOfSlots(
  slots: Slots,
  beatsPerBar: number,
  before: Chord | null,
): ChordBar | undefined {
  const perSlot = beatsPerBar / slots.length;
  if (!Number.isInteger(2 * perSlot) && !Number.isInteger(slots.length / beatsPerBar)) {
    return undefined;
  }
  if (perSlot < 0.25) return undefined;
  const bar: PlacedChord[] = [];
  for (const [at, slot] of slots.entries()) {
    if (at === 0) bar.push({ beat: 0, chord: slot === undefined ? before : slot });
    else if (slot !== undefined) bar.push({ beat: at * perSlot, chord: slot });
  }
  return bar;
}

/** The chord with which a bar ends. */
export function lastChord(bar: ChordBar | undefined): Chord | null {
  return bar?.at(-1)?.chord ?? null;
}

/** A bar as it stands on the sheet, with the repeat signs at it. */
export interface WrittenBar {
  readonly bar: ChordBar;
  /** Whether a repeat begins with it. */
  readonly begins?: boolean;
  /** How often, all in all, the bars are played whose repeat ends with it. */
  readonly times?: number;
  /** Number of the ending that it begins or belongs to. */
  readonly ending?: number;
}

/**
 * Bars in the order in which they are played. A repeat without a beginning goes back to the end of the
 * one before; after a first ending, the bars before it are played again and then what follows.
 * @throws {RangeError} beyond {@linkcode MOST_SHEET_BARS}
 */
export function unfold(written: readonly WrittenBar[]): ChordBar[] {
  const played: ChordBar[] = [];
  let from = 0;
  const play = (bars: readonly WrittenBar[]) => {
    if (played.length + bars.length > MOST_SHEET_BARS) {
      throw new RangeError(`it has more than ${MOST_SHEET_BARS} bars with its repeats`);
    }
    for (const { bar } of bars) played.push(bar);
  };
  for (const [at, one] of written.entries()) {
    if (one.begins) from = at;
    play([one]);
    if (one.times === undefined) continue;
    const section = written.slice(from, at + 1);
    if (one.ending === undefined) {
      for (let time = 1; time < one.times; time++) play(section);
      from = at + 1;
    } else play(section.slice(0, section.findIndex(({ ending }) => ending !== undefined)));
  }
  return played;
}
