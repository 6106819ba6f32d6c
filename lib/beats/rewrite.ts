import type { Music, TempoChange, TimeSignature } from "../midi/music.ts";
import { createTempoMap } from "../midi/tempo.ts";
import { countBefore } from "../search.ts";
import type { TrackedBeats } from "./track.ts";

/** Ticks per quarter note of music with found beats: a tick is about half a millisecond. */
const TICKS = 960;

/** Longest beat of a MIDI file, in microseconds. */
const MOST_MICROSECONDS = 0xffffff;

/** Default number of beats in a bar. */
const USUAL_BAR = 4;

/** Initial silence in seconds below which no beat is added for it. */
const NOTHING = 1e-4;

/**
 * Rewrites music on other beats with the same sound: each found beat becomes a quarter note (a
 * dotted one in compound metres) with its own tempo, and bars get time signatures. All notes and
 * pedals keep their time in seconds to half a millisecond. An upbeat becomes a shorter first bar.
 */
export function withBeats(music: Music, found: TrackedBeats): Music {
  const { secondsAt } = createTempoMap(music);
  const unit = TICKS * 4 * found.unit.parts / found.unit.denominator;
  const ends = music.parts.flatMap(({ notes, pedal }) => [
    notes.reduce((last, { endTicks }) => Math.max(last, endTicks), 0),
    pedal.at(-1)?.ticks ?? 0,
  ]);
  const { times, first } = beatsThroughout(
    found.times,
    secondsAt(ends.reduce((last, end) => Math.max(last, end), 0)),
  );
  const ticksOf = (ticks: number) => {
    const at = secondsAt(ticks);
    const after = countBefore(times.length, (i) => times[i]! <= at);
    const i = Math.min(times.length - 2, Math.max(0, after - 1));
    return Math.max(0, Math.round(unit * (i + (at - times[i]!) / (times[i + 1]! - times[i]!))));
  };
  const parts = music.parts.map((part) => ({
    ...part,
    notes: part.notes.map((note) => {
      const startTicks = ticksOf(note.startTicks);
      return { ...note, startTicks, endTicks: Math.max(startTicks + 1, ticksOf(note.endTicks)) };
    }),
    pedal: part.pedal.map((change) => ({ ...change, ticks: ticksOf(change.ticks) })),
  }));
  const tempos = times.slice(1).map((time, i): TempoChange => ({
    ticks: i * unit,
    microsecondsPerBeat: Math.max(
      1,
      Math.min(MOST_MICROSECONDS, Math.round((time - times[i]!) * 1e6 * TICKS / unit)),
    ),
  }));
  return {
    ...music,
    ...{ ticksPerBeat: TICKS, parts, tempos },
    keySignatures: music.keySignatures.map((key) => ({ ...key, ticks: ticksOf(key.ticks) })),
    timeSignatures: timeSignaturesOf(found, first, unit),
    isMetreAssumed: false,
    ...(music.chords && {
      chords: music.chords.map((chord) => ({ ...chord, ticks: ticksOf(chord.ticks) })),
    }),
  };
}

/**
 * Beats from second 0 to the end of the music: those found, extended at both ends by beats as long
 * as the outer ones.
 * @returns also the index of the first found beat
 */
function beatsThroughout(
  found: readonly number[],
  end: number,
): { times: number[]; first: number } {
  const start = found[0]!, before = found[1]! - start, after = found.at(-1)! - found.at(-2)!;
  const first = start < NOTHING ? 0 : Math.max(1, Math.round(start / before));
  const times = Array.from({ length: first }, (_, i) => start * i / first);
  times.push(...(first === 0 ? [0, ...found.slice(1)] : found));
  while (times.at(-1)! <= end) times.push(times.at(-1)! + after);
  return { times, first };
}

/**
 * Time signatures where the bar length changes. Beats before the first bar line form a bar, too.
 */
function timeSignaturesOf(
  { downbeat, unit: { denominator, parts } }: TrackedBeats,
  first: number,
  beatTicks: number,
): TimeSignature[] {
  const lines = downbeat.flatMap((is, i) => is ? [i + first] : []);
  if (lines.length === 0) lines.push(first);
  const opening = lines.length > 1 ? lines[1]! - lines[0]! : USUAL_BAR;
  while (lines[0]! >= opening) lines.unshift(lines[0]! - opening);
  if (lines[0]! > 0) lines.unshift(0);
  const signatures: TimeSignature[] = [];
  lines.forEach((line, i) => {
    if (i === lines.length - 1 && i > 0) return; // continues the previous bar
    const beats = (lines[i + 1] ?? line + opening) - line;
    const numerator = parts * beats;
    if (signatures.at(-1)?.numerator === numerator) return;
    signatures.push({ ticks: line * beatTicks, numerator, denominator });
  });
  return signatures;
}
