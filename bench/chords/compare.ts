import { type Chord, CHORD_DEGREES } from "../../lib/tokens/chord.ts";
import type { ChordSpan } from "../../lib/harmony/find.ts";

/** Annotated chord; undefined where the annotation cannot be compared. */
export interface Annotated {
  readonly start: number;
  readonly end: number;
  readonly chord: Chord | null | undefined;
}

/**
 * Comparisons of MIREX and mir_eval (Raffel et al. 2014): share of the counted time in which chords
 * agree.
 */
export const COMPARISONS = ["root", "majmin", "sevenths", "bass", "quality"] as const;

/** Agreeing time and counted time, per comparison. */
export type Agreement = Record<typeof COMPARISONS[number], { same: number; all: number }>;

/** Initial value: no time at all. */
export function noAgreement(): Agreement {
  const none = () => ({ same: 0, all: 0 });
  return { root: none(), majmin: none(), sevenths: none(), bass: none(), quality: none() };
}

/** Adds the time in which found chords agree with annotated ones. */
export function compare(
  truth: readonly Annotated[],
  found: readonly ChordSpan[],
  into: Agreement,
): void {
  let first = 0;
  for (const { start, end, chord } of truth) {
    if (chord === undefined) continue;
    while (first < found.length && found[first]!.end <= start) first++;
    for (let at = first, from = start; from < end; at++) {
      const span = found[at];
      const until = span && span.start <= from
        ? Math.min(end, span.end)
        : span
        ? Math.min(end, span.start)
        : end;
      const own = span && span.start <= from ? span.chord : null;
      if (span && span.start > from) at--;
      count(chord, own, until - from, into);
      from = until;
    }
  }
}

function count(truth: Chord | null, found: Chord | null, time: number, into: Agreement): void {
  const add = (name: keyof Agreement, same: boolean) => {
    into[name].all += time;
    if (same) into[name].same += time;
  };
  const sameRoot = truth?.root === found?.root;
  add("root", sameRoot);
  add("quality", sameRoot && truth?.quality === found?.quality);
  if (truth) add("bass", sameRoot && (truth.bass ?? truth.root) === (found?.bass ?? found?.root));
  const triads = [triad(truth), triad(found)];
  if (triads[0] !== undefined) add("majmin", sameRoot && triads[0] === triads[1]);
  const sevenths = [seventh(truth), seventh(found)];
  if (sevenths[0] !== undefined) add("sevenths", sameRoot && sevenths[0] === sevenths[1]);
}

/** Triad of a chord: major, minor or none; undefined for others. */
function triad(chord: Chord | null): string | undefined {
  if (chord === null) return "none";
  const [, third, fifth] = CHORD_DEGREES[chord.quality];
  return fifth !== 7 ? undefined : third === 4 ? "maj" : third === 3 ? "min" : undefined;
}

const SEVENTHS = new Set(["maj", "min", "7", "maj7", "m7"]);

function seventh(chord: Chord | null): string | undefined {
  if (chord === null) return "none";
  return SEVENTHS.has(chord.quality) ? chord.quality : undefined;
}
