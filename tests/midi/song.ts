import type { Note } from "../../lib/midi/music.ts";
import { type PianoOutput, writeMidi } from "../../lib/midi/write.ts";

/** Ticks in a beat of {@linkcode songOf}. */
const BEAT = 480;

/** A note that begins at a beat and lasts some. */
export function noteAt(pitch: number, beat: number, beats: number, velocity = 80): Note {
  const [startTicks, endTicks] = [beat, beat + beats].map((at) => Math.round(at * BEAT));
  return { pitch, velocity, startTicks: startTicks!, endTicks: endTicks! };
}

/** A MIDI file of notes: two beats a second, four in a bar, unless more is said. */
export function songOf(notes: readonly Note[], more: Partial<PianoOutput> = {}): Uint8Array {
  return writeMidi({
    notes,
    ticksPerBeat: BEAT,
    beatsPerMinute: 120,
    timeSignature: { numerator: 4, denominator: 4 },
    name: "test",
    ...more,
  });
}
