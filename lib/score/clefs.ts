import type { ScoreBar, ScoreNote } from "./notes.ts";

/** Which clef a staff has. */
export type Clef = "treble" | "bass";

/** Pitches that stand on the staff or a ledger line beside it. */
const RANGE = { treble: [53, 86], bass: [34, 67] } as const;

/** What a change of clef, and a bar in the other hand's clef, cost in semitones beyond the range. */
const CHANGE = 40, UNUSUAL = 2;

/**
 * The clef of one staff in each bar: the one in which fewer notes stand far from the lines, changed
 * as seldom as can be.
 * @param notes of the staff
 * @param usual the clef that it has without notes
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
