import { join } from "node:path";
import type { ProgressListener } from "../progress.ts";
import { checkName } from "../store/files.ts";
import type { Roots } from "./settings.ts";

/** How a phase reports and is stopped. */
export interface Run {
  /** Called often while the phase works. */
  readonly onProgress?: ProgressListener;
  /** When aborted, the phase stops at the next safe point. */
  readonly signal?: AbortSignal;
  /** Called with lines worth reading while the phase works. */
  readonly onMessage?: (line: string) => void;
}

/** `data/corpora/NAME`. @throws {RangeError} if the name would lead elsewhere */
export function corpusFolder(roots: Roots, name: string, flag?: string): string {
  return join(roots.data ?? "data", "corpora", checkName(name, flag));
}

/** `models/NAME`. @throws {RangeError} if the name would lead elsewhere */
export function modelFolder(roots: Roots, name: string, flag?: string): string {
  return join(roots.models ?? "models", checkName(name, flag));
}

/** The flags that lead another task to the same folders; empty where they are the usual ones. */
export function rootFlags({ data, models }: Roots): string {
  return [["data", data], ["models", models]]
    .map(([flag, folder]) => folder === undefined || folder === flag ? "" : ` --${flag} ${folder}`)
    .join("");
}

/** `data/generated`. */
export function generatedFolder(roots: Roots): string {
  return join(roots.data ?? "data", "generated");
}
