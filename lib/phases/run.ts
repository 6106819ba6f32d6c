import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Progress } from "../progress.ts";
import { inNotebook } from "../show/jupyter.ts";
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

/** Reports the frames of one of several pieces, and takes a breath now and then. */
export function framesReported(run: Run, index: number, of: number) {
  const breathe = breathing(run);
  return (done: number, total: number): Promise<void> => {
    run.onProgress?.({ task: "generate", done: index * total + done, total: of * total });
    return breathe();
  };
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
  if (name === SHIPPED_MODEL) {
    return fileURLToPath(new URL("../../models/base/beats-4", import.meta.url));
  }
  return join(roots.models ?? "models", checkName(name, flag));
}

/** Name of the model that comes along; no phase replaces or removes it. */
export const SHIPPED_MODEL = "base";

/** Settings of a phase as a person would give them. */
type Given = Readonly<Record<string, string | number | boolean>>;

/**
 * What a person types to go on: a command of the shell, or in a notebook a line of code.
 * @param phase `generate`
 * @param settings by name; `_` is what stands without a flag, in a notebook its MIDI file
 * @param roots folders that the next phase needs to be told; those that are the usual ones are not
 */
export function nextStep(
  phase: string,
  settings: Given,
  roots: Roots = {},
  notebook: boolean = inNotebook(),
): string {
  const folders = Object.entries({ data: roots.data, models: roots.models })
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== entry[0]);
  const all = [...Object.entries(settings), ...folders];
  if (notebook) {
    const given = all.map(([name, value]) =>
      `${name === "_" ? "midi" : name}: ${JSON.stringify(value)}`
    );
    return `await ${phase}({ ${given.join(", ")} })`;
  }
  const flag = (name: string) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
  const words = all.flatMap(([name, value]) =>
    name === "_" ? [quoted(`${value}`)] : value === true ? [flag(name)] : [
      flag(name),
      quoted(`${value}`),
    ]
  );
  return ["deno task", phase, ...words].join(" ");
}

/** A word as a shell takes it: in quotes where it has spaces or what else shells read. */
function quoted(word: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word)) return word;
  return Deno.build.os === "windows" ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `data/generated`. */
export function generatedFolder(roots: Roots): string {
  return join(roots.data ?? "data", "generated");
}
