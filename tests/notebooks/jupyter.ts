/** A live Jupyter server for tests, classic or JupyterLab, with settings of its own. */
import { join } from "node:path";
import { output } from "../../lib/cli/kernel.ts";
import { ownPlaces, writeKernel } from "../../tools/notebooks/run.ts";
import { namesOf } from "../store/support.ts";
import { type ChromiumPage, inBrowser } from "./browser.ts";

/** A notebook application. */
export type Way = typeof WAYS[number];

/** All that these tests know: the classic notebook, JupyterLab, and the notebook made of its parts. */
export const WAYS = ["notebook", "lab", "notebook7"] as const;

/** Command and versions of each application. */
const COMMANDS = {
  notebook: ["notebook", /^[3-6]\./],
  lab: ["lab", /^4\./],
  notebook7: ["notebook", /^7\./],
} as const;

/** Whether the application is installed here in a version that these tests know. */
export async function hasJupyter(way: Way): Promise<boolean> {
  const [command, versions] = COMMANDS[way];
  return versions.test((await output("jupyter", [command, "--version"]))?.stdout ?? "");
}

/** What the application is started with; the tests speak to the Lab's commands. */
const LAB_FLAGS = ["--expose-app-in-browser", "--ServerApp.token=", "--ServerApp.password="];
const FLAGS: Readonly<Record<Way, readonly string[]>> = {
  notebook: ["--NotebookApp.token="],
  lab: LAB_FLAGS,
  notebook7: LAB_FLAGS,
};

/** Environment in which Jupyter finds this Deno's kernel and trusts nothing but what tests trust. */
export async function jupyterEnvironment(folder: string): Promise<Record<string, string>> {
  return {
    JUPYTER_PATH: await writeKernel(folder),
    JUPYTER_DATA_DIR: join(folder, "trusted"),
    ...await ownPlaces(folder),
  };
}

