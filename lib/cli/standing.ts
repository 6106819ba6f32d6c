import { join, relative } from "node:path";
import type { Command, Values } from "./command.ts";
import { atHome, environment } from "../store/home.ts";
import { programFolder } from "./packages.ts";

/**
 * Changes to the person's working directory: `deno task` runs in the project's and leaves the
 * person's in `INIT_CWD`. Relative paths, given or printed, are theirs from then on.
 */
export function standWithPerson(): void {
  const folder = environment("INIT_CWD");
  if (folder === undefined || folder === Deno.cwd()) return;
  try {
    Deno.chdir(folder);
  } catch {
    // A folder that is gone or closed: paths are the project's then.
  }
}

/**
 * Values with `~` replaced by the home folder, which shells do not do after `=`, and with the
 * project's folders of data and models where none are named and the working directory is elsewhere.
 * @param folder the working directory
 */
export function personsPaths(command: Command, values: Values, folder = Deno.cwd()): Values {
  const paths = command.flags.filter(({ type }) => type === "path").map(({ name }) => name);
  const own = paths.filter((name) => name === "data" || name === "models")
    .map((name): [string, string] => [name, relative(folder, join(programFolder(), name))])
    .filter(([name, path]) => path !== name);
  const given = Object.entries(values).map(([name, value]): [string, Values[string]] => [
    name,
    typeof value === "string" && (name === "_" || paths.includes(name)) ? atHome(value) : value,
  ]);
  return Object.fromEntries([...own, ...given]);
}
