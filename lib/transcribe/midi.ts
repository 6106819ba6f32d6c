import { writeMidi } from "../midi/write.ts";
import type { HeardNote } from "./notes.ts";

/** Tick resolution at 120 beats per minute: recordings follow no notated beat. */
const TICKS_PER_BEAT = 480, TICKS_PER_SECOND = 2 * TICKS_PER_BEAT;

/** Velocity of all notes: the network does not estimate velocities. */
const VELOCITY = 80;

/** MIDI file of transcribed notes at their times in seconds. */
export function midiOfNotes(notes: readonly HeardNote[], name: string): Uint8Array {
  const free = new Map<number, number>(); // per pitch, the tick from which it may be struck again
  const ticks = (seconds: number) => Math.round(seconds * TICKS_PER_SECOND);
  const written = notes.flatMap(({ pitch, start, end }) => {
    const startTicks = Math.max(ticks(start), free.get(pitch) ?? 0);
    const endTicks = Math.max(startTicks + 1, ticks(end));
    free.set(pitch, endTicks);
    return [{ pitch, velocity: VELOCITY, startTicks, endTicks }];
  });
  const timeSignature = { numerator: 4, denominator: 4 };
  return writeMidi({
    ...{ notes: written, ticksPerBeat: TICKS_PER_BEAT, beatsPerMinute: 120, timeSignature, name },
  });
}
