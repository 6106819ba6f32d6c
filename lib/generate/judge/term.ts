import type { Bar } from "../../tokens/bars.ts";
import type { Key } from "../../tokens/key.ts";
import type { Framed, Grid } from "../../tokens/piece.ts";
import type { Plan } from "../../tokens/plan.ts";
import type { CopyCheck } from "./copies.ts";
import type { Discriminator } from "./discriminator.ts";
import type { Range } from "./ranges.ts";

/** Music to be judged: all frames so far, some bars of which are new. */
export interface Judged extends Framed {
  /** Index of the first frame made by the model. */
  readonly from: number;
  /** All bars of the piece, including those not yet generated. */
  readonly bars: readonly Bar[];
  /** Indices of the first and the last judged bar. */
  readonly first: number;
  readonly last: number;
  /** ln of the probability of the constraints in and after a filling. */
  readonly logLikelihood?: number;
}

/** Criteria for judging music, as far as they are known; a term without its inputs is left out. */
export interface Criteria extends CopyCheck {
  readonly grid: Grid;
  /** Plan of each bar. */
  readonly plan?: Plan | null;
  /** Key in which the plan closes. */
  readonly key?: Key | undefined;
  readonly discriminator?: { readonly of: Discriminator; readonly weight: number } | undefined;
  /** Usual ranges of a corpus's statistics, for whole pieces. */
  readonly ranges?: readonly Range[];
  /** Onsets of the notes that a filling replaces, as from `struck`, and of the remaining ones. */
  readonly replaced?: { readonly was: ReadonlySet<number>; readonly given: ReadonlySet<number> };
}

/** A term's value for some music, and its objections. */
interface Finding {
  /** Lower is better. */
  readonly value: number;
  readonly problems?: readonly string[];
}

/** One term of the judge's score. */
export interface Term {
  readonly name: string;
  /** Description of its value. */
  readonly words: string;
  /** Weight of its value; for a hard term, relative to other hard ones only. */
  readonly weight: (criteria: Criteria) => number;
  /** Whether it rejects music wherever there is an alternative. */
  readonly hard?: true;
  /** Undefined where an input is missing. */
  readonly of: (judged: Judged, criteria: Criteria) => Finding | undefined;
}
