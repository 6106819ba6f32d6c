import type { Music, PlayedNote } from "../midi/music.ts";
import { metreSpans } from "../midi/bar_lines.ts";
import { quartersIn } from "../midi/metre.ts";
import { choosePiano } from "../midi/piano.ts";
import { readMidi } from "../midi/read.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { isUpbeat } from "../tokens/bars.ts";

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
    const next = Math.min(spans[index + 1]?.from ?? lastTick, lastTick), own: TickBar[] = [];
    const length = music.ticksPerBeat * quartersIn(signature);
    for (let at = from; at < next; at = line + length * (Math.floor((at - line) / length) + 1)) {
      own.push({ at, length, phase: (at - line) % length, upbeat: upbeat && at === 0 });
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
    bars: bars.map(({ at }) => secondsAt(at)),
    firstBar: firstBarOf(music, bars),
    seconds: secondsAt(lastTick),
  };
}

/** A bar of a file: its first tick, its length, and the ticks that are missing from its beginning. */
interface TickBar {
  readonly at: number;
  readonly length: number;
  readonly phase: number;
  readonly upbeat: boolean;
}

/** Share of a beat by which the first note may come before its bar line. */
const EARLY = 1 / 8;

/** Number of the first bar, by the first note of the piano. */
function firstBarOf(music: Music, bars: readonly TickBar[]): number {
  const onsets = choosePiano(music, "piano").parts.flatMap(({ notes }) =>
    notes.map(({ startTicks }) => startTicks)
  );
  const first = onsets.reduce((least, onset) => Math.min(least, onset), Infinity);
  const at = bars.findLastIndex((bar) => bar.at <= first + EARLY * music.ticksPerBeat);
  const bar = bars[at];
  if (!bar || first === Infinity) return 1;
  const phase = bar.phase + first - bar.at;
  return (isUpbeat({ frame: 0, stepsPerBar: bar.length, phase, upbeat: bar.upbeat }) ? 0 : 1) - at;
}

/** Pitch and rounded onset of a note, by which the notes of two versions are compared. */
export function placeOf({ pitch, start }: PlayedNote): string {
  return `${pitch} ${start.toFixed(2)}`;
}
