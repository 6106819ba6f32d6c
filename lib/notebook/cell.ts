import { relative } from "node:path";
import { programFolder } from "../program.ts";
import type { Run } from "../phases/run.ts";
import type { Progress } from "../progress.ts";
import { inNotebook, listenForStop, queuedBehindStop, workStopped } from "../show/jupyter.ts";
import { type ProgressDisplay, progressDisplay } from "../show/progress.ts";
import { escapeMarkup } from "../show/text.ts";
import { show } from "../show/show.ts";
import { type Displayed, displayed, JUPYTER_DISPLAY, type MimeBundle } from "../show/summary.ts";
import { turns } from "../show/turns.ts";
import { messageInCell } from "./words.ts";

/** What a notebook needs at once: stop stops from the first cell on. */
export function enterNotebook(): void {
  if (inNotebook()) listenForStop();
}

const PROJECT = programFolder();
let inside = 0, outside = "";

/**
 * Does work of a cell with paths as they are in a shell: the project's, whichever of its folders the
 * notebook lies in. Before and after, the folder is the notebook's own: the kernel looks there for
 * what cells import.
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

/** How work shows itself in a cell. */
export interface CellWork<T> {
  /** The work. */
  readonly work: (run: Run) => Promise<T>;
  /** What is shown when it is done; nothing if it shows itself. */
  readonly shows?: (result: T) => Promise<readonly unknown[]> | readonly unknown[];
  /** Progress. Default: a bar. */
  readonly display?: () => ProgressDisplay;
  /** Whether lines that the work says are shown. Default true. */
  readonly messages?: boolean;
}

/**
 * Does work in a cell of a notebook: with progress, the stop button, and what it made shown.
 *
 * Work that is stopped, or that waited behind what was stopped, says so in a line and gives
 * undefined: a cell that failed in red would not stop those below it either.
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
      ...(messages && lines.length > 0 ? [lines.join("\n")] : []),
      ...(await shows?.(result) ?? []),
    );
  } catch (error) {
    await progress.done();
    if (!signal.aborted) throw cellError(error);
    workStopped();
    return await notRun("Stopped");
  }
  if (signal.aborted) workStopped();
  return shownOnce(result);
}

/** The error as a cell shows it: its message in the words of code, and no stack of the program's. */
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
  return undefined as T;
}

/** A line of text that does not stand out. */
export function note(text: string): Displayed {
  return displayed(`<div style="opacity:0.7">${escapeMarkup(text)}</div>`, text);
}

/** A cell's last value is asked for within so much of its being shown. */
const ASKED_AGAIN_MILLISECONDS = 400;

/** The result, which shows nothing where it is its own cell's last value: it has been shown. */
function shownOnce<T>(result: T): T {
  if (!inNotebook() || typeof result !== "object" || result === null) return result;
  const { [JUPYTER_DISPLAY]: display } = result as Partial<Displayed>;
  const asking = turns(ASKED_AGAIN_MILLISECONDS);
  const value = (): MimeBundle | Promise<MimeBundle> => {
    if (!asking.over) return {};
    return display?.call(result) ?? { "text/plain": Deno.inspect(result) };
  };
  return Object.defineProperty(result, JUPYTER_DISPLAY, { value, configurable: true });
}
