import { DRUM_CHANNEL, type Note, type Part, type PedalChange } from "./music.ts";
import { pairKey } from "./pairing.ts";
import type { Repairs } from "./repairs.ts";
import type { Track } from "./track.ts";

/**
 * Makes parts of tracks: the notes of one track and channel that were struck with one programme.
 * Where a track sets no programme, or moves no pedal, on a channel of its own, another track may do
 * so for it, as a synthesizer would hear it.
 */
export function makeParts(tracks: readonly Track[], repairs: Repairs): Part[] {
  const programs = new Map<number, number>();
  const pedals = new Map<number, PedalChange[]>();
  for (const track of tracks) {
    for (const [channel, program] of track.programs) {
      if (!programs.has(channel)) programs.set(channel, program);
    }
    for (const [channel, positions] of track.pedal) {
      const all = pedals.get(channel);
      if (all === undefined) pedals.set(channel, [...positions]);
      else for (const position of positions) all.push(position);
    }
  }
  for (const [channel, positions] of pedals) pedals.set(channel, movements(positions));
  return tracks
    .filter((track) => track.keys.size > 0)
    .flatMap((track) => makeTrackParts(track, programs, pedals, repairs));
}

function makeTrackParts(
  track: Track,
  programs: ReadonlyMap<number, number>,
  pedals: ReadonlyMap<number, readonly PedalChange[]>,
  repairs: Repairs,
): Part[] {
  const parts = new Map<number, { channel: number; program: number; notes: Note[] }>();
  for (const [key, events] of track.keys) {
    const channel = key >> 7;
    const pitch = key & 127;
    const silences = track.silences.get(channel) ?? [];
    pairKey(events, silences, track.endTicks, repairs, (start, endTicks) => {
      const { ticks: startTicks, velocity, program } = start;
      const id = (channel << 8) | (program + 1);
      let part = parts.get(id);
      if (!part) parts.set(id, part = { channel, program, notes: [] });
      part.notes.push({ pitch, velocity, startTicks, endTicks });
    });
  }
  const pedal = new Map(pedals);
  for (const [channel, positions] of track.pedal) pedal.set(channel, movements(positions));
  return [...parts.values()]
    .map(({ channel, program, notes }): Part => ({
      track: track.number,
      channel,
      program: program >= 0 ? program : programs.get(channel) ?? 0,
      programSet: program >= 0 || programs.has(channel),
      name: track.name ?? "",
      drum: channel === DRUM_CHANNEL,
      notes: notes.sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch),
      pedal: pedal.get(channel) ?? [],
    }))
    .sort((a, b) => a.notes[0]!.startTicks - b.notes[0]!.startTicks || a.channel - b.channel);
}

/** The pedal's positions in order of time, without those that change nothing. */
export function movements(positions: readonly PedalChange[]): PedalChange[] {
  const changes: PedalChange[] = [];
  for (const position of [...positions].sort((a, b) => a.ticks - b.ticks)) {
    if (position.down !== (changes.at(-1)?.down ?? false)) changes.push(position);
  }
  return changes;
}
