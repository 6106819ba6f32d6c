/**
 * Checks types, style and format of the code in the notebooks: `deno check` and `deno lint` do not
 * read them, and `deno fmt --check` calls every notebook unformatted whose cells do not end in an
 * empty line. `deno run … tools/notebooks/cells.ts`.
 * @module
 */
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { output } from "../../lib/cli/kernel.ts";
import { notebooksIn, PROJECT } from "../../lib/cli/notebook.ts";
import { joined, type Notebook, readNotebook } from "./format.ts";

/**
 * Code cells of a notebook as one module, each preceded by a comment with its origin.
 * @param name of the notebook, for those lines
 */
export function cellsAsModule(notebook: Notebook, name: string): string {
  const cells = notebook.cells.flatMap(({ cell_type, source }, index) =>
    cell_type === "code" ? [`// ${name}, cell ${index + 1}\n${joined(source).trimEnd()}\n`] : []
  );
  return cells.join("\n");
}

/**
 * Checks the code of all notebooks.
 * @param others modules whose types are checked, too: most of the time goes into those of mod.ts
 * @returns what was found wrong; empty if nothing
 */
export async function checkCells(others: readonly string[] = []): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "cells-" });
  try {
    // Cells import ../mod.ts, as seen from the notebooks' folder.
    const api = `export * from ${JSON.stringify(pathToFileURL(join(PROJECT, "mod.ts")).href)};\n`;
    await Deno.writeTextFile(join(folder, "mod.ts"), api);
    await Deno.mkdir(join(folder, "notebooks"));
    const files: string[] = [];
    for (const path of await notebooksIn(join(PROJECT, "notebooks"))) {
      const name = basename(path, ".ipynb");
      files.push(join(folder, "notebooks", `${name}.ts`));
      await Deno.writeTextFile(files.at(-1)!, cellsAsModule(await readNotebook(path), name));
    }
    const config = ["--config", join(PROJECT, "deno.json")];
    const results = [];
    const tasks = [["check", "--quiet", ...others], ["lint", "--quiet"], ["fmt", "--check"]];
    for (const task of tasks) {
      const args = [...task, ...config, ...files];
      results.push(await output(Deno.execPath(), args, { cwd: PROJECT }));
    }
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
