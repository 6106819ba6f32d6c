import { mean, sum } from "../numbers.ts";
import { bassOf, chordTones } from "../tokens/chord.ts";
import { type Frame, pitchOf } from "../tokens/frame.ts";
import type { PlannedChord } from "../tokens/plan.ts";

/**
 * Cost of a missing chord tone and of a wrong bass, beside the share of notes outside the chord.
 */
const MISSING = 0.5, WRONG_BASS = 0.5;

/**
 * Distance of a bar's music from its planned chords: 0 where exactly their notes sound over their
 * basses, up to 1 plus {@linkcode MISSING} and {@linkcode WRONG_BASS}.
 * @param frames of the bar
 * @param chords by step
 */
export function chordDistance(frames: readonly Frame[], chords: readonly PlannedChord[]): number {
  const spans = chords.flatMap(({ step, chord }, at) => {
    const own = frames.slice(step, chords[at + 1]?.step ?? frames.length);
    return chord && own.length > 0 ? [{ chord, own }] : [];
  });
  return mean(
    spans.map(({ chord, own }) => {
      const counts = new Array<number>(12).fill(0), tones = chordTones(chord);
      for (const frame of own) for (const code of frame) counts[pitchOf(code) % 12]!++;
      const all = sum(counts);
      if (all === 0) return 1;
      const within = sum(tones.map((one) => counts[one]!)) / all;
      const needed = tones.filter((_, at) => at !== 2); // the fifth may be omitted
      const missing = needed.filter((one) => counts[one] === 0).length / needed.length;
      const lowest = own.find((frame) => frame.length > 0)![0]!;
      const bass = pitchOf(lowest) % 12 === bassOf(chord) ? 0 : WRONG_BASS;
      return 1 - within + MISSING * missing + bass;
    }),
    0,
  );
}
