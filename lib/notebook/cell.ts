import { relative } from "node:path";
import { programFolder } from "../program.ts";
import type { Run } from "../phases/run.ts";
import type { Progress } from "../progress.ts";
import { inNotebook, queuedBehindStop, unseenOutput, workStopped } from "../show/jupyter.ts";
import { type ProgressDisplay, progressDisplay } from "../show/progress.ts";
import { escapeMarkup } from "../show/text.ts";
import { show } from "../show/show.ts";
import { type Displayed, displayed, JUPYTER_DISPLAY, type MimeBundle } from "../show/summary.ts";
import { turns } from "../show/turns.ts";
import { inCode, messageInCell } from "./words.ts";

const PROJECT = programFolder();
let inside = 0, outside = "";

/**
 * Runs a cell's work with paths as in a shell: relative to the project, whichever of its folders
 * contains the notebook. Before and after, the working directory is the notebook's own: the kernel
 * resolves the cells' imports there.
 */
export async function inProject<T>(work: () => T | Promise<T>): Promise<T> {
  if (!inNotebook()) return await work();
  if (inside++ === 0) {
    outside = Deno.cwd();
    if (!relative(PROJECT, outside).startsWith("..")) Deno.chdir(PROJECT);
  }
  try {
    return await work();
  } finally {
    if (--inside === 0) Deno.chdir(outside);
  }
}

/** Work of a cell, and its display. */
export interface CellWork<T> {
  /** The work. */
  readonly work: (run: Run) => Promise<T>;
  /** Output to display when it is done; none if it displays itself. */
  readonly shows?: (result: T) => Promise<readonly unknown[]> | readonly unknown[];
  /** Progress display. Default: a bar. */
  readonly display?: () => ProgressDisplay;
  /** Whether to show the messages of the work. Default true. */
  readonly messages?: boolean;
}

/**
 * Runs work in a cell of a notebook: with progress, the stop button, and its result displayed.
 *
 * Work that is stopped, or was queued behind stopped work, says so in one line and returns
 * {@linkcode NOT_RUN}: a cell that failed in red would not stop those below it either.
 */
export function inCell<T>(cell: CellWork<T>): Promise<T> {
  return inProject(() => workInCell(cell));
}

async function workInCell<T>(
  { work, shows, display = progressDisplay, messages = true }: CellWork<T>,
): Promise<T> {
  if (queuedBehindStop()) return await notRun("Not run, because you pressed stop");
  const progress = display();
  const { signal } = progress.run;
  const lines: string[] = [];
  let result: T, latest: Progress | undefined;
  const onProgress = (reported: Progress) => progress(latest = reported);
  try {
    result = await work({ signal, onProgress, onMessage: (line) => lines.push(line) });
    if (latest && !signal.aborted) progress({ ...latest, done: latest.total, measures: undefined });
    await show(
      ...(messages && lines.length > 0 ? [lines.map(inCode).join("\n")] : []),
      ...(await shows?.(result) ?? []),
    );
  } catch (error) {
    await progress.done();
    if (!signal.aborted) throw cellError(error);
    workStopped();
    return await notRun(error === signal.reason ? "Stopped" : messageInCell(error));
  }
  if (signal.aborted) workStopped();
  return shows ? shownOnce(result) : result;
}

/**
 * An error for display in a cell: its message in the terms of code, without the program's stack.
 */
function cellError(error: unknown): unknown {
  if (!inNotebook() || !(error instanceof Error)) return error;
  const shown = new Error(messageInCell(error), { cause: error });
  shown.name = error.name;
  shown.stack = `${shown.name}: ${shown.message}`;
  return shown;
}

async function notRun<T>(what: string): Promise<T> {
  await show(note(`${what}. Run the cell again when you like.`));
  workStopped();
  return NOT_RUN as T;
}

/** An unobtrusive line of text, to be displayed. */
export function note(text: string): Displayed {
  return displayed(`<div style="opacity:0.7">${escapeMarkup(text)}</div>`, text);
}

/** Longest time between the display of a cell's last value and the request for it. */
const ASKED_AGAIN_MILLISECONDS = 400;

/**
 * A result with an empty display where it is its own cell's last value: it has already been shown.
 */
function shownOnce<T>(result: T): T {
  if (!inNotebook() || typeof result !== "object" || result === null) return result;
  if (!Object.isExtensible(result)) return result;
  const { [JUPYTER_DISPLAY]: display } = result as Partial<Displayed>;
  const asking = turns(ASKED_AGAIN_MILLISECONDS);
  const value = (): MimeBundle | Promise<MimeBundle> => {
    if (!asking.over) return SHOWN_ABOVE;
    return display?.call(result) ?? { "text/plain": Deno.inspect(result) };
  };
  return Object.defineProperty(result, JUPYTER_DISPLAY, { value, configurable: true });
}

/** Invisible output for a cell's last value that is already displayed. */
export const SHOWN_ABOVE: MimeBundle = unseenOutput();

/** Result of work that was stopped, in text. */
const TEXT = "(not run)";

const RESULTS: Readonly<Record<symbol, unknown>> = {
  [Symbol.iterator]: [][Symbol.iterator].bind([]),
  [Symbol.toPrimitive]: () => TEXT,
  [JUPYTER_DISPLAY]: () => SHOWN_ABOVE,
  [Symbol.for("Deno.customInspect")]: () => TEXT,
};

/**
 * Result of work that did not run because stop was pressed. Reading a field, calling a method or
 * iterating over it gives the same again, or nothing, so that a stop causes no errors in the cells
 * queued behind it.
 */
export const NOT_RUN: unknown = new Proxy(() => {}, {
  get: (_, name) => {
    if (name === "then") return undefined; // not a promise
    return typeof name === "symbol" ? RESULTS[name] : NOT_RUN;
  },
  set: () => true,
  has: () => true,
  apply: () => NOT_RUN,
  construct: () => NOT_RUN as object,
});
