/**
 * Location and command line of this program, which may be a clone, an npm package, one compiled
 * file, or a module imported over the network.
 * @module
 */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

/** Short name of the package, as registries and command lines have it. */
export const PROGRAM: string = config.name.split("/")[1]!;

/** Version of the package (semantic versioning). */
export const VERSION: string = config.version;

const root = new URL("../", import.meta.url);

/** Folder of the files that the program reads: its own, or their copies if it came over the network. */
const ownFolder = root.protocol === "file:"
  ? root
  : await (await import("./fetched_copy.ts")).fetchedCopy(root, config.name, VERSION);

/**
 * URL of one of the program's own files or folders, always on disk. Of a program imported over the
 * network, only what `fetched_copy.ts` lists is there.
 * @param path relative to the project, with `/`: `models/base/`
 */
export function ownFile(path: string): URL {
  return new URL(path, ownFolder);
}

/** Folder of the program. */
export function programFolder(): string {
  return fileURLToPath(ownFile(""));
}

/**
 * Kind of installation; only a clone contains a person's own `data/` and `models/`.
 * @param url of a file of the program
 */
export function installation(url: string = import.meta.url): "clone" | "package" | "compiled" {
  if (Deno.build.standalone || url.includes("/deno-compile-")) return "compiled"; // its virtual folder
  return url.includes("/node_modules/") ? "package" : "clone";
}

/**
 * Beginning of a command line that runs a task: `deno task`, `yamg`.
 * @param starter what the package's starter for Node says of itself, if it ran: `npx -y yamg`
 */
export function taskCommand(starter?: string): string {
  switch (installation()) {
    case "clone":
      return "deno task";
    case "compiled":
      return basename(Deno.execPath());
    case "package":
      return starter ?? PROGRAM;
  }
}

/**
 * Text for the terminal, with commands in the form that works for this installation; see {@linkcode
 * taskCommand}.
 */
export function withOwnCommands(text: string, command: string): string {
  return command === "deno task" ? text : text.replaceAll(/\bdeno task (?=[a-z])/g, `${command} `);
}
