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
  const costs = bars.map(({ start, length }) => {
    const inside = notes.filter((note) => note.start >= start && note.start < start + length);
    return clefs.map((clef) =>
      (clef === usual ? 0 : UNUSUAL) +
      inside.reduce((sum, { pitch }) => {
        const [low, high] = RANGE[clef];
        return sum + Math.max(0, low - pitch, pitch - high);
      }, 0)
    );
  });
  const stays: boolean[][] = [];
  let sums = costs[0]?.map((cost, i) => cost + (clefs[i] === usual ? 0 : CHANGE / 2)) ?? [];
  for (const own of costs.slice(1)) {
    const before = sums;
    const stay = before.map((sum, i) => sum <= before[1 - i]! + CHANGE);
    stays.push(stay);
    sums = own.map((cost, i) => cost + (stay[i] ? before[i]! : before[1 - i]! + CHANGE));
  }
  let at = sums[0]! <= sums[1]! ? 0 : 1;
  const path = [clefs[at]!];
  for (const stay of stays.reverse()) {
    if (!stay[at]) at = 1 - at;
    path.unshift(clefs[at]!);
  }
  return path;
}
