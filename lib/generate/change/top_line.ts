import type { PlacedNote } from "../../tokens/placed.ts";

/** Semitones below the contour so far beyond which a note does not continue it, even at the top. */
const FURTHEST_BELOW = 10;

/** Rate at which the contour so far moves towards each of its notes. */
const MEMORY = 0.25;

/**
 * The melodic contour of some music: the highest of the notes struck or sounding together, except
 * notes far below the contour while it rests.
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
