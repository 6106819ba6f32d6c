import type { PlayedNote } from "../../lib/midi/music.ts";
import { gaussian, type Random } from "../../lib/random.ts";
import { type Manner, uniform } from "./manner.ts";

/** Intervals of falsely transcribed notes: overtones, mostly. */
const OVERTONES = [12, 12, 19, -12, 24, 7];

/**
 * Simulated transcription of a performance: some notes missing, some invented, all slightly
 * displaced. Sorted by start.
 */
export function transcribed(
  played: readonly PlayedNote[],
  { missed, invented, heard }: Manner,
  random: Random,
): PlayedNote[] {
  const notes: PlayedNote[] = [];
  for (const note of played) {
    const start = note.start + gaussian(random) * heard;
    const length = (note.end - note.start) * (heard > 0 ? Math.exp(gaussian(random) * 0.3) : 1);
    if (random.next() >= missed) notes.push({ ...note, start, end: start + length });
    if (random.next() >= invented) continue;
    const pitch = note.pitch + OVERTONES[random.below(OVERTONES.length)]!;
    if (pitch < 21 || pitch > 108) continue;
    const late = start + uniform(random, -0.01, 0.06), end = late + uniform(random, 0.03, 0.2);
    notes.push({ pitch, start: late, end, velocity: Math.max(8, note.velocity - 20) });
  }
  return separated(notes.sort((a, b) => a.start - b.start || a.pitch - b.pitch));
}

/** Ends each note where its key is struck again. @param notes by start */
function separated(notes: readonly PlayedNote[]): PlayedNote[] {
  const next = new Map<number, number>();
  return notes.toReversed().map((note) => {
    const again = next.get(note.pitch) ?? Infinity;
    next.set(note.pitch, note.start);
    return { ...note, end: Math.max(note.start + 0.02, Math.min(note.end, again)) };
  }).reverse();
}
