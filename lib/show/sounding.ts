import type { PlayedNote } from "../midi/music.ts";
import { metreSpans } from "../midi/bar_lines.ts";
import { quartersIn } from "../midi/metre.ts";
import { readMidi } from "../midi/read.ts";
import { createTempoMap } from "../midi/tempo.ts";

/** Contents of a MIDI file in seconds, independent of any grid. */
export interface Heard {
  /** Notes by `start`, then by pitch; drums are left out. */
  readonly notes: readonly PlayedNote[];
  /** Beginnings of bars in seconds, as {@linkcode metreSpans} finds them; the first is at 0. */
  readonly bars: readonly number[];
  /** End of the last note in seconds. */
  readonly seconds: number;
}

/** The notes and bars of a MIDI file in seconds. @throws {Error} if it cannot be read */
export function heardOf(midi: Uint8Array): Heard {
  const music = readMidi(midi);
  const { secondsAt } = createTempoMap(music);
  const all = music.parts.filter(({ drum }) => !drum).flatMap(({ notes }) => notes);
  const lastTick = all.reduce((last, { endTicks }) => Math.max(last, endTicks), 0);
  const spans = metreSpans(music);
  const bars = spans.flatMap(({ from, line, signature }, index) => {
    const next = Math.min(spans[index + 1]?.from ?? lastTick, lastTick), starts: number[] = [];
    const bar = music.ticksPerBeat * quartersIn(signature);
    for (let at = from; at < next; at = line + bar * (Math.floor((at - line) / bar) + 1)) {
      starts.push(secondsAt(at));
    }
    return starts;
  });
  const notes = all.map(({ pitch, startTicks, endTicks, velocity }) => ({
    pitch,
    velocity,
    start: secondsAt(startTicks),
    end: secondsAt(endTicks),
  })).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  return { notes, bars, seconds: secondsAt(lastTick) };
}

/** Pitch and rounded onset of a note, by which the notes of two versions are compared. */
export function placeOf({ pitch, start }: PlayedNote): string {
  return `${pitch} ${start.toFixed(2)}`;
}
