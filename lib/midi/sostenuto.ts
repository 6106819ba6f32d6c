import { countBefore } from "../search.ts";
import type { Note, PedalChange } from "./music.ts";

/**
 * Extends notes held by the sostenuto pedal: keys that are down when it is pressed sound until it
 * is released; notes struck later are not held.
 * @param notes by start
 */
export function heldBySostenuto<N extends Note>(
  notes: readonly N[],
  sostenuto: readonly PedalChange[],
): readonly N[] {
  if (sostenuto.length === 0) return notes;
  return notes.map((note) => {
    const next = countBefore(sostenuto.length, (i) => sostenuto[i]!.ticks < note.startTicks);
    const press = sostenuto[next]?.down ? next : next + 1, release = sostenuto[press + 1];
    if (!release || sostenuto[press]!.ticks >= note.endTicks) return note;
    return { ...note, endTicks: Math.max(note.endTicks, release.ticks) };
  });
}
