import { chordEvent } from "../midi/chord_symbols.ts";
import { bigEndian, midiFile, text, timeSignatureBytes, type TrackEvent } from "../midi/write.ts";
import { DRUM_CHANNEL, SUSTAIN_PEDAL } from "../midi/music.ts";
import { symbolOf } from "./chord_kinds.ts";
import type { PlayedScore } from "./play.ts";
import type { WrittenScore } from "./score.ts";

/** Ticks per quarter note: 128ths, and tuplets of 3, 5, 6, 7, 9 and 10, are whole. */
const TICKS_PER_BEAT = 10_080;

/** Channels for instruments; the tenth is reserved for drums. */
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15];

/**
 * Writes a played score as a MIDI file of format 1: a track with title, tempos, metres, key
 * signatures and chord symbols, and one for each staff, named after its instrument and hand.
 */
export function scoreMidi({ title, staves }: WrittenScore, played: PlayedScore): Uint8Array {
  const ticks = (quarters: number) => Math.round(quarters * TICKS_PER_BEAT);
  const endTicks = Math.max(
    ticks(played.end),
    ...played.staves.flatMap((notes) => notes.length > 0 ? [ticks(latest(notes))] : []),
  );
  const conductor = [
    ...played.metres.map(({ at, numerator, denominator }): TrackEvent => ({
      ticks: ticks(at),
      bytes: timeSignatureBytes([numerator, denominator]),
    })),
    ...played.keys.map(({ at, fifths, minor }): TrackEvent => ({
      ticks: ticks(at),
      bytes: [0xff, 0x59, 2, fifths & 255, minor ? 1 : 0],
    })),
    ...played.chords.flatMap((chord): TrackEvent[] => {
      const symbol = symbolOf(chord);
      return symbol === undefined ? [] : [{ ticks: ticks(chord.at), bytes: chordEvent(symbol) }];
    }),
    ...played.tempos.map(({ at, beatsPerMinute }): TrackEvent => ({
      ticks: ticks(at),
      bytes: [0xff, 0x51, 3, ...bigEndian(Math.round(60e6 / beatsPerMinute), 3)],
    })),
  ].sort((a, b) => a.ticks - b.ticks);
  const tracks = staves.map(({ name, instrument, program, drums }, staff) => {
    const channel = drums ? DRUM_CHANNEL : CHANNELS[instrument % CHANNELS.length]!;
    const events = played.staves[staff]!.flatMap(({ pitch, velocity, start, end }) => [
      { ticks: ticks(start), bytes: [0x90 | channel, pitch, velocity] },
      { ticks: Math.max(ticks(start) + 1, ticks(end)), bytes: [0x80 | channel, pitch, 64] },
    ]);
    for (const { at, down } of played.pedal.filter((change) => change.staff === staff)) {
      events.push({ ticks: ticks(at), bytes: [0xb0 | channel, SUSTAIN_PEDAL, down ? 127 : 0] });
    }
    events.sort((a, b) => a.ticks - b.ticks || a.bytes[0]! - b.bytes[0]!); // ends first
    return [
      { ticks: 0, bytes: text(0x03, name) },
      ...(program === undefined ? [] : [{ ticks: 0, bytes: [0xc0 | channel, program] }]),
      ...events,
    ];
  });
  return midiFile(TICKS_PER_BEAT, [
    [{ ticks: 0, bytes: text(0x03, title) }, ...conductor],
    ...tracks,
  ], endTicks);
}

function latest(notes: PlayedScore["staves"][number]): number {
  return notes.reduce((end, note) => Math.max(end, note.end), 0);
}
