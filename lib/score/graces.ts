import type { TimedNote } from "../midi/music.ts";
import { isLilyPondGrace } from "../midi/typed.ts";

/** A performed note, in beats (quarter notes) from the beginning. */
export interface PlayedNote extends TimedNote {
  readonly part: number;
  /** Pitches of the grace notes before it, in order. */
  readonly graces: readonly number[];
  /** Whether it belongs to a rolled chord. */
  readonly isRolled?: boolean;
}

/** Longest grace note, and its longest lead over the next note, in beats. */
const SHORT = 1 / 11;

/** The same in typed music: LilyPond plays grace notes for 9/40 of their value, here an eighth's. */
const TYPED_SHORT = 0.118;

/** Most grace notes before a note, and their longest lead together, in beats. */
const MOST = 4, LONGEST_LEAD = 1 / 4;

/** Beats without another onset before a grace note, which exclude runs. */
const ALONE = 1 / 7;

/** Least ratio of the main note's length to the grace note's: usually, and with LilyPond's lengths. */
const LONGER = 3, LONGER_THAN_LILYPONDS = 2;

/** Parts of a beat on whose boundaries a main note stands. */
const STRONG = 4;

/** Largest interval between a grace note and its main note, in semitones. */
const MOST_SEMITONES = 12;

/** Tolerance in beats around a note's place in the beat. */
const NEAR = 1 / 60;

/** Divisions of a beat in which two short notes, and several, are written as they stand. */
const PLAIN = [8, 6, 5, 7], FINE = [8, 6, 5, 7, 12, 16, 9, 10, 24, 32];

/** Tuplets whose notes are about as long as LilyPond's grace notes, and their tolerance in beats. */
const LEFT_PLAIN = [9], EXACT = 0.001;

/** Least ratio of the time before a grace note to its own length: in a run, both are alike. */
const RUN = 1.1;

/** Tolerance in beats around a place of a fine division. */
const NEAR_FINE = 0.004;

/**
 * Extracts grace notes from the notes of one hand or both: short notes, one or a few, right before
 * a longer note that is on its place in the beat, or on such a place with the main note right after
 * them, which then belongs there.
 * @param notes by start
 * @param isTyped whether other notes are on their places to the tick
 */
export function takeGraces<Note extends PlayedNote>(
  notes: readonly Note[],
  isTyped: boolean,
): Note[] {
  const onsets = [...Map.groupBy(notes, ({ start }) => start).entries()];
  const kept: Note[] = [];
  for (let index = 0; index < onsets.length;) {
    const count = gracesAt(onsets, index, isTyped), [start] = onsets[index]!;
    const graces = onsets.slice(index, index + count).map(([, [note]]) => note!.pitch);
    const [main, struck] = onsets[index + count]!;
    const from = count > 0 && isStrong(start) ? start : main, last = graces.at(-1) ?? 0;
    const nearest = struck.reduce((a, b) =>
      Math.abs(b.pitch - last) < Math.abs(a.pitch - last) ? b : a
    );
    for (const note of struck) {
      kept.push({
        ...note,
        start: from,
        graces: note === nearest ? [...note.graces, ...graces] : note.graces,
      });
    }
    index += count + 1;
  }
  return kept;
}

type Onset = readonly [start: number, struck: readonly PlayedNote[]];

/** Number of onsets from an index on that are grace notes of the one after them. */
function gracesAt(onsets: readonly Onset[], index: number, isTyped: boolean): number {
  const short = isTyped ? TYPED_SHORT : SHORT;
  const start = onsets[index]![0], before = onsets[index - 1]?.[0] ?? -Infinity;
  const isAlone = start - before >= ALONE;
  for (let count = 1; count <= MOST && index + count < onsets.length; count++) {
    const [last, struck] = onsets[index + count - 1]!, [main, mains] = onsets[index + count]!;
    const longest = lengthOf(struck[0]!);
    if (struck.length > 1 || main - last > short || longest > short) return 0;
    const own = onsets.slice(index, index + count).map(([, [note]]) => note!);
    const ratio = Math.min(...mains.map(lengthOf)) / Math.max(...own.map(lengthOf));
    if (mains.every(({ pitch }) => Math.abs(pitch - struck[0]!.pitch) > MOST_SEMITONES)) continue;
    if (isTyped && ratio >= LONGER_THAN_LILYPONDS && areLilyPonds(before, own, main)) return count;
    if (!isAlone || ratio < LONGER || main - start > LONGEST_LEAD) continue;
    const isPlain = count === 1
      ? areIn(PLAIN, [start, main], isTyped && main - last > SHORT ? NEAR_FINE : 0.02)
      : areIn(FINE, [start, last, main], NEAR_FINE);
    return isStrong(start) !== isStrong(main) && !isPlain ? count : 0;
  }
  return 0;
}

/**
 * Whether notes have the lengths of LilyPond's grace notes, which it takes from the note before, and
 * are not part of a run.
 */
function areLilyPonds(before: number, graces: readonly PlayedNote[], main: number): boolean {
  const starts = [...graces.map(({ start }) => start), main];
  const gaps = graces.map((_, i) => starts[i + 1]! - starts[i]!);
  return isStrong(main) && gaps.every(isLilyPondGrace) && !areIn(LEFT_PLAIN, starts, EXACT) &&
    starts[0]! - before > RUN * gaps[0]! &&
    graces.every((note, i) => lengthOf(note) > gaps[i]! / 2);
}

function lengthOf({ start, end }: PlayedNote): number {
  return end - start;
}

function isStrong(beat: number): boolean {
  return Math.abs(beat * STRONG - Math.round(beat * STRONG)) <= NEAR * STRONG;
}

/** Whether all onsets lie on one of some divisions of the beat. @param most tolerance in beats */
function areIn(divisions: readonly number[], onsets: readonly number[], most: number): boolean {
  return divisions.some((steps) =>
    onsets.every((beat) => Math.abs(beat * steps - Math.round(beat * steps)) < most * steps)
  );
}
