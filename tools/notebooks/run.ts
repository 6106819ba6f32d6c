import { basename, join } from "node:path";
import { output, shielded } from "../../lib/cli/kernel.ts";
import { PROJECT } from "../../lib/cli/notebook.ts";
import { exists } from "../../lib/store/files.ts";
import { copy } from "../release/package.ts";
import { type Cell, type Notebook, readNotebook } from "./format.ts";

/** Parts of the project that notebooks need to run elsewhere. */
const NEEDED = ["deno.json", "deno.lock", "mod.ts", "lib", "links", "data/starter", "notebooks"];

/** Name of the bundled model. */
const BASE = "models/base";

/** Runs an action in a temporary copy of the project, so that nothing done by notebooks remains. */
export async function inCopy<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "notebooks-" }));
  try {
    for (const name of NEEDED) await copy(join(PROJECT, name), join(folder, name));
    if (await exists(join(PROJECT, BASE))) await copy(join(PROJECT, BASE), join(folder, BASE));
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Jupyter's timeouts in seconds: for a cell, for the outputs of a finished cell, and for the
 * kernel.
 */
const PATIENCE = ["timeout=900", "iopub_timeout=60", "startup_timeout=300"]
  .map((setting) => `--ExecutePreprocessor.${setting}`);

/** Length in seconds of each sound in a notebook's kept outputs, so that its file stays small. */
const KEPT_SECONDS: Readonly<Record<string, number>> = {
  "0-tour": 15,
  "1-preprocess": 15,
  "2-train": 15,
  "3-generate": 4,
  "4-listen": 30,
  "5-evaluate": 8,
  "6-change": 5,
};

/** Bit rate of these sounds, and of those of a notebook that has many. */
const KEPT_KILOBITS = 24, MANY = "3-generate", MANY_KILOBITS = 16;

/** A cell before all others that shortens the sound in the outputs. */
function shorteningCell(name: string): Cell {
  const own = basename(name, ".ipynb"), seconds = KEPT_SECONDS[own] ?? 5;
  const sound = { seconds, kilobits: own === MANY ? MANY_KILOBITS : KEPT_KILOBITS } as const;
  const source = `import { keepShort } from "../lib/notebook/sound.ts";\n` +
    `keepShort(${JSON.stringify(sound)});`;
  return { cell_type: "code", metadata: {}, source, outputs: [], execution_count: null };
}

/**
 * Runs a notebook of a copy from top to bottom on the Deno kernel under Jupyter, with the sound in
 * its outputs shortened.
 * @param folder the copy, see {@linkcode inCopy}
 * @param name `1-preprocess.ipynb`
 * @throws {Error} if a cell throws, with what Jupyter says of it
 */
export async function runNotebook(folder: string, name: string): Promise<Notebook> {
  const path = join(folder, "notebooks", name);
  const before = await readNotebook(path), cells = [shorteningCell(name), ...before.cells];
  await Deno.writeTextFile(path, JSON.stringify({ ...before, cells }));
  const jupyterPath = await writeKernel(folder);
  const args = ["nbconvert", "--to", "notebook", "--execute", "--inplace", ...PATIENCE, path];
  const result = await output("jupyter", args, {
    env: { JUPYTER_PATH: jupyterPath, ...await ownPlaces(folder) },
  });
  if (!result?.success) {
    throw new Error(`Cannot run ${basename(path)}: ${result?.stderr ?? "there is no Jupyter"}`);
  }
  const after = await readNotebook(path);
  return { ...after, cells: after.cells.slice(1) };
}

/**
 * Environment in which Jupyter writes to a folder instead of the user's home, which may be
 * read-only, and ignores the user's settings.
 * @returns what Jupyter's environment must say
 */
export async function ownPlaces(folder: string): Promise<Record<string, string>> {
  const place = join(folder, "jupyter");
  const places = {
    JUPYTER_CONFIG_DIR: join(place, "config"),
    JUPYTER_RUNTIME_DIR: join(place, "runtime"),
    IPYTHONDIR: join(place, "ipython"),
  };
  for (const each of Object.values(places)) await Deno.mkdir(each, { recursive: true });
  return places;
}

/**
 * Registers the running Deno as Jupyter's kernel, whatever the user has installed.
 * @returns what `JUPYTER_PATH` must be
 */
export async function writeKernel(folder: string): Promise<string> {
  const jupyterPath = join(folder, "jupyter");
  const kernel = join(jupyterPath, "kernels", "deno");
  await Deno.mkdir(kernel, { recursive: true });
  const argv = shielded([Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"]);
  const spec = { argv, display_name: "Deno", language: "typescript" };
  await Deno.writeTextFile(join(kernel, "kernel.json"), JSON.stringify(spec));
  return jupyterPath;
}
