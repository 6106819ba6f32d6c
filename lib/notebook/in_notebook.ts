import type { Run } from "../phases/run.ts";
import { inNotebook } from "../show/jupyter.ts";
import { type CellWork, inCell } from "./cell.ts";
import { personsPaths } from "./paths.ts";

/**
 * Runs a phase; in a notebook, unless `run` is given, in a cell that displays its result.
 * @param first makes the missing starter files that the settings refer to
 */
export async function inNotebookToo<Settings extends object, Summary>(
  phase: (settings: Settings, run?: Run) => Promise<Summary>,
  given: Settings,
  run: Run | undefined,
  { first, ...cell }: Omit<CellWork<Summary>, "work"> & {
    readonly first: (settings: Settings, run: Run) => Promise<void>;
  },
): Promise<Summary> {
  if (run || !inNotebook()) return await phase(given, run);
  const work = async (run: Run) => {
    const settings = personsPaths(given);
    await first(settings, run);
    return await phase(settings, run);
  };
  return await inCell({ work, ...cell });
}
