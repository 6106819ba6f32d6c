import { join, relative, resolve } from "node:path";
import type { Command, Values } from "./command.ts";
import { atHome, environment } from "../store/home.ts";
import { installation, programFolder } from "../program.ts";

/**
 * Changes to the person's working directory, which `deno task` keeps in `INIT_CWD` while it runs in
 * the project. From then on, relative paths, given or printed, are relative to it.
 */
export function enterWorkingDirectory(): void {
  if (installation() === "compiled") return; // started directly: the variable is another program's
  const folder = environment("INIT_CWD");
  if (folder === undefined || folder === Deno.cwd()) return;
  try {
    Deno.chdir(folder);
  } catch {
    // A folder that is gone or closed: paths are the project's then.
  }
}

/** Flags that name the folders of data and models. */
const ROOTS = ["data", "models"];

/**
 * Values with `~` replaced by the home folder, which shells do not do after `=`. Run from a clone, a
 * task uses the clone's folders of data and models where none are named; otherwise those in the
 * working directory.
 * @param folder the working directory
 */
export function personsPaths(
  command: Command,
  values: Values,
  folder: string = Deno.cwd(),
): Values {
  const paths = command.flags.filter(({ type }) => type === "path").map(({ name }) => name);
  const own = paths.filter((name) => installation() === "clone" && ROOTS.includes(name))
    .map((name): [string, string] => [name, relative(folder, join(programFolder(), name))])
    .filter(([name, path]) => path !== name);
  const given = Object.entries(values).map(([name, value]): [string, Values[string]] => [
    name,
    typeof value === "string" && (name === "_" || paths.includes(name)) ? atHome(value) : value,
  ]);
  return Object.fromEntries([...own, ...given]);
}

/**
 * Line naming a task's folders of data and models; undefined in a clone, where they belong to the
 * project.
 */
export function placesText(
  { data = "data", models = "models" }: Values,
): string | undefined {
  if (installation() === "clone") return undefined;
  return `Music is kept in ${resolve(`${data}`)}, models in ${resolve(`${models}`)}`;
}
