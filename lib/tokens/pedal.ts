import type { Note, Part } from "../midi/music.ts";
import { heldBySostenuto } from "../midi/sostenuto.ts";

/** Longest extension of a note by the pedal, in beats: by then the string has died away. */
const LONGEST_PEDAL_BEATS = 16;

/** Pedal changes of the part that has most of them: two hands may record the same pedal. */
export function pedalOfPiano(parts: readonly Part[]): Part["pedal"] {
  return parts.reduce<Part["pedal"]>(
    (most, { pedal }) => pedal.length > most.length ? pedal : most,
    [],
  );
}

/**
 * Extends the notes of a part by its sostenuto and sustain pedals: a note that ends while the pedal
 * is down sounds until the pedal is released, until its pitch is struck again, or for
 * {@linkcode LONGEST_PEDAL_BEATS} more. A pedal that is never released is released with the part's
 * last note.
 */
export function sustain(part: Part, ticksPerBeat: number): Note[] {
  const notes = heldBySostenuto(part.notes, part.sostenuto ?? []);
  const lastEnd = notes.reduce((end, note) => Math.max(end, note.endTicks), 0);
  const changes = part.pedal;
  let before = -1; // index of the last pedal change at or before the note's end
  const released = notes.toSorted((a, b) => a.endTicks - b.endTicks).map((note) => {
    while (before + 1 < changes.length && changes[before + 1]!.ticks <= note.endTicks) before++;
    if (!changes[before]?.down) return note;
    let up = before + 1;
    while (up < changes.length && changes[up]!.down) up++;
    const release = Math.max(note.endTicks, changes[up]?.ticks ?? lastEnd);
    const longest = note.endTicks + LONGEST_PEDAL_BEATS * ticksPerBeat;
    return { ...note, endTicks: Math.min(release, longest) };
  });
  const nextStart = new Map<number, number>(); // per pitch, walking backwards
  return released.sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch).reverse()
    .map((note) => {
      const struckAgain = nextStart.get(note.pitch) ?? Infinity;
      nextStart.set(note.pitch, note.startTicks);
      return struckAgain > note.startTicks && struckAgain < note.endTicks
        ? { ...note, endTicks: struckAgain }
        : note;
    }).reverse();
}
