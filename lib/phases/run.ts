import { join } from "node:path";
import { baseFolder } from "../model/base.ts";
import type { Progress } from "../progress.ts";
import { checkName } from "../store/files.ts";
import type { Roots } from "./settings/shared.ts";

/** How a phase reports and is stopped. */
export interface Run {
  /** Called often while the phase works. */
  readonly onProgress?: (progress: Progress) => void;
  /** When aborted, the phase stops at the next safe point. */
  readonly signal?: AbortSignal;
  /** Called with lines worth reading while the phase works. */
  readonly onMessage?: (line: string) => void;
}

/** Gives Ctrl-C and the display their turn. @throws what the run was stopped with, if it was */
export async function takeBreath({ signal }: Run): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

/** Work that goes on for long takes a breath so often. */
const BREATH_MILLISECONDS = 30;

/** Called often, takes a breath now and then. */
export function breathing(run: Run): () => Promise<void> {
  let last = performance.now();
  return async () => {
    run.signal?.throwIfAborted();
    if (performance.now() - last < BREATH_MILLISECONDS) return;
    await takeBreath(run);
    last = performance.now();
  };
}

/** What can be done without: where it fails, `onMessage` is told why, and the run goes on. */
export async function ifPossible<T>(run: Run, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    run.signal?.throwIfAborted();
    run.onMessage?.(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** `data/corpora/NAME`. @throws {RangeError} if the name would lead elsewhere */
export function corpusFolder(roots: Roots, name: string, flag?: string): string {
  return join(roots.data ?? "data", "corpora", checkName(name, flag));
}

/**
 * `models/NAME`; of the model that comes along, the network for the usual grid, wherever models lie.
 * @throws {RangeError} if the name would lead elsewhere
 */
export function modelFolder(roots: Roots, name: string, flag?: string): string {
  if (name === SHIPPED_MODEL) return join(baseFolder(), "beats-4");
  return join(roots.models ?? "models", checkName(name, flag));
}

/** Name of the model that comes along; no phase replaces or removes it. */
export const SHIPPED_MODEL = "base";

/** `data/generated`. */
export function generatedFolder(roots: Roots): string {
  return join(roots.data ?? "data", "generated");
}
