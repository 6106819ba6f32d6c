import {
  type HalfBars,
  halfBars,
  learnProgressions,
  logProbabilities,
  type Progression,
  type Progressions,
  transposeBar,
} from "../../harmony/progressions.ts";
import { sum } from "../../numbers.ts";
import type { Key } from "../../tokens/key.ts";
import type { BarPlan, PlanOfPiece } from "../../tokens/plan.ts";
import type { Donor, Passage } from "./donors.ts";
import type { FormBar } from "./form.ts";
import { SAME_CONTENT } from "./resembling.ts";

/** Statistics of chord progressions in a corpus. */
export interface Harmony {
  readonly progressions: Progressions;
  /** ln of the probability of the chords of a piece's bar where they stand; 0 where it has none. */
  readonly own: (name: string, bar: number) => number;
}

/** Margin for rounding, in nats per bar. */
const ROUNDING = 1e-6;

/** Cache of harmonies, by the pieces that they were learned from. */
const learned = new WeakMap<readonly PlanOfPiece[], Harmony | null>();

/** The harmony of pieces, learned once; null where their plans have no chords. */
export function learnHarmony(
  pieces: readonly PlanOfPiece[],
  donors: readonly Donor[],
): Harmony | null {
  const known = learned.get(pieces);
  if (known !== undefined) return known;
  const all = donors.filter(({ plan }) => plan.bars.some(({ chords }) => chords))
    .map(({ name, plan: { bars, ends }, first, key }) => ({
      name,
      first,
      key,
      ends,
      bars: bars.slice(first).map(harmonyOf),
    }));
  const harmony = all.length === 0 ? null : harmonyFrom(all);
  learned.set(pieces, harmony);
  return harmony;
}

function harmonyFrom(
  pieces: readonly (Progression & Pick<Donor, "name" | "first" | "key">)[],
): Harmony {
  const progressions = learnProgressions(pieces);
  const known = new Map(pieces.map((piece) => [piece.name, { piece, logs: [] as number[] }]));
  const own = (name: string, bar: number) => {
    const { piece, logs } = known.get(name) ?? {}, at = bar - (piece?.first ?? 0);
    if (!piece || !logs || at < 0) return 0;
    const ends = piece.ends && at === piece.bars.length - 1, bars = piece.bars.slice(0, at + 1);
    return logs[at] ??= logProbabilities(progressions, { bars, ends }, piece.key, at)[0]!;
  };
  return { progressions, own };
}

/** Chords of a bar's halves. */
export function harmonyOf({ chords = [], steps }: BarPlan): HalfBars {
  return halfBars(chords, Math.round(steps / 2));
}

/**
 * Surprisal of a passage's chords in a phrase minus that in their own piece, in nats per bar; bars
 * that repeat an earlier one have its chords.
 * @param before harmony of the bars before the phrase
 * @param ends whether the phrase ends the piece
 * @param most limit beyond which it may be Infinity instead
 */
export function surprise(
  { progressions, own }: Harmony,
  { donor, from, transpose }: Passage,
  phrase: readonly FormBar[],
  before: readonly HalfBars[],
  key: Key,
  ends: boolean,
  most = Infinity,
): number {
  const { name, plan: { bars: lent } } = donor, bars = [...before];
  const barAt = (index: number) => Math.min(lent.length - 1, from + index);
  const usual = sum(phrase.map((_, index) => own(name, barAt(index))));
  if (usual / phrase.length > most + ROUNDING) return Infinity; // what is subtracted is at most 0
  for (const [index, { like }] of phrase.entries()) {
    const repeats = like && like.degree >= SAME_CONTENT;
    bars.push(
      repeats
        ? transposeBar(bars[like.bar]!, like.transpose)
        : transposeBar(harmonyOf(lent[barAt(index)]!), transpose),
    );
  }
  const here = sum(logProbabilities(progressions, { bars, ends }, key, before.length));
  return (usual - here) / phrase.length;
}
