import { onsetStrengths } from "../../lib/midi/upbeat.ts";
import type { ScoreBeat, ScoreNote } from "./score.ts";

/** By so much a place in the bar must be stronger than the first before bar lines are moved there. */
const CLEARLY = 0.22;

/**
 * Beats with bar lines where the music has them: files made by LilyPond do not say that they begin with
 * an upbeat, and all their bar lines are off by it. Looks for the place in the bar, by parts of a beat,
 * whose onsets are strongest; where it is not clearly another, and where the metre changes, the beats
 * stay as they are.
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

/** A place in quarter notes as a whole number. */
function keyOf(quarters: number): number {
  return Math.round(quarters * 960);
}
