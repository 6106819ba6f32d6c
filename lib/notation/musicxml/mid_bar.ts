/** Bar lines within a measure, and measures without a bar line of all parts. */
import { atMost, type ScoreLimits } from "../limits.ts";
import { type At, SAME_TIME } from "../score.ts";
import type { Measure, MidBar } from "./measure.ts";

/** Most bar lines within a bar: each takes a walk through its notes. */
const MOST_WITHIN = 100;

/** Lists of a measure's contents that have a position. */
const PLACED = ["notes", "keys", "chords", "tempos", "pedal", "dynamics"] as const;

/** Contents of a measure from a position up to another, moved there by an amount. */
function contents(measure: Measure, from: number, to: number, by: number) {
  const within = ({ at }: At) => at >= from - SAME_TIME && at < to - SAME_TIME;
  const moved = PLACED.map((list) => [
    list,
    measure[list].filter(within).map((one) => ({ ...one, at: Math.max(0, one.at + by) })),
  ]);
  return Object.fromEntries(moved) as Pick<Measure, typeof PLACED[number]>;
}

/**
 * Cuts measures in two at the repeat signs within them, in all parts alike, since what is repeated
 * begins or ends there.
 * @param parts measures of each part
 * @returns the measures, and the index of the written measure of each
 * @throws {Error} if there are too many
 */
export function cutAtRepeats(
  parts: readonly (readonly Measure[])[],
  limits: Pick<ScoreLimits, "bars">,
): { readonly parts: Measure[][]; readonly written: number[] } {
  const count = parts.reduce((most, measures) => Math.max(most, measures.length), 0);
  const cut = parts.map((): Measure[] => []), written: number[] = [];
  for (let index = 0; index < count; index++) {
    const marks = parts.flatMap((measures) => measures[index]?.middles ?? [])
      .filter(({ at }) => at > SAME_TIME).sort((a, b) => a.at - b.at)
      .filter(({ at }, i, all) => i === 0 || at - all[i - 1]!.at > SAME_TIME);
    atMost(marks.length, MOST_WITHIN, "repeat signs within a bar");
    written.push(...new Array(marks.length + 1).fill(index));
    atMost(written.length, limits.bars, "bars");
    for (const [part, measures] of parts.entries()) {
      const measure = measures[index];
      if (measure) cut[part]!.push(...pieces(measure, marks));
    }
  }
  return { parts: cut, written };
}

/** The pieces of a measure between repeat signs within it. */
function pieces(measure: Measure, marks: readonly MidBar[]): Measure[] {
  if (marks.length === 0) return [measure];
  const { begins, times, endingBegins, endingEnds, sign, coda, jump, toCoda, fine } = measure;
  return [undefined, ...marks].map((before, i): Measure => {
    const from = before?.at ?? 0, after = marks[i], to = after?.at ?? Infinity;
    const within = (end: number) => Math.max(0, Math.min(end, to) - from);
    return {
      ...contents(measure, from, to, -from),
      ...{ metre: measure.metre, middles: [], isFull: false },
      ...{ reach: within(measure.reach), filled: within(measure.filled) },
      begins: before ? before.begins : begins,
      endingBegins: before ? before.endingBegins : endingBegins,
      times: after ? after.times : times,
      endingEnds: after ? after.endingEnds : endingEnds,
      ...(before ? {} : { sign, coda }),
      ...(after ? {} : { jump, toCoda, fine }),
    };
  });
}

/**
 * Appends a measure to the one before it: one whose bar line no other part has (`non-controlling`),
 * as where parts have metres of their own.
 * @throws {Error} if there are too many in a bar
 */
export function appended(before: Measure, next: Measure): Measure {
  const joined = (before.joined ?? 1) + 1;
  atMost(joined, MOST_WITHIN, "bar lines of a single part within a bar");
  const end = before.reach || before.filled, all = contents(next, 0, Infinity, end);
  const lists = PLACED.map((list) => [list, [...before[list], ...all[list]]]);
  const { times, endingEnds } = before, { begins, endingBegins } = next;
  const isMark = times > 0 || begins || endingEnds || endingBegins !== undefined;
  return {
    ...before,
    ...next,
    ...Object.fromEntries(lists),
    joined,
    ...{ reach: end + next.reach, filled: end + next.filled, isFull: false },
    ...{ begins: before.begins, endingBegins: before.endingBegins },
    middles: [
      ...before.middles,
      ...(isMark ? [{ at: end, begins, times, endingBegins, endingEnds }] : []),
      ...next.middles.map((mark) => ({ ...mark, at: mark.at + end })),
    ],
  };
}
