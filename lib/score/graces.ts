/** A note as it was played, in beats (quarter notes) from the beginning. */
export interface PlayedNote {
  readonly pitch: number;
  readonly start: number;
  readonly end: number;
  readonly part: number;
  /** Pitches of the grace notes before it, in order. */
  readonly graces: readonly number[];
}

/** A grace note is this short, in beats, and begins no longer before its main note. */
const SHORT = 1 / 11;

/** Beats without another onset before a grace note: it is no part of a run. */
const ALONE = 1 / 7;

/** The main note lasts this many times as long. */
const LONGER = 3;

/** Places of a beat, as parts of it, on which a main note stands. */
const STRONG = 4;

/** A grace note is no further from its main note, in semitones. */
const MOST_SEMITONES = 12;

/** How far from its place, in beats, a note may be said to be on it. */
const NEAR = 1 / 60;

/**
 * Takes grace notes from among the notes of a hand, or of both: single short ones right before a longer note that
 * is on its place in the beat, or on such a place with the main note right after it, which then belongs
 * there.
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

/** Whether two onsets are neighbours in a regular division that music is written in. */
function isPlain(start: number, next: number): boolean {
  return [8, 6, 5, 7].some((steps) =>
    [start, next].every((beat) => Math.abs(beat * steps - Math.round(beat * steps)) < 0.02 * steps)
  );
}
