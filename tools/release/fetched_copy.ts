/**
 * Lists the files that a program imported over the network copies to the user's disk, with their
 * hashes: `lib/fetched_copy.json`.
 * @module
 */
import { ownFile } from "../../lib/program.ts";
import { sha256 } from "../../lib/store/files.ts";
import { flagsFor } from "../task.ts";

/** Folders whose files the program reads while it runs, and the endings of those files. */
const READ: Readonly<Record<string, RegExp>> = {
  "data/starter/": /\.mid$/,
  "lib/": /\.wasm$/,
  "models/base/": /\.(json|bin|txt|tsv)$/,
  "models/basic-pitch/": /\.bin$/,
};

/** SHA-256 of each file that the program reads while it runs, by its path, sorted. */
export async function filesToFetch(): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for (const [folder, endings] of Object.entries(READ)) {
    for await (const path of filesIn(folder)) {
      if (endings.test(path)) found.push([path, sha256(await Deno.readFile(ownFile(path)))]);
    }
  }
  return Object.fromEntries(found.sort(([a], [b]) => a < b ? -1 : 1));
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(ownFile(folder))) {
    if (isDirectory) yield* filesIn(`${folder}${name}/`);
    else yield `${folder}${name}`;
  }
}

if (import.meta.main) {
  flagsFor({
    name: "fetched-copy",
    summary: "Lists the files that an import over the network fetches, in lib/fetched_copy.json.",
    example: "deno task fetched-copy",
  }, {});
  await Deno.writeTextFile(
    ownFile("lib/fetched_copy.json"),
    JSON.stringify(await filesToFetch(), null, 2) + "\n",
  );
  console.log("lib/fetched_copy.json");
}
