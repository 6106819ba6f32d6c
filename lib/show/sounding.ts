import type { Music, PlayedNote } from "../midi/music.ts";
import { EARLY_BEATS, metreSpans } from "../midi/bar_lines.ts";
import { quartersIn } from "../midi/metre.ts";
import { choosePiano, isPianoKey } from "../midi/piano.ts";
import { readMidi } from "../midi/read.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { firstBarAt } from "../tokens/bars.ts";

/** Contents of a MIDI file in seconds, independent of any grid. */
export interface Heard {
  /** Notes by `start`, then by pitch; drums are left out. */
  readonly notes: readonly PlayedNote[];
  /** Beginnings of bars in seconds, as {@linkcode metreSpans} finds them; the first is at 0. */
  readonly bars: readonly number[];
  /** Number of the first bar, 0 for an upbeat, as `PlacedMusic` counts them. */
  readonly firstBar: number;
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
  const bars = spans.flatMap(({ from, line, signature, upbeat }, index) => {
    const next = Math.min(spans[index + 1]?.from ?? lastTick, lastTick), own = [];
    const steps = music.ticksPerBeat * quartersIn(signature);
    for (let start = from; start < next;) {
      const phase = (start - line) % steps;
      own.push({ start, steps, phase, upbeat: upbeat && start === 0 });
      start = line + steps * (Math.floor((start - line) / steps) + 1);
    }
    return own;
  });
  const notes = all.map(({ pitch, startTicks, endTicks, velocity }) => ({
    pitch,
    velocity,
    start: secondsAt(startTicks),
    end: secondsAt(endTicks),
  })).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  return {
    notes,
    bars: bars.map(({ start }) => secondsAt(start)),
    firstBar: firstBarOf(music, bars),
    seconds: secondsAt(lastTick),
  };
}

/**
 * Number of the first bar, by the first note of the piano, which may come a little before its beat.
 * @param bars in ticks
 */
function firstBarOf(music: Music, bars: Parameters<typeof firstBarAt>[0]): number {
  const { parts } = choosePiano(music, "piano");
  const onsets = parts.flatMap(({ notes }) => notes.find(isPianoKey)?.startTicks ?? []);
  if (onsets.length === 0) return 1;
  return firstBarAt(bars, Math.min(...onsets) + EARLY_BEATS * music.ticksPerBeat);
}

/** Pitch and rounded onset of a note, by which the notes of two versions are compared. */
export function placeOf({ pitch, start }: PlayedNote): string {
  return `${pitch} ${start.toFixed(2)}`;
}
