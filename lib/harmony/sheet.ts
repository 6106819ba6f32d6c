import type { Chord } from "../tokens/chord.ts";
import type { Key } from "../tokens/key.ts";

/** A chord with its position in a bar. */
export interface PlacedChord {
  /** Beats from the bar line, 0 or more; may be fractional. */
  readonly beat: number;
  /** Chord, or null where there is none. */
  readonly chord: Chord | null;
}

/**
 * A bar of a chord sheet: its chords by beat, the first at beat 0; a chord held from the bar before
 * is repeated.
 */
export type ChordBar = readonly PlacedChord[];

/** A chord sheet: a song's chords, bar by bar, with all repeats written out. */
export interface ChordSheet {
  /** Bars, at least one. */
  readonly bars: readonly ChordBar[];
  /** Beats in each bar: the numerator of its metre. */
  readonly beatsPerBar: number;
  readonly key?: Key;
  readonly title?: string;
  /** Deviations from the source and omissions, one sentence each. */
  readonly notices: readonly string[];
}

/** Most bars in a chord sheet, repeats written out. */
export const MOST_SHEET_BARS = 4096;

/** Slots that divide a bar equally; `undefined`: the chord before goes on. */
type Slots = readonly (Chord | null | undefined)[];

/**
 * Builds a bar from slots of equal length.
 * @param before chord that continues from the bar before
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

/** Chord at the end of a bar. */
export function lastChord(bar: ChordBar | undefined): Chord | null {
  return bar?.at(-1)?.chord ?? null;
}

/** A bar as written on the sheet, with its repeat signs. */
export interface WrittenBar {
  readonly bar: ChordBar;
  /** Whether a repeat begins at this bar. */
  readonly begins?: boolean;
  /** Total number of times the repeated section ending here is played. */
  readonly times?: number;
  /** Number of the ending that begins at or includes this bar. */
  readonly ending?: number;
}

/**
 * Expands repeats, giving bars in playing order. A repeat without a beginning goes back to the end
 * of the one before; after a first ending, the bars before it are played again, then those after
 * it.
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
