import type { TimedNote } from "../../lib/beats/events.ts";
import type { Random } from "../../lib/random.ts";
import { uniform } from "./manner.ts";

/** Shortest ornamented note, in seconds. */
const SHORTEST = 0.25;

/** Range of the length of an ornament's notes, in seconds. */
const QUICK = 0.05, SLOW = 0.11;

/** Seconds before the end of a note at which its trill stops, at most. */
const REST = 0.25;

/**
 * Plays a note with a trill, mordent, turn or grace note, none of which typed scores tend to write
 * out.
 * @param note in seconds, as it would be played plain
 * @param written seconds until its written end
 * @returns the notes that are struck, by start; the plain note where it is too short
 */
export function ornamented(note: TimedNote, written: number, random: Random): TimedNote[] {
  if (written < SHORTEST) return [note];
  const { start, end, pitch, velocity } = note, step = uniform(random, QUICK, SLOW);
  const upper = Math.min(127, pitch + 1 + random.below(2));
  const lower = Math.max(0, pitch - 1 - random.below(2));
  const softer = Math.max(1, velocity - random.below(16));
  /** Strikes pitches a step apart from a time on; the last one lasts until the note's end. */
  const run = (from: number, pitches: readonly number[]) =>
    pitches.map((each, i): TimedNote => {
      const at = from + i * step, isLast = i === pitches.length - 1;
      return {
        start: at,
        end: isLast ? Math.max(end, at + step) : at + step,
        pitch: each,
        velocity: each === pitch ? velocity : softer,
      };
    });
  const kind = random.below(6);
  if (kind === 0) return run(start, [pitch, random.below(2) ? upper : lower, pitch]);
  if (kind === 1) return run(start, [upper, pitch, lower, pitch]);
  if (kind === 2) return run(start - step, [random.below(2) ? upper : lower, pitch]); // before the beat
  if (kind === 3) return run(start, [random.below(2) ? upper : lower, pitch]); // on it
  const most = Math.floor((written - REST * random.next()) / step);
  const count = 2 * Math.max(1, Math.floor(most / 2)), first = random.below(2) ? upper : pitch;
  const other = first === upper ? pitch : upper;
  return run(start, Array.from({ length: count }, (_, i) => i % 2 === 0 ? first : other));
}
