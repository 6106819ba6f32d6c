import type { TimedNote } from "../midi/music.ts";
import { KEYS } from "./network.ts";
import { writeMidi } from "../midi/write.ts";

/** Activations of a whole recording, quantized to bytes: [frames, keys]. */
export interface AllActivations {
  readonly frames: number;
  readonly notes: Uint8Array;
  readonly onsets: Uint8Array;
  /** Time of a frame in seconds from the beginning. */
  readonly secondsAt: (frame: number) => number;
}

/** Byte value of an activation of 1. */
export const FULL = 255;

/**
 * Activation thresholds of an onset and of a sounding note. Chosen on half of the measured pieces.
 */
const ONSET = 0.7, SOUNDS = 0.4;

/** Maximum gap within a note and minimum length of a note, in frames. */
const GAP = 11, SHORTEST = 5;

/** The lowest key of a piano. */
const LOWEST = 21;

/**
 * Decodes activations into notes in seconds: a note begins at each peak of its key's onset activation, and
 * lasts until its key has been silent for more than the maximum gap or is struck again.
 */
export function decodeNotes({ frames, notes, onsets, secondsAt }: AllActivations): TimedNote[] {
  const heard: TimedNote[] = [];
  for (let key = 0; key < KEYS; key++) {
    const onset = (frame: number) => onsets[frame * KEYS + key]! / FULL;
    const starts: number[] = [];
    for (let frame = 1; frame < frames - 1; frame++) {
      const value = onset(frame);
      if (value >= ONSET && value >= onset(frame - 1) && value > onset(frame + 1)) {
        starts.push(frame);
      }
    }
    starts.forEach((start, i) => {
      const until = Math.min(frames - 1, starts[i + 1] ?? frames);
      let end = start + 1, silent = 0;
      for (; end < until && silent < GAP; end++) {
        silent = notes[end * KEYS + key]! / FULL < SOUNDS ? silent + 1 : 0;
      }
      end -= silent;
      const cutShort = end === until && until - start > 3; // struck again at once
      if (end - start <= SHORTEST && !cutShort) return;
      heard.push({ pitch: LOWEST + key, start: secondsAt(start), end: secondsAt(end) });
    });
  }
  return heard.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
}

/** Threshold of a faint onset. */
const FAINT = 0.3;

/**
 * Share of a recording's onset peaks that are clear, 0 to 1: most are in piano music; speech and
 * other instruments have many faint ones.
 */
export function clarityOf({ frames, onsets }: AllActivations): number {
  let faint = 0, clear = 0;
  for (let key = 0; key < KEYS; key++) {
    for (let frame = 1; frame < frames - 1; frame++) {
      const at = frame * KEYS + key, value = onsets[at]!;
      if (value < FAINT * FULL || value < onsets[at - KEYS]! || value <= onsets[at + KEYS]!) {
        continue;
      }
      faint++;
      if (value >= ONSET * FULL) clear++;
    }
  }
  return faint === 0 ? 0 : clear / faint;
}

/** Tick resolution at 120 beats per minute: recordings follow no notated beat. */
const TICKS_PER_BEAT = 480, TICKS_PER_SECOND = 2 * TICKS_PER_BEAT;

/** Velocity of all notes: the network does not estimate velocities. */
const VELOCITY = 80;

/** MIDI file of transcribed notes at their times in seconds. */
export function midiOfNotes(notes: readonly TimedNote[], name: string): Uint8Array {
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
