import tone from "@tonejs/midi";
import type { Performance } from "./perform.ts";
import type { Score } from "./score.ts";

/** The MIDI file of a score as it is played: one piano track with both hands. */
export function midiOf(score: Score, performance: Performance): Uint8Array {
  const midi = new tone.Midi();
  midi.header.fromJSON({
    name: `${score.composer.replace(/ \(.*/, "")}: ${score.title}`,
    ppq: performance.ticksPerBeat,
    meta: [],
    keySignatures: [],
    tempos: [{ ticks: 0, bpm: score.beatsPerMinute }],
    timeSignatures: performance.metres.map(({ ticks, numerator, denominator }) => ({
      ticks,
      timeSignature: [numerator, denominator],
    })),
  });
  const track = midi.addTrack();
  for (const note of performance.notes) {
    track.addNote({
      midi: note.pitch,
      ticks: note.startTicks,
      durationTicks: note.endTicks - note.startTicks,
      velocity: note.velocity / 127,
    });
  }
  return midi.toArray();
}
