import type { Table } from "./declare.ts";
import { type Roots, roots, seed, threads } from "./shared.ts";

/** Name of the starter corpus, model and music. No other name is ever made from starter music. */
export const STARTER = "starter";

/**
 * Training time in minutes: enough for the starter music to be recognisable, short enough to wait
 * for.
 */
export const STARTER_MINUTES = 0.5;

/** Settings of `quickstart`. */
export interface QuickstartSettings extends Roots {
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed of all random numbers. Default 1. */
  readonly seed?: number;
}

/** Schema of {@linkcode QuickstartSettings}. */
export const quickstartTable: Table<QuickstartSettings> = { threads, seed, ...roots };
