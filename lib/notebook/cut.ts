import { readMidi } from "../midi/read.ts";
import { writeMidi } from "../midi/write.ts";

/**
 * A MIDI file's music before a bar, in one piano track at its first tempo and metre.
 * @param bar the first one that is left out, from 2
 * @throws {RangeError} if the music has no such bar, or nothing before it
 */
export function beforeBar(midi: Uint8Array, bar: number): Uint8Array {
  const { ticksPerBeat, tempos, timeSignatures, parts } = readMidi(midi);
  const { numerator, denominator } = timeSignatures[0]!;
  const endTicks = (bar - 1) * ticksPerBeat * 4 * numerator / denominator;
  const all = parts.flatMap(({ notes }) => notes);
  const last = all.reduce((end, note) => Math.max(end, note.endTicks), 0);
  const notes = all.filter(({ startTicks }) => startTicks < endTicks)
    .map((note) => ({ ...note, endTicks: Math.min(note.endTicks, endTicks) }));
  if (!Number.isInteger(bar) || bar < 2 || endTicks > last || notes.length === 0) {
    throw new RangeError(`Cannot go on from bar ${bar}: needed a bar within the music, from 2`);
  }
  return writeMidi({
    ticksPerBeat,
    beatsPerMinute: 60e6 / tempos[0]!.microsecondsPerBeat,
    timeSignature: { numerator, denominator },
    name: `to bar ${bar}`,
    endTicks,
    notes,
  });
}