/** Starts a server that shows `folder`; it is gone when `work` is done. */
export async function withJupyter<T>(
  way: Way,
  folder: string,
  work: (address: string) => Promise<T>,
): Promise<T> {
  const env = await jupyterEnvironment(folder);
  const server = new Deno.Command("jupyter", {
    args: [
      COMMANDS[way][0],
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      `--notebook-dir=${folder}`,
      ...FLAGS[way],
    ],
    cwd: folder,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = server.status.finally(() => ended = true);
  try {
    for (let tries = 0;; tries++) {
      const port = await portIn(env.JUPYTER_RUNTIME_DIR!);
      const address = `http://127.0.0.1:${port}`;
      if (port && await fetch(`${address}/api`).then((r) => r.body?.cancel(), () => "") !== "") {
        return await work(address);
      }
      if (ended || tries > 1500) throw new Error("Jupyter did not start");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    if (!ended) server.kill("SIGTERM");
    await status;
  }
}

/** The port that Jupyter says it has taken: the first that was free. */
async function portIn(runtime: string): Promise<number | undefined> {
  for (const name of namesOf(runtime).filter((name) => /^(?:nb|jp)server-\d+\.json$/.test(name))) {
    try {
      return JSON.parse(await Deno.readTextFile(join(runtime, name))).port;
    } catch {
      // it is being written
    }
  }
  return undefined;
}

/** A notebook in a browser, whichever application shows it. */
export interface LivePage extends ChromiumPage {
  /** Starts all cells. */
  runAll(): Promise<void>;
  /** Starts one cell, from 0. */
  run(cell: number): Promise<void>;
  /** Presses the stop button. */
  stop(): Promise<void>;
  /** Scrolls to a cell: a Lab draws only what is near. */
  look(cell: number): Promise<void>;
  /** Expression for the element with a cell's outputs, from 0. */
  outputs(cell: number): string;
  /** Expression for what the cells that failed say. */
  readonly failed: string;
  /** Expression for whether the first cell of code runs or waits. */
  readonly loading: string;
  /** Expression for whether a cell runs or waits. */
  readonly running: string;
  /** Expression for the text of all outputs. */
  readonly said: string;
}

/** Opens a notebook, and waits for its kernel. @param path from the server's root */
export async function inNotebookPage<T>(
  way: Way,
  chromium: string,
  address: string,
  path: string,
  work: (page: LivePage) => Promise<T>,
): Promise<T> {
  // A Lab would open again what was open before, and run that.
  const url = way === "lab" ? `lab/tree/${path}?reset` : `notebooks/${path}`;
  return await inBrowser(chromium, `${address}/${url}`, async (page) => {
    const { ready, cells, runAll, run, stop, look, ...expressions } = way === "notebook"
      ? CLASSIC
      : LAB;
    await page.until(ready(path));
    return await work({
      ...page,
      runAll: () => page.evaluate(`void ${runAll}`),
      run: (cell) => page.evaluate(`void ${run(cell)}`),
      stop: () => page.evaluate(`void ${stop}`),
      look: (cell) => page.evaluate(`void ${look(cell)}`),
      ...expressions,
      // Of the notebook itself: a Lab draws only the cells that are near.
      failed: `${outputsOf(cells)}.filter((one) => one.ename || one.name === "stderr")` +
        `.map((one) => one.evalue ?? ${PLAIN})`,
      said: `${outputsOf(cells)}.map((one) => ${PLAIN}).join("\\n")`,
    });
  });
}

/** Expression for the outputs of a notebook's cells. */
const outputsOf = (cells: string) => `${cells}.flatMap((cell) => cell.outputs ?? [])`;

/** Expression for the text of an output. */
const PLAIN = `[one.text ?? one.data?.["text/plain"] ?? []].flat().join("")`;

const WIDGET = "jupyterapp.shell.currentWidget";
const STATES = `${WIDGET}.content.widgets.map((cell) => cell.model.executionState)`;

/** What JupyterLab and Notebook 7 call things. */
const LAB = {
  ready: (path: string) =>
    `window.jupyterapp && ${WIDGET}?.context?.isReady && ` +
    `${WIDGET}.context.path === "${path}" && ${WIDGET}.sessionContext?.session?.kernel`,
  cells: `${WIDGET}.content.model.toJSON().cells`,
  runAll: `jupyterapp.commands.execute("notebook:run-all-cells")`,
  run: (cell: number) =>
    `(${WIDGET}.content.activeCellIndex = ${cell}, ` +
    `jupyterapp.commands.execute("notebook:run-cell"))`,
  stop: `${WIDGET}.sessionContext.session.kernel.interrupt()`,
  look: (cell: number) => `${WIDGET}.content.scrollToItem(${cell})`,
  outputs: (cell: number) => `${WIDGET}.content.widgets[${cell}].outputArea.node`,
  loading: `${STATES}.find(Boolean) === "running"`,
  running: `${STATES}.includes("running")`,
};

const NOTEBOOK = "Jupyter.notebook";

/** What the classic notebook calls them. */
const CLASSIC: typeof LAB = {
  ready: () => `window.Jupyter?.notebook?.kernel?.is_connected()`,
  cells: `${NOTEBOOK}.toJSON().cells`,
  runAll: `${NOTEBOOK}.execute_all_cells()`,
  run: (cell: number) => `${NOTEBOOK}.execute_cells([${cell}])`,
  stop: `${NOTEBOOK}.kernel.interrupt()`,
  look: (cell: number) => `${NOTEBOOK}.get_cell(${cell}).element[0].scrollIntoView()`,
  outputs: (cell: number) => `${NOTEBOOK}.get_cell(${cell}).output_area.element[0]`,
  loading: `document.querySelector(".code_cell .input_prompt").textContent.includes("*")`,
  running: `[...document.querySelectorAll(".input_prompt")].some((prompt) => ` +
    `prompt.textContent.includes("*"))`,
};

/** A notebook of code cells. */
export function notebookOf(sources: readonly string[]): string {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    outputs: [],
    execution_count: null,
    source,
  }));
  const kernelspec = { name: "deno", display_name: "Deno", language: "typescript" };
  return JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
}
