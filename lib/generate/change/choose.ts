import { barsOf, endOfBar } from "../../tokens/bars.ts";
import type { Plan } from "../../tokens/plan.ts";
import type { Grid } from "../../tokens/piece.ts";
import { type Choice, choose } from "../judge/choice.ts";
import type { CopyCheck } from "../judge/copies.ts";
import type { Criteria } from "../judge/term.ts";
import { struck } from "../judge/terms.ts";
import { type Filling, scoreOf } from "./particles.ts";
import type { Prepared } from "./prepare.ts";
import type { Scope } from "../recipe.ts";

/**
 * Chooses the likeliest filling that is new: neither the old notes nor a copy.
 * @param plan what else its bars are to be
 */
export function chooseFilling(
  fillings: readonly Filling[],
  { was, kept, from, end, fromBar, endBar }: Prepared,
  scope: Scope,
  copying: CopyCheck,
  grid: Grid,
  plan?: Plan,
): Choice {
  const before = kept.frames.slice(0, from), { metres } = kept;
  const given = struck(kept.frames.slice(from, end));
  const replaced = { was: struck(was.frames.slice(from, end)).difference(given), given };
  // A variation should resemble the original.
  const criteria: Criteria = scope.kind === "share"
    ? { grid, mostCopied: Infinity }
    : { grid, ...copying, replaced, ...(plan ? { plan } : {}) };
  const bars = barsOf(metres, kept.frames.length, grid);
  const whole = { metres, from, bars, first: fromBar, last: endBar - 1 };
  // A plan says what whole bars are to be, and a melody may end within one.
  const rest = plan ? kept.frames.slice(end, endOfBar(bars[endBar - 1]!)) : [];
  return choose(
    fillings.map((filling) => ({
      ...whole,
      frames: [...before, ...filling.frames, ...rest],
      logLikelihood: scoreOf(filling),
    })),
    criteria,
  );
}
