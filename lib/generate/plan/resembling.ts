import { type BarPlan, LEAST_SIMILARITY, type Similarity } from "../../tokens/plan.ts";
import { jaccard } from "../../numbers.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { contentOf, transposeContent } from "./content.ts";
import type { Donor, Passage } from "./donors.ts";
import type { FormBar } from "./form.ts";

/** Similarity from which a bar has the content of the similar bar. */
export const SAME_CONTENT = 0.4;

/** Similarity from which a bar has the rhythm of the similar bar, if the form's bars share one. */
const LIKE_IN_RHYTHM = 0.25;

/** Share of common onset steps, of those in either bar, from which bars share a rhythm. */
const SAME_RHYTHM = 0.8;

/** Rhythm of a bar in the form's piece, and that of the bar it resembles there. */
interface RhythmChange {
  readonly was: readonly number[] | undefined;
  readonly now: readonly number[] | undefined;
}

/**
 * Content as similar to an earlier bar's as the form says, with the change of rhythm between these
 * two bars in the form's piece.
 * @param content the bar's content otherwise
 * @param bars the preceding bars
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
  if (rhythmSimilarity(change) < SAME_RHYTHM) return content;
  const { onsets, notes, low, high } = earlier;
  const { onsets: _o, notes: _n, low: _l, high: _h, ...rest } = content;
  return { ...rest, onsets, notes, low, high };
}

/** Content with the onsets that the form's piece adds, and without those that it removes. */
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

/** Jaccard similarity of the steps with onsets; 1 where they are unknown. */
function rhythmSimilarity({ was, now }: RhythmChange): number {
  if (!was || !now) return 1;
  const begins = (onsets: readonly number[]) =>
    new Set(onsets.flatMap((count, step) => count > 0 ? [step] : []));
  return jaccard(begins(was), begins(now));
}

/**
 * The possible similarity of a bar, or null where it does not share the other bar's pitch classes.
 */
export function possible(
  like: FormBar["like"],
  bar: BarContent,
  bars: readonly BarPlan[],
): FormBar["like"] {
  if (!like) return null;
  const earlier = transposeContent(contentOf(bars[like.bar]!), like.transpose);
  const own = new Set(bar.classes?.flat()), theirs = new Set(earlier.classes?.flat());
  return jaccard(own, theirs) >= like.degree ? like : null;
}

/**
 * Similarity of a donor's bar to the most similar bar so far: both come from bars of the donor that
 * repeat the same one, or each other. Null where there is none.
 * @param sources source of the content of each bar so far
 */
export function likeInDonor(
  { donor, from, transpose }: Passage,
  sources: readonly (Passage | undefined)[],
): FormBar["like"] {
  const own = resembled(donor, from);
  let best: FormBar["like"] = null;
  for (const [bar, source] of sources.entries()) {
    if (source?.donor !== donor) continue;
    for (const theirs of resembled(donor, source.from)) {
      const ours = own.find((one) => one.bar === theirs.bar);
      if (!ours) continue;
      const degree = ours.degree * theirs.degree;
      const moved = ours.transpose - theirs.transpose + transpose - source.transpose;
      if (degree < LEAST_SIMILARITY || Math.abs(moved) > 12) break;
      if (degree >= (best?.degree ?? 0)) best = { bar, degree, transpose: moved };
      break;
    }
  }
  return best;
}

/** A donor's bar, the one that it resembles, the one that this resembles, and so on. */
function resembled({ plan: { bars } }: Donor, from: number): Similarity[] {
  const chain: Similarity[] = [{ bar: from, degree: 1, transpose: 0 }];
  for (let like = bars[from]?.like; like; like = bars[like.bar]!.like) {
    const { degree, transpose } = chain.at(-1)!;
    if (degree * like.degree < LEAST_SIMILARITY) break;
    chain.push({
      bar: like.bar,
      degree: degree * like.degree,
      transpose: transpose + like.transpose,
    });
  }
  return chain;
}
