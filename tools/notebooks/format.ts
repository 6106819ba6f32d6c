/** A Jupyter notebook (nbformat 4), as far as this project reads it. */
export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** A cell of a notebook. */
export interface Cell {
  readonly cell_type: "code" | "markdown" | "raw";
  readonly id?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Text, whole or in lines. */
  readonly source: Lines;
  readonly outputs?: readonly Output[];
  readonly execution_count?: number | null;
}

/** Text, whole or in lines that keep their newlines. */
export type Lines = string | readonly string[];

/** Output of a code cell. */
export interface Output {
  readonly output_type: "display_data" | "error" | "execute_result" | "stream";
  /** Data by MIME type. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly name?: "stdout" | "stderr";
  readonly text?: Lines;
  readonly ename?: string;
  readonly evalue?: string;
  readonly execution_count?: number | null;
}

/** Joins text that may be in lines. */
export function joined(lines: Lines | undefined): string {
  return typeof lines === "string" ? lines : (lines ?? []).join("");
}

/** Reads a notebook. @throws {Error} if it is none */
export async function readNotebook(path: string): Promise<Notebook> {
  const notebook = JSON.parse(await Deno.readTextFile(path)) as Notebook;
  if (notebook.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new Error(`Cannot read ${path}: not a notebook of format 4`);
  }
  return notebook;
}

/**
 * A notebook as text: indented as by Jupyter, except that the data of each picture is on one line
 * instead of ten thousand.
 */
export function notebookText(notebook: Notebook): string {
  const compact: string[] = [];
  const text = JSON.stringify(notebook, (type, value) => {
    if (!type.startsWith("application/") || typeof value !== "object") return value;
    return `\0${compact.push(JSON.stringify(value)) - 1}`;
  }, 1);
  return text.replace(/"\\u0000(\d+)"/g, (_, index) => compact[Number(index)]!) + "\n";
}

/**
 * An executed notebook without the details that differ from run to run: times, speeds, folders of
 * this machine, metadata of the kernel.
 * @param notebook as Jupyter left it
 * @param folder where it was run; the folder's name disappears from the outputs
 */
export function withoutNoise(notebook: Notebook, folder: string): Notebook {
  let count = 0;
  const cells = notebook.cells.map((cell, index): Cell => {
    const id = `cell-${index + 1}`;
    const { cell_type, source } = cell;
    if (cell_type !== "code") return { cell_type, id, metadata: {}, source: lines(source) };
    const outputs = (cell.outputs ?? [])
      .filter(({ output_type, name }) => !(output_type === "stream" && name === "stderr"))
      .filter(({ output_type, data = {} }) =>
        output_type !== "execute_result" || Object.keys(data).length > 0 &&
          !joined(data["text/html"] as Lines | undefined).includes("data-shown-above")
      )
      .map((output) => quiet(output, folder, count + 1));
    return {
      cell_type,
      execution_count: ++count,
      id,
      metadata: {},
      outputs,
      source: lines(source),
    };
  });
  return {
    cells,
    metadata: {
      kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
      language_info: { file_extension: ".ts", mimetype: "text/x.typescript", name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function quiet(output: Output, folder: string, executionCount: number): Output {
  const steady = <T>(value: T): T => {
    if (typeof value === "string") return steadyText(value, folder) as T;
    if (Array.isArray(value)) return value.map(steady) as T;
    return value;
  };
  const data = Object.entries(output.data ?? {}).map(([type, value]) => [type, steady(value)]);
  return {
    ...output,
    ...(output.data ? { data: Object.fromEntries(data) } : {}),
    ...(output.data ? { metadata: {} } : {}),
    ...(output.text === undefined ? {} : { text: lines(steady(joined(output.text))) }),
    ...(output.output_type === "execute_result" ? { execution_count: executionCount } : {}),
  };
}

/** Pattern of a measured speed or time, which differs from run to run. */
const MEASURED =
  /\d[\d,.]*(?= (?:frames|examples|windows) per second| examples\/s| times real time)/g;

function steadyText(text: string, folder: string): string {
  return text.replaceAll(`${folder}/`, "").replace(MEASURED, "…");
}

function lines(text: Lines): string[] {
  return joined(text).match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
