import type { Run } from "../phases/run.ts";
import { inNotebook } from "../show/jupyter.ts";
import type { Plot } from "../show/plot.ts";
import { type CellWork, inCell } from "./cell.ts";
import { personsPaths } from "./paths.ts";

/** The plots of a result: each with its Vega-Lite `spec`, to go on with. */
export interface WithPlots {
  /** Drawn when they are displayed; not part of the result as JSON. */
  readonly plots: readonly Plot[];
}

/** Options for running a phase in a cell. */
type PhaseCell<Settings, Summary> = Omit<CellWork<Summary>, "work"> & {
  /** Makes the missing starter files that the settings refer to. */
  readonly first: (settings: Settings, run: Run) => Promise<void>;
};

/** Runs a phase; in a notebook, unless `run` is given, in a cell that displays its result. */
export async function inNotebookToo<Settings extends object, Summary>(
  phase: (settings: Settings, run?: Run) => Promise<Summary>,
  given: Settings,
  run: Run | undefined,
  { first, ...cell }: PhaseCell<Settings, Summary>,
): Promise<Summary> {
  if (run || !inNotebook()) return await phase(given, run);
  const work = async (run: Run) => {
    const settings = personsPaths(given);
    await first(settings, run);
    return await phase(settings, run);
  };
  return await inCell({ work, ...cell });
}

/** A phase whose result has plots. */
export function plotted<Settings, Summary extends object>(
  phase: (settings: Settings, run?: Run) => Promise<Summary>,
  plots: (summary: Summary) => readonly Plot[],
): (settings: Settings, run?: Run) => Promise<Summary & WithPlots> {
  return async (settings, run) => {
    const summary = await phase(settings, run);
    return Object.defineProperty(summary, "plots", { get: () => plots(summary) }) as
      & Summary
      & WithPlots;
  };
}
