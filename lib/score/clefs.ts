import { sum } from "../numbers.ts";
import { fewestChanges } from "../viterbi.ts";
import type { ScoreBar, ScoreNote } from "./notes.ts";

/** Clef of a staff. */
export type Clef = "treble" | "bass";

/** Pitch range of each clef's staff with one ledger line on each side. */
const RANGE = { treble: [53, 86], bass: [34, 67] } as const;

/**
 * Cost of a change of clef, and of a bar in the other hand's clef, in semitones beyond the range.
 */
const CHANGE = 40, UNUSUAL = 2;

/**
 * The clef of one staff in each bar: the one with fewer notes far from the staff lines, changed as
 * seldom as possible.
 * @param notes of the staff
 * @param usual clef of the staff without notes
 */
export function clefsOf(
  notes: readonly ScoreNote[],
  bars: readonly ScoreBar[],
  usual: Clef,
): Clef[] {
  const clefs: readonly Clef[] = ["treble", "bass"];
  const scores = bars.map(({ start, length }, bar) => {
    const inside = notes.filter((note) => note.start >= start && note.start < start + length);
    return clefs.map((clef) => {
      const [low, high] = RANGE[clef], beyond = bar === 0 ? UNUSUAL + CHANGE / 2 : UNUSUAL;
      return -(clef === usual ? 0 : beyond) -
        sum(inside.map(({ pitch }) => Math.max(0, low - pitch, pitch - high)));
    });
  });
  return fewestChanges(scores, () => CHANGE).map((clef) => clefs[clef]!);
}
