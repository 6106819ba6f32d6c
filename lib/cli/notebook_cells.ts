/**
 * Checks and lints the code in the notebooks, which `deno check` and `deno lint` do not read:
 * `deno run … lib/cli/notebook_cells.ts`.
 * @module
 */
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { joined, type Notebook, notebooksIn, readNotebook } from "./notebook_format.ts";
import { output, PROJECT } from "./notebook_run.ts";

/**
 * The code cells of a notebook as one module, each after a line that says where it comes from.
 * @param name of the notebook, for those lines
 * @param root URL of the project: cells import what is beside their folder
 */
export function cellsAsModule(notebook: Notebook, name: string, root: URL): string {
  const cells = notebook.cells.flatMap(({ cell_type, source }, index) =>
    cell_type === "code" ? [`// ${name}, cell ${index + 1}\n${joined(source).trimEnd()}\n`] : []
  );
  return cells.join("\n").replace(/(from\s+")\.\.\//g, `$1${root.href}`);
}

/**
 * Checks types and lints all notebooks.
 * @returns what was found wrong; empty if nothing
 */
export async function checkCells(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "cells-" });
  try {
    const files: string[] = [];
    for (const path of await notebooksIn(join(PROJECT, "notebooks"))) {
      const name = basename(path, ".ipynb");
      const code = cellsAsModule(await readNotebook(path), name, pathToFileURL(PROJECT));
      files.push(join(folder, `${name}.ts`));
      await Deno.writeTextFile(files.at(-1)!, code);
    }
    const config = ["--config", join(PROJECT, "deno.json")];
    const results = [
      await output(Deno.execPath(), ["check", "--quiet", ...config, ...files], { cwd: PROJECT }),
      await output(Deno.execPath(), ["lint", "--quiet", ...config, ...files], { cwd: PROJECT }),
    ];
    return results.filter((result) => !result?.success).map((result) => result?.stderr).join("\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const found = await checkCells();
  if (found !== "") {
    console.error(found);
    Deno.exit(1);
  }
}
