import { onsetStrengths } from "../../lib/midi/upbeat.ts";
import type { ScoreBeat, ScoreNote } from "./score.ts";

/** Minimum advantage of a position in the bar over the first one for moving bar lines to it. */
const CLEARLY = 0.22;

/**
 * Beats with corrected bar lines: files by LilyPond do not mark an upbeat, so that all their bar
 * lines are off by it. Finds the position in the bar, in subdivisions of a beat, with the strongest
 * onsets. The beats are unchanged where that is not clearly another position, and where the metre
 * changes.
 */
export function withUpbeat(beats: readonly ScoreBeat[], notes: readonly ScoreNote[]): ScoreBeat[] {
  const [{ beats: inBar, parts }, next] = [beats[0]!, beats[1]];
  const changes = beats.some((beat) => beat.beats !== inBar || beat.parts !== parts);
  if (inBar < 2 || changes || !next) return [...beats];
  const beat = next.at - beats[0]!.at, bar = inBar * beat, end = beats.at(-1)!.at;
  const strengths = onsetStrengths(notes, beat, keyOf);
  const at = (start: number) => {
    let sum = 0, count = 0;
    for (let line = start; line <= end; line += bar) {
      sum += strengths.get(keyOf(line)) ?? 0;
      count++;
    }
    return sum / Math.max(1, count);
  };
  const places = Array.from({ length: inBar * parts }, (_, k) => k * beat / parts);
  const means = places.map((place) => at(beats[0]!.at + place));
  const best = means.indexOf(Math.max(...means));
  if (means[best]! < means[0]! + CLEARLY) return [...beats];
  const first = beats[0]!.at + places[best]! % beat; // the first beat of the moved ones
  const before = Math.floor(best / parts); // beats before the first bar line
  return Array.from({ length: Math.floor((end - first) / beat) + 1 }, (_, k) => ({
    ...{ at: first + k * beat, place: (k - before + inBar) % inBar, beats: inBar, parts },
  }));
}

/** Position in quarter notes as an integer key. */
function keyOf(quarters: number): number {
  return Math.round(quarters * 960);
}
