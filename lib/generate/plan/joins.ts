import type { BarPlan } from "../../tokens/plan.ts";
import type { BarContent } from "../../tokens/qualities.ts";
import { transposeContent } from "./content.ts";
import { contentAt, type Passage } from "./donors.ts";
import type { FormBar } from "./form.ts";
import { SAME_CONTENT } from "./resembling.ts";

/** A bar in or next to a phrase: its known content, or a bar of the passage, transposed. */
export type SequenceBar = BarContent | PassageBar;

interface PassageBar {
  /** Index of the bar in the passage. */
  readonly passage: number;
  /** Transposition in semitones. */
  readonly transpose: number;
}

/**
 * The bars of a phrase, preceded by the last bar so far, and followed by the next one if that
 * repeats an earlier bar. Bars that repeat one before the phrase are known.
 * @param bars the bars before the phrase
 * @param at index of the phrase's first bar in the form
 * @param length bars of the phrase
 */
export function sequenceOf(
  form: readonly FormBar[],
  bars: readonly BarPlan[],
  at: number,
  length: number,
): SequenceBar[] {
  const phrase: SequenceBar[] = [], before = bars.at(-1);
  for (const [index, { like }] of form.slice(at, at + length + 1).entries()) {
    if (like && like.degree >= SAME_CONTENT) {
      const earlier: SequenceBar = bars[like.bar] ?? phrase[like.bar - at]!;
      phrase.push(
        isOfPassage(earlier)
          ? { ...earlier, transpose: earlier.transpose + like.transpose }
          : transposeContent(earlier, like.transpose),
      );
    } else if (index < length) phrase.push({ passage: index, transpose: 0 });
  }
  return before ? [before, ...phrase] : phrase;
}

/** Contents of the successive bars of a sequence that are not neighbours in the passage. */
export function joinsOf(
  passage: Passage,
  sequence: readonly SequenceBar[],
): (readonly [before: BarContent, after: BarContent])[] {
  return sequence.slice(1).flatMap((after, index) => {
    const before = sequence[index]!;
    return isJoin(before, after)
      ? [[contentIn(passage, before), contentIn(passage, after)] as const]
      : [];
  });
}

/** Whether two successive bars are neither both known nor neighbours in the passage. */
function isJoin(before: SequenceBar, after: SequenceBar): boolean {
  if (!isOfPassage(before)) return isOfPassage(after);
  return !isOfPassage(after) || after.passage !== before.passage + 1 ||
    after.transpose !== before.transpose;
}

function contentIn(passage: Passage, bar: SequenceBar): BarContent {
  if (!isOfPassage(bar)) return bar;
  return contentAt({ ...passage, transpose: passage.transpose + bar.transpose }, bar.passage);
}

function isOfPassage(bar: SequenceBar): bar is PassageBar {
  return "passage" in bar;
}
