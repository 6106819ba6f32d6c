import type { PlacedNote } from "../../tokens/placed.ts";

/** A note so many semitones below the line so far is not its next one, though nothing is above it. */
const FURTHEST_BELOW = 10;

/** How far the line so far moves to each of its notes. */
const MEMORY = 0.25;

/**
 * The top line of some music: of what is struck or sounds together the highest, unless it lies far
 * below the line, where that rests.
 * @param notes by start, then pitch
 */
export function topLine(notes: readonly PlacedNote[]): Set<PlacedNote> {
  const line = new Set<PlacedNote>();
  let sounding: PlacedNote[] = [], place: number | undefined;
  for (let at = 0; at < notes.length;) {
    const { start } = notes[at]!;
    let top = notes[at]!, next = at;
    for (; notes[next]?.start === start; next++) {
      if (notes[next]!.pitch >= top.pitch) top = notes[next]!;
    }
    sounding = sounding.filter(({ end }) => end > start);
    const covered = sounding.some(({ pitch }) => pitch > top.pitch);
    if (!covered && (place === undefined || top.pitch > place - FURTHEST_BELOW)) {
      line.add(top);
      place = place === undefined ? top.pitch : place + MEMORY * (top.pitch - place);
    }
    sounding.push(...notes.slice(at, next));
    at = next;
  }
  return line;
}
