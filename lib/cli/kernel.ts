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

/**
 * Whether Jupyter finds a Deno kernel whose executable exists.
 * @param dataFolders folders in which Jupyter looks for kernels
 */
export async function hasKernel(dataFolders: readonly string[]): Promise<boolean> {
  for (const folder of dataFolders) {
    const path = join(folder, "kernels", "deno", "kernel.json");
    if (!await exists(path)) continue;
    const program: unknown = JSON.parse(await Deno.readTextFile(path)).argv?.[0];
    return typeof program === "string" && (await output(program, ["--version"]))?.success === true;
  }
  return false;
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

/** Folders of package runners, which may be emptied at any time. */
const CACHES = /[\\/](?:_npx|_cacache|\.cache|te?mp|pnpm-store)[\\/]/i;

/**
 * Gives a kernel whose program lies in a cache (as with `npx deno`) a copy of it beside its
 * `kernel.json`, where it stays.
 * @param dataFolders folders in which Jupyter looks for kernels
 */
export async function settleKernel(dataFolders: readonly string[]): Promise<void> {
  for (const folder of dataFolders) {
    const path = join(folder, "kernels", "deno", "kernel.json");
    if (!await exists(path)) continue;
    const spec = JSON.parse(await Deno.readTextFile(path)), program: unknown = spec.argv?.[0];
    if (typeof program !== "string" || !CACHES.test(program)) return;
    const own = join(dirname(path), Deno.build.os === "windows" ? "deno.exe" : "deno");
    await Deno.copyFile(program, own);
    await Deno.writeTextFile(
      path,
      JSON.stringify({ ...spec, argv: [own, ...spec.argv.slice(1)] }, null, 2),
    );
    return;
  }
}
