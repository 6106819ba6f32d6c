import { countBefore } from "../search.ts";
import type { Note, PedalChange } from "./music.ts";

/**
 * Notes as the sostenuto pedal holds them: those whose keys are down when it goes down sound until it
 * comes up; what is struck later is not held.
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
