import type { ChordBar } from "../../harmony/sheet.ts";
import { NO_CHORD_SYMBOL } from "../../midi/chord_symbols.ts";
import type { ChordSymbol } from "../../midi/music.ts";
import { keyOf } from "../../tokens/find_key.ts";
import type { Grid } from "../../tokens/piece.ts";
import type { BarPlan, Plan } from "../../tokens/plan.ts";
import { chordSymbolsOf } from "../plan/chord_symbols.ts";
import { chordsFrom, withChords } from "../plan/chords.ts";
import type { ChangeRecipe } from "../recipe.ts";
import { withClasses } from "./gap_plans.ts";
import type { Prepared } from "./prepare.ts";
import type { ChangeSource } from "./source.ts";

/** Chords of a change. */
export interface ChangeChords {
  /** Chords of each bar, from bar `first` on; repeated where there are fewer chords than bars. */
  readonly bars: readonly ChordBar[];
  /** Beats in which their positions are given. */
  readonly beatsPerBar: number;
  /** Index of the first bar with chords. */
  readonly first: number;
}

/** A plan fitted to chords; the given notes' pitch classes stay in it. */
export function heldToChords(
  plan: Plan,
  { bars: chords, beatsPerBar, first }: ChangeChords,
  given: readonly BarPlan[] | undefined,
  grid: Grid,
): Plan {
  const held = withChords(plan, chordsFrom(chords, first), beatsPerBar, grid);
  return {
    ...held,
    bars: held.bars.map((bar, index) => ({
      ...bar,
      ...(bar.classes ? { classes: withClasses(bar.classes, given?.[index]?.classes) } : {}),
    })),
  };
}

/** Requested chords of a recipe, as a plan of the whole piece; undefined if it has none. */
export function chordPlan(
  { plans }: ChangeRecipe,
  { plan: { bars, ends }, fromBar }: Prepared,
): Plan | undefined {
  const chords = plans[0]!.bars.map((bar) => bar.chords?.some(({ soft }) => !soft) && bar.chords);
  if (!chords.some((one) => one)) return undefined;
  return {
    ends,
    bars: bars.map(({ frames, steps }, index) => {
      const own = chords[index - fromBar];
      return { frames, steps, ...(own ? { chords: own } : {}) };
    }),
  };
}

/**
 * Symbols of a recipe's chords in the file, spelled in the music's key, and the file's own ones
 * before and after the bars that are changed.
 */
export function symbolsFor(
  recipe: ChangeRecipe,
  prepared: Prepared,
  { placed, music: { chords: old = [] } }: Pick<ChangeSource, "placed" | "music">,
): ChordSymbol[] {
  const { plan: { bars, ends }, origin, from, end, endBar } = prepared;
  const ticksAt = (frame: number) => placed.ticksAt(origin + frame);
  const added = chordSymbolsOf(chordPlan(recipe, prepared) ?? null, keyOf(bars, ends))
    .map(({ frame, symbol }) => ({ ticks: ticksAt(frame), symbol }));
  const stop = ticksAt(end), before = old.filter(({ ticks }) => ticks < ticksAt(from));
  if (endBar >= bars.length) return [...before, ...added];
  const goesOn = old.findLast(({ ticks }) => ticks <= stop)?.symbol ?? NO_CHORD_SYMBOL;
  return [
    ...before,
    ...added.filter(({ ticks }) => ticks < stop),
    { ticks: stop, symbol: goesOn },
    ...old.filter(({ ticks }) => ticks > stop),
  ];
}
