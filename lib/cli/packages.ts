import { fileURLToPath } from "node:url";
import { packageSpecifier } from "../packages.ts";

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
