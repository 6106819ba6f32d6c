import { delimiter, dirname, join } from "node:path";
import { exists } from "../store/files.ts";

/** Runs a program and returns its output; undefined if there is no such program. */
export async function output(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<{ success: boolean; stdout: string; stderr: string } | undefined> {
  try {
    const command = new Deno.Command(program, { args: [...args], stdin: "null", ...options });
    const { success, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Specification of the Deno kernel in a folder of Jupyter's. */
function kernelFile(folder: string): string {
  return join(folder, "kernels", "deno", "kernel.json");
}

/**
 * The Deno kernel that Jupyter finds: its specification, and the path of that.
 * @param dataFolders folders in which Jupyter looks for kernels
 */
async function findKernel(dataFolders: readonly string[]) {
  for (const path of dataFolders.map(kernelFile)) {
    if (await exists(path)) return { path, spec: JSON.parse(await Deno.readTextFile(path)) };
  }
  return undefined;
}

/**
 * Whether Jupyter finds a Deno kernel whose executable exists.
 * @param dataFolders folders in which Jupyter looks for kernels
 */
export async function hasKernel(dataFolders: readonly string[]): Promise<boolean> {
  const program: unknown = (await findKernel(dataFolders))?.spec.argv?.[0];
  return typeof program === "string" && (await output(program, ["--version"]))?.success === true;
}

/** Folders in which Jupyter looks for kernels, the user's own first. */
export async function jupyterFolders(): Promise<string[]> {
  const paths = await output("jupyter", ["--paths", "--json"]);
  return paths?.success ? JSON.parse(paths.stdout).data ?? [] : [];
}

/** Python that runs Jupyter, from the first line of its command; undefined on Windows. */
export async function jupytersPython(): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(delimiter)) {
    const path = join(folder, "jupyter");
    if (folder === "" || !await exists(path)) continue;
    const [, python] = /^#!\s*(\S+)\s*$/m.exec((await Deno.readTextFile(path)).slice(0, 500)) ?? [];
    return python;
  }
  return undefined;
}

/**
 * Command line of a kernel that the stop button does not end while it is being loaded: until a
 * program listens for the interrupt, Deno (2.9) would exit, and the notebook would wait for ever.
 * On Windows, as it is: Jupyter interrupts in another way there.
 */
export function shielded(argv: readonly string[]): string[] {
  if (Deno.build.os === "windows") return [...argv];
  return ["sh", "-c", `trap "" INT; exec "$0" "$@"`, ...argv];
}

/**
 * Writes a specification of the Deno kernel that is {@linkcode shielded}, for a Jupyter of this
 * program; the user's own stays as it is.
 * @param dataFolders folders in which Jupyter looks for kernels
 * @param to folder for it
 * @returns value of `JUPYTER_PATH` with which Jupyter prefers it
 */
export async function shieldKernel(dataFolders: readonly string[], to: string): Promise<string> {
  const spec = (await findKernel(dataFolders))?.spec, own = kernelFile(to);
  if (spec) {
    await Deno.mkdir(dirname(own), { recursive: true });
    const text = JSON.stringify({ ...spec, argv: shielded(spec.argv) }, null, 2);
    await Deno.writeTextFile(own, text);
  }
  return [to, Deno.env.get("JUPYTER_PATH")].filter((each) => each).join(delimiter);
}

/** Folders of package runners, which may be emptied at any time. */
const CACHES = /[\\/](?:_npx|_cacache|\.cache|te?mp|pnpm-store)[\\/]/i;

/**
 * Gives a kernel whose program lies in a cache (as with `npx deno`) a copy of it beside its
 * `kernel.json`, where it stays.
 * @param dataFolders folders in which Jupyter looks for kernels
 */
export async function settleKernel(dataFolders: readonly string[]): Promise<void> {
  const { path, spec } = await findKernel(dataFolders) ?? {}, program: unknown = spec?.argv?.[0];
  if (path === undefined || typeof program !== "string" || !CACHES.test(program)) return;
  const own = join(dirname(path), Deno.build.os === "windows" ? "deno.exe" : "deno");
  await Deno.copyFile(program, own);
  const argv = [own, ...spec.argv.slice(1)];
  await Deno.writeTextFile(path, JSON.stringify({ ...spec, argv }, null, 2));
}
