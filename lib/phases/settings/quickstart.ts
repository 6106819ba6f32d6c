import type { Table } from "./declare.ts";
import { type Roots, roots, seed, threads } from "./shared.ts";

/** What `quickstart` may be told. */
export interface QuickstartSettings extends Roots {
  /** Threads of the backend. Default: all cores, at most 8. */
  readonly threads?: number;
  /** Seed of everything random. Default 1. */
  readonly seed?: number;
}

/** What {@linkcode QuickstartSettings} may be. */
export const quickstartTable: Table<QuickstartSettings> = { threads, seed, ...roots };
