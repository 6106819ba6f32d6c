import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { packageSpecifier } from "../packages.ts";
import { programFolder } from "../program.ts";
import type { Command, Values } from "./command.ts";

/**
 * Permissions of a task's worker: reading of the program, its packages and the files that the flags
 * name; writing of the files that the flags name. No network except its own address where a page is
 * served, no environment, no other programs, no native code.
 */
export function permissionsOf(command: Command, values: Values): Deno.PermissionOptionsObject {
  const { read, write, net = [] } = command.needs(values);
  return {
    read: [programFolder(), packageFolder(), ...read, ...write].flatMap(waysTo),
    write: write.flatMap(waysTo),
    net: net.length > 0 ? [...net] : false,
    env: false,
    run: false,
    ffi: false,
    sys: false,
    import: [],
  };
}

/** A path as given and with its links resolved; Deno asks permission for both. */
export function waysTo(path: string): string[] {
  return [...new Set([resolve(path), withoutLinks(resolve(path))])];
}

/** Path with its links resolved; its last parts need not exist yet. */
function withoutLinks(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(withoutLinks(above), basename(path));
  }
}

/**
 * Folder of Deno's npm packages, with one subfolder per registry. It is derived from a small
 * package that every task loads, as a package that is not loaded has no path yet.
 */
export function packageFolder(
  url: string = import.meta.resolve(packageSpecifier("fastest-levenshtein")),
): string {
  const entry = fileURLToPath(url);
  const [folder] = /^.*?[\\/](?:npm|\.deno_compile_node_modules)[\\/]/.exec(entry) ?? [];
  if (folder === undefined) throw new Error(`Cannot tell where npm packages lie from ${entry}`);
  return folder;
}
