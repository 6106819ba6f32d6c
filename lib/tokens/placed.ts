import { type FileNote, notesOf } from "../midi/edit.ts";
import { metreSpans } from "../midi/bar_lines.ts";
import { fitBeats } from "../midi/beat_fit.ts";
import type { Music, Part } from "../midi/music.ts";
import { choosePiano, isPianoKey } from "../midi/piano.ts";
import { barsOf, firstBarAt, wholeFrames } from "./bars.ts";
import { createGridMap } from "./grid_map.ts";
import { type NoteOnGrid, placeNotes } from "./place.ts";
import type { Metre } from "./piece.ts";
import type { TokenizeSettings } from "./tokenize.ts";

/** A note of a file on the grid, with steps counted from the beginning of the file. */
export type PlacedNote = NoteOnGrid<FileNote>;

/** Music of a file on the grid, uncut, so that each step corresponds to a position in the file. */
export interface PlacedMusic {
  /** Notes of the selected piano parts, by start, then pitch. */
  readonly notes: readonly PlacedNote[];
  /** All notes of the file, including other parts. */
  readonly all: readonly FileNote[];
  /** Metres from step 0 on. */
  readonly metres: readonly Metre[];
  /**
   * Number of the bar at step 0, by {@linkcode firstBarAt}: the first full bar with a note is 1, an
   * upbeat 0.
   */
  readonly firstBar: number;
  /** Steps to the end of the last bar in which something sounds. */
  readonly steps: number;
  /** Tick of a step in the file. */
  readonly ticksAt: (step: number) => number;
}

/**
 * Quantises the piano notes of a file to a grid of beats, each to the nearest step as `tokenize`
 * does, but without cutting silence.
 * @throws {Error} with the reason if it has no notes, or is too long
 */
export function placeOnGrid(
  music: Music,
  { grid, tracks }: Pick<TokenizeSettings, "grid" | "tracks">,
): PlacedMusic {
  const { parts, reason } = choosePiano(music, tracks), all = notesOf(music);
  if (parts.length === 0) throw new Error(reason);
  const key = ({ track, channel, program }: FileNote | Part) => `${track} ${channel} ${program}`;
  const own = new Set(parts.map(key));
  const chosen = all.filter((note) => own.has(key(note)) && isPianoKey(note));
  const spans = metreSpans(music), { shift } = fitBeats(music, chosen, spans);
  const map = createGridMap(music, spans, grid, chosen, shift);
  const { metres } = map;
  const notes = placeNotes(chosen, map)
    .map((note) => note.start < 0 ? { ...note, start: 0, end: Math.max(1, note.end) } : note)
    .sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const last = notes.reduce((end, note) => Math.max(end, note.end), 0);
  if (last > MOST_STEPS) throw new Error(`it has more than ${MOST_STEPS} steps on this grid`);
  const bars = barsOf(metres, last, grid), bar = bars.at(-1)!;
  return {
    notes,
    all,
    metres,
    firstBar: firstBarAt(bars, notes[0]!.start),
    steps: bar.start + wholeFrames(bar),
    ticksAt: (step) => Math.max(0, Math.round(map.ticksAt(step))),
  };
}

/**
 * Longest file that can be changed, in steps: 14 hours at 120 beats per minute and four steps a
 * beat.
 */
const MOST_STEPS = 400_000;
