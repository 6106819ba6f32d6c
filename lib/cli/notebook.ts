/**
 * Opens Jupyter on the notebooks: `deno task notebook`. Installs the Deno kernel for this user if
 * Jupyter does not have it.
 * @module
 */
import { join } from "node:path";
import { output, PROJECT } from "./notebook_run.ts";

const HOW_TO_INSTALL: Readonly<Record<string, string>> = {
  linux: "sudo apt install jupyter-notebook (Debian, Ubuntu)",
  darwin: "brew install jupyterlab",
  windows: "winget install Python.Python.3.13, then: py -m pip install jupyterlab",
};

/** The line for people without Jupyter: their own system's way first. */
export function howToInstall(system: string): string {
  const own = HOW_TO_INSTALL[system] ?? HOW_TO_INSTALL.linux;
  const others = Object.values(HOW_TO_INSTALL).filter((way) => way !== own);
  return `There is no Jupyter here. Install it with: ${own}. ` +
    `(Elsewhere: ${
      others.join("; ")
    }.) Or open the folder notebooks/ in VS Code, with its Jupyter extension.`;
}

/** The way to open notebooks that is installed: JupyterLab, else the classic one. */
async function findJupyter(): Promise<"lab" | "notebook" | undefined> {
  for (const way of ["lab", "notebook"] as const) {
    if ((await output("jupyter", [way, "--version"]))?.success) return way;
  }
  return undefined;
}

/** Whether Jupyter knows a Deno kernel whose program is there. */
async function hasKernel(): Promise<boolean> {
  const list = await output("jupyter", ["kernelspec", "list", "--json"]);
  if (!list?.success) return false;
  const { kernelspecs = {} } = JSON.parse(list.stdout);
  const program: unknown = kernelspecs.deno?.spec?.argv?.[0];
  return typeof program === "string" && (await output(program, ["--version"]))?.success === true;
}

/** Opens the notebooks and waits until Jupyter ends. @returns the exit code */
export async function openNotebooks(): Promise<number> {
  const way = await findJupyter();
  if (way === undefined) {
    console.error(howToInstall(Deno.build.os));
    return 1;
  }
  if (!await hasKernel()) {
    const installed = await output(Deno.execPath(), ["jupyter", "--install", "--force"]);
    if (!installed?.success) {
      console.error(`Cannot install the Deno kernel: ${installed?.stderr ?? Deno.execPath()}`);
      return 1;
    }
    console.error("Installed the Deno kernel for this user.");
  }
  const stop = () => {}; // Ctrl-C is for Jupyter, which asks back; this process waits for it
  Deno.addSignalListener("SIGINT", stop);
  const jupyter = new Deno.Command("jupyter", { args: [way, join(PROJECT, "notebooks")] }).spawn();
  const { code } = await jupyter.status;
  Deno.removeSignalListener("SIGINT", stop);
  return code;
}

if (import.meta.main) Deno.exit(await openNotebooks());
