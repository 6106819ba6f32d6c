/**
 * Opens Jupyter on a person's own copies of the notebooks: `deno task notebook [Jupyter's flags]`.
 * Installs the Deno kernel for this user if Jupyter does not have it.
 * @module
 */
import { basename, join, relative } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { installation, PROGRAM, programFolder, taskCommand, withOwnCommands } from "../program.ts";
import { exists } from "../store/files.ts";
import { environment } from "../store/home.ts";
import { sayAddress } from "./notebook_address.ts";
import {
  hasKernel,
  jupyterFolders,
  jupytersPython,
  output,
  settleKernel,
  shieldKernel,
} from "./kernel.ts";
import { enterWorkingDirectory } from "./working_directory.ts";

/** Folder of the project. */
export const PROJECT = programFolder();

const HELP = `deno task notebook [Jupyter's flags]

Opens Jupyter on your own copies of the notebooks, in the folder my-notebooks. Copies that are there
already stay as they are; delete one to get it fresh. JupyterLab is used where it is installed, else
the classic notebook. The Deno kernel is installed for you if Jupyter does not have it.

  --help  Shows this
  Any other flag goes to Jupyter, such as --port 9999, --no-browser, --allow-root

Example: deno task notebook --no-browser --port 9999`;

const HOW_TO_INSTALL: Readonly<Record<string, string>> = {
  linux: "sudo apt install jupyter-notebook jupyter-client jupyter-nbconvert (Debian, Ubuntu)",
  darwin: "brew install jupyterlab",
  windows: "winget install Python.Python.3.13, then: py -m pip install jupyterlab",
};

/** Installation hint for Jupyter, the person's own system first. */
export function howToInstall(system: string): string {
  const own = HOW_TO_INSTALL[system] ?? HOW_TO_INSTALL.linux;
  const others = Object.values(HOW_TO_INSTALL).filter((way) => way !== own);
  return `There is no Jupyter here. Install it with: ${own}. ` +
    `(Elsewhere: ${
      others.join("; ")
    }.) Or open the folder notebooks/ in VS Code, with its Jupyter extension.`;
}

/** Installed notebook application: JupyterLab, else the classic one. */
async function findJupyter(): Promise<"lab" | "notebook" | undefined> {
  for (const way of ["lab", "notebook"] as const) {
    if ((await output("jupyter", [way, "--version"]))?.success) return way;
  }
  return undefined;
}

/** Paths of the notebooks in `folder`, by name. */
export async function notebooksIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name.endsWith(".ipynb")) paths.push(`${folder}/${name}`);
  }
  return paths.sort();
}

/**
 * Copies the notebooks for a person to work in. The originals stay as they are, and so do files
 * that already exist in `to`.
 * @param isOutside whether `to` is not a folder of the project: then the copies import the package by
 *   its name, and a `deno.json` beside them says where it is
 * @returns name of the first notebook, and the paths of the copies that were made now
 */
export async function copyNotebooks(
  from: string,
  to: string,
  isOutside = false,
): Promise<{ readonly first: string; readonly made: readonly string[] }> {
  await Deno.mkdir(to, { recursive: true });
  const paths = await notebooksIn(from), made: string[] = [];
  for (const path of paths) {
    const copy = join(to, basename(path));
    if (await exists(copy)) continue;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(copy, isOutside ? text.replaceAll("../mod.ts", PROGRAM) : text);
    made.push(copy);
  }
  const settings = join(to, "deno.json");
  if (isOutside && !await exists(settings)) {
    await Deno.writeTextFile(settings, JSON.stringify(outsideSettings(), null, 2) + "\n");
  }
  return { first: basename(paths[0]!), made };
}

/**
 * Tells Jupyter to trust notebooks, so that the scripts in their outputs run as soon as they are
 * opened; only for copies that {@linkcode copyNotebooks} has just made. Without this trust, the
 * scripts of a cell run once the cell has been run. Debian has the command in a package of its own,
 * but its module everywhere.
 * @returns whether it did
 */
export async function trustCopies(
  made: readonly string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  if (made.length === 0) return true;
  const python = await jupytersPython();
  const ways = [["jupyter", "trust"], ...(python ? [[python, "-m", "nbformat.sign"]] : [])];
  for (const [program, ...args] of ways) {
    if ((await output(program!, [...args, ...made], { env }))?.success) return true;
  }
  return false;
}

/**
 * Content of a `deno.json` with which notebooks in any folder find this program without a network.
 */
function outsideSettings(): object {
  return {
    links: [programFolder()],
    imports: { [PROGRAM]: `jsr:${config.name}@${config.version}` },
  };
}

/**
 * Arguments for Jupyter: the project as its root, so that generated music can be reached, and
 * one of the person's own notebooks to open.
 * @param root folder that Jupyter shows
 * @param flags the person's, for Jupyter
 */
export function jupyterArguments(
  way: "lab" | "notebook",
  notebook: string,
  flags: readonly string[],
  root: string = PROJECT,
): string[] {
  return [way, `--notebook-dir=${root}`, ...flags, notebook];
}

/** Opens the notebooks and waits for Jupyter to end. @returns the exit code */
async function openNotebooks(flags: readonly string[]): Promise<number> {
  if (flags.includes("--help") || flags.includes("-h")) {
    console.log(withOwnCommands(HELP, taskCommand(environment("TASK_COMMAND"))));
    return 0;
  }
  const way = await findJupyter();
  if (way === undefined) {
    console.error(howToInstall(Deno.build.os));
    return 1;
  }
  const folders = await jupyterFolders();
  if (!await hasKernel(folders)) {
    const installed = await output(Deno.execPath(), ["jupyter", "--install", "--force"]);
    if (!installed?.success) {
      console.error(`Cannot install the Deno kernel: ${installed?.stderr ?? Deno.execPath()}`);
      return 1;
    }
    await settleKernel(folders);
    console.error("Installed the Deno kernel for this user.");
  }
  const isOutside = installation() !== "clone";
  if (isOutside) enterWorkingDirectory();
  const root = isOutside ? Deno.cwd() : PROJECT, own = join(root, "my-notebooks");
  const { first, made } = await copyNotebooks(join(PROJECT, "notebooks"), own, isOutside);
  if (!await trustCopies(made)) {
    console.error("Jupyter cannot be told to trust the copies: their outputs come alive once run.");
  }
  const stop = () => {}; // Ctrl-C is for Jupyter, which asks back; this process waits for it
  Deno.addSignalListener("SIGINT", stop);
  const args = jupyterArguments(way, join(own, first), flags, root);
  const shield = await Deno.makeTempDir({ prefix: "kernel-" });
  const env = { JUPYTER_PATH: await shieldKernel(folders, shield) };
  const jupyter = new Deno.Command("jupyter", { args, env }).spawn();
  if (flags.includes("--no-browser")) void sayAddress(way, relative(root, join(own, first)));
  const { code } = await jupyter.status;
  Deno.removeSignalListener("SIGINT", stop);
  await Deno.remove(shield, { recursive: true });
  return code;
}

if (import.meta.main) Deno.exit(await openNotebooks(Deno.args));
