import type { Table } from "./declare.ts";
import { type Roots, roots, seed, threads } from "./shared.ts";

/** Settings of `quickstart`. */
export interface QuickstartSettings extends Roots {
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed of all random numbers. Default 1. */
  readonly seed?: number;
}

/** Schema of {@linkcode QuickstartSettings}. */
export const quickstartTable: Table<QuickstartSettings> = { threads, seed, ...roots };
