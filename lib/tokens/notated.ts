import type { BeatsFound } from "../beats/follow.ts";
import type { Music, Note } from "../midi/music.ts";
import type { NoteOnGrid } from "./place.ts";
import { asWritten, beatOnGrid } from "./written.ts";

/** Steps in a quarter note: halves, thirds, quarters, sixths and eighths are among them. */
const STEPS = 24;

/** Steps to which the ends of notes are rounded whose voice does not go on. */
const END_STEPS = STEPS / 4;

/**
 * Music on found beats in notated rhythm: onsets and ends on divisions of the beats, without the
 * deviations of the performance. Tempos stay as played.
 * @param found beats of the music, whose ticks follow them
 */
export function notated(music: Music, found: BeatsFound): Music {
  const ticksPerStep = music.ticksPerBeat / STEPS;
  const partOf = new Map<Note, number>();
  const placed = music.parts.flatMap(({ notes }, part) =>
    notes.map((note): NoteOnGrid => {
      partOf.set(note, part);
      const exact = note.startTicks / ticksPerStep, start = Math.round(exact);
      const end = END_STEPS * Math.round(note.endTicks / ticksPerStep / END_STEPS);
      const { pitch, velocity } = note;
      return { note, pitch, velocity, exact, start, end: Math.max(start + 1, end) };
    })
  ).sort((a, b) => a.start - b.start);
  const written = asWritten(placed, beatOnGrid(music, found, STEPS));
  const notesOf: Note[][] = music.parts.map(() => []);
  for (const { note, start, end } of written) {
    const ticks = { startTicks: start * ticksPerStep, endTicks: end * ticksPerStep };
    notesOf[partOf.get(note)!]!.push({ ...note, ...ticks });
  }
  return { ...music, parts: music.parts.map((part, i) => ({ ...part, notes: notesOf[i]! })) };
}
