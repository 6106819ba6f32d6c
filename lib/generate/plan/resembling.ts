import type { BarPlan } from "../../tokens/plan.ts";
import { jaccard } from "../../numbers.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { contentOf, transposeContent } from "./content.ts";
import type { FormBar } from "./form.ts";

/** From this likeness on, a bar has the content of the bar that it is like. */
export const SAME_CONTENT = 0.4;

/** From this likeness on, a bar has the rhythm of the bar that it is like, if the form's bars share one. */
const LIKE_IN_RHYTHM = 0.25;

/** Bars share a rhythm if they have this share of the steps in common in which notes begin in either. */
const SAME_RHYTHM = 0.8;

/** The rhythm of a bar in the form's piece, and that of the one that it is like there. */
export interface RhythmChange {
  readonly was: readonly number[] | undefined;
  readonly now: readonly number[] | undefined;
}

/**
 * A content that is as much like an earlier bar's as the form says, and whose rhythm differs from its
 * as it does in the form's piece.
 * @param content what the bar is filled with otherwise
 * @param bars those that stand before it
 */
export function resembling(
  content: BarContent,
  bars: readonly BarPlan[],
  like: FormBar["like"],
  change: RhythmChange,
): BarContent {
  if (!like || like.degree < LIKE_IN_RHYTHM) return content;
  const earlier = contentOf(bars[like.bar]!);
  if (like.degree >= SAME_CONTENT) {
    return transposeContent(changeRhythm(earlier, change), like.transpose);
  }
  if (rhythmLikeness(change) < SAME_RHYTHM) return content;
  const { onsets, notes, low, high } = earlier;
  const { onsets: _o, notes: _n, low: _l, high: _h, ...rest } = content;
  return { ...rest, onsets, notes, low, high };
}

/** A content with notes that begin where they came to in the other bar, and not where they went there. */
function changeRhythm(content: BarContent, { was, now }: RhythmChange): BarContent {
  const { onsets } = content;
  if (!onsets || was?.length !== onsets.length || now?.length !== onsets.length) return content;
  const changed = onsets.map((count, step) => {
    const before = was[step]!, after = now[step]!;
    if (before > 0 && after === 0) return 0;
    return before === 0 && after > 0 ? Math.max(1, count) : count;
  });
  return { ...content, onsets: changed };
}

/** Steps in which notes begin in both, of those in which they do in either; 1 where nothing is said. */
function rhythmLikeness({ was, now }: RhythmChange): number {
  if (!was || !now) return 1;
  const begins = (onsets: readonly number[]) =>
    new Set(onsets.flatMap((count, step) => count > 0 ? [step] : []));
  return jaccard(begins(was), begins(now));
}
