import type { Music } from "../../lib/midi/music.ts";
import { choosePiano } from "../../lib/midi/piano.ts";
import type { Score, ScoreBeat } from "./score.ts";
import { withUpbeat } from "./upbeat.ts";

/** Minimum number of notes of a training piece. */
const LEAST_NOTES = 100;

/** Minimum share of notes on a sixteenth or triplet position. */
const LEAST_ON_GRID = 0.8;

/**
 * Score of a MIDI file without expression; undefined if it has too few notes, or they are not on a
 * grid.
 */
export function scoreOf(name: string, music: Music): Score | undefined {
  const { ticksPerBeat } = music;
  const notes = choosePiano(music, "all").parts.flatMap(({ notes }, part) =>
    notes.map(({ startTicks, endTicks, pitch, velocity }) => ({
      start: startTicks / ticksPerBeat,
      end: endTicks / ticksPerBeat,
      ...{ pitch, velocity, part },
    }))
  ).sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const onGrid = notes.filter(({ start }) =>
    [4, 6].some((k) => Math.abs(start * k - Math.round(start * k)) < 0.02 * k)
  );
  if (notes.length < LEAST_NOTES || onGrid.length < LEAST_ON_GRID * notes.length) return undefined;
  return {
    ...{ name, notes, beats: withUpbeat(beatsOf(music, notes.at(-1)!.end), notes) },
    quartersPerSecond: 1e6 / music.tempos[0]!.microsecondsPerBeat,
  };
}

/**
 * Beats according to the time signatures: the denominator's note values, or three of them in
 * compound metres.
 */
function beatsOf(
  { timeSignatures, ticksPerBeat }: Music,
  end: number,
): ScoreBeat[] {
  const beats: ScoreBeat[] = [];
  timeSignatures.forEach(({ ticks, numerator, denominator }, i) => {
    const compound = numerator > 3 && numerator % 3 === 0, parts = compound ? 3 : 2;
    const length = 4 / denominator * (compound ? 3 : 1);
    const inBar = compound ? numerator / 3 : numerator;
    const from = ticks / ticksPerBeat;
    const until = Math.min(end, (timeSignatures[i + 1]?.ticks ?? Infinity) / ticksPerBeat);
    for (let k = 0; from + k * length < until - 1e-6; k++) {
      const place = k % inBar;
      beats.push({ at: from + k * length, place, beats: inBar, parts });
    }
  });
  return beats;
}
