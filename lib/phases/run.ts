import { join } from "node:path";
import { baseFolder } from "../model/base.ts";
import type { Progress } from "../progress.ts";
import { checkName } from "../store/files.ts";
import type { Roots } from "./settings/shared.ts";

/** Callbacks and cancellation of a phase. */
export interface Run {
  /** Called often while the phase works. */
  readonly onProgress?: (progress: Progress) => void;
  /** When aborted, the phase stops at the next safe point. */
  readonly signal?: AbortSignal;
  /** Called with messages for the user while the phase works. */
  readonly onMessage?: (line: string) => void;
}

/** Yields to Ctrl-C and the display. @throws the reason for which the run was stopped, if it was */
export async function takeBreath({ signal }: Run): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

/** Interval between yields during long work. */
const BREATH_MILLISECONDS = 30;

/** A function to be called often, which yields at intervals. */
export function breathing(run: Run): () => Promise<void> {
  let last = performance.now();
  return async () => {
    run.signal?.throwIfAborted();
    if (performance.now() - last < BREATH_MILLISECONDS) return;
    await takeBreath(run);
    last = performance.now();
  };
}

/** Runs optional work: if it fails, `onMessage` gets the reason, and the run continues. */
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
 * `models/NAME`; for the shipped model, its network for the usual grid, whatever the models folder.
 * @throws {RangeError} if the name would lead elsewhere
 */
export function modelFolder(roots: Roots, name: string, flag?: string): string {
  if (name === SHIPPED_MODEL) return join(baseFolder(), "beats-4");
  return join(roots.models ?? "models", checkName(name, flag));
}

/** Name of the shipped model; no phase replaces or removes it. */
export const SHIPPED_MODEL = "base";

/** `data/generated`. */
export function generatedFolder(roots: Roots): string {
  return join(roots.data ?? "data", "generated");
}
