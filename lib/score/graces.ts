/** A performed note, in beats (quarter notes) from the beginning. */
export interface PlayedNote {
  readonly pitch: number;
  readonly start: number;
  readonly end: number;
  readonly part: number;
  /** Pitches of the grace notes before it, in order. */
  readonly graces: readonly number[];
}

/** Longest grace note, and its longest lead over the main note, in beats. */
const SHORT = 1 / 11;

/** Beats without another onset before a grace note, which exclude runs. */
const ALONE = 1 / 7;

/** Least ratio of the main note's length to the grace note's. */
const LONGER = 3;

/** Parts of a beat on whose boundaries a main note stands. */
const STRONG = 4;

/** Largest interval between a grace note and its main note, in semitones. */
const MOST_SEMITONES = 12;

/** Tolerance in beats around a note's place in the beat. */
const NEAR = 1 / 60;

/**
 * Extracts grace notes from the notes of one hand or both: single short notes right before a longer
 * note that is on its place in the beat, or on such a place with the main note right after it,
 * which then belongs there.
 * @param notes by start
 */
export function takeGraces<Note extends PlayedNote>(notes: readonly Note[]): Note[] {
  const onsets = [...Map.groupBy(notes, ({ start }) => start).entries()];
  const kept: Note[] = [];
  let graces: number[] = [], moved: number | undefined;
  for (const [index, [start, struck]] of onsets.entries()) {
    const [next, main] = onsets[index + 1] ?? [], before = onsets[index - 1]?.[0] ?? -Infinity;
    const longest = Math.max(...struck.map((note) => note.end - note.start));
    const isGrace = next !== undefined && main !== undefined && struck.length === 1 &&
      graces.length === 0 && next - start <= SHORT && longest <= SHORT &&
      start - before >= ALONE && LONGER * longest <= Math.min(...main.map(lengthOf)) &&
      main.some(({ pitch }) => Math.abs(pitch - struck[0]!.pitch) <= MOST_SEMITONES) &&
      isStrong(start) !== isStrong(next) && !isPlain(start, next);
    if (isGrace) {
      graces = struck.map(({ pitch }) => pitch);
      moved = isStrong(start) ? start : undefined;
      continue;
    }
    const nearest = struck.reduce((a, b) =>
      Math.abs(b.pitch - (graces[0] ?? 0)) < Math.abs(a.pitch - (graces[0] ?? 0)) ? b : a
    );
    for (const note of struck) {
      kept.push({
        ...note,
        start: moved ?? start,
        graces: note === nearest ? [...note.graces, ...graces] : note.graces,
      });
    }
    [graces, moved] = [[], undefined];
  }
  return kept;
}

function lengthOf({ start, end }: PlayedNote): number {
  return end - start;
}

function isStrong(beat: number): boolean {
  return Math.abs(beat * STRONG - Math.round(beat * STRONG)) <= NEAR * STRONG;
}

/** Whether two onsets are neighbours in a regular division used in notation. */
function isPlain(start: number, next: number): boolean {
  return [8, 6, 5, 7].some((steps) =>
    [start, next].every((beat) => Math.abs(beat * steps - Math.round(beat * steps)) < 0.02 * steps)
  );
}
