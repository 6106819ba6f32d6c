import type { Progress } from "../progress.ts";
import { closeBeforeNext, inNotebook, liveDisplay, stopButton } from "./jupyter.ts";
import { durationText, escapeMarkup, visible } from "./text.ts";

/** Progress display; the caller that started the work ends it, whether it succeeded or not. */
export type ProgressDisplay = ((progress: Progress) => void) & {
  /** Options to pass to a phase in a cell: this display, and the signal of the stop button. */
  readonly run: { readonly onProgress: (progress: Progress) => void; readonly signal: AbortSignal };
  /**
   * Draws the final state and releases the place for further output. May be called twice. In a
   * cell, `show` calls it.
   */
  done(): Promise<void>;
};

/** Clock and output of a progress line; tests pass their own. */
interface ProgressOptions {
  /** Milliseconds since any fixed moment. Default: `performance.now`. */
  readonly now?: () => number;
  /** Writer to the terminal. Default: standard error, so that output stays clean. */
  readonly write?: (text: string) => void;
  /**
   * Characters per line, or undefined where lines cannot be redrawn. Default: the terminal's width.
   */
  readonly columns?: number | undefined;
}

/**
 * Progress display that suits the environment: a bar in a notebook, a redrawn line in a terminal,
 * otherwise a few lines.
 * @example
 * ```ts
 * import { preprocess, progressDisplay } from "../../mod.ts";
 * await preprocess({ midi: "data/midi", name: "mine" }, { onProgress: progressDisplay() });
 * ```
 */
export function progressDisplay(): ProgressDisplay {
  return inNotebook() ? notebookProgress() : terminalProgress();
}

const REDRAW_MILLISECONDS = 100;
const NOTEBOOK_REDRAW_MILLISECONDS = 250;
const LINE_MILLISECONDS = 10_000;

/** Progress line of a terminal, redrawn; or, in a pipe or a log file, a line every ten seconds. */
export function terminalProgress(options: ProgressOptions = {}): ProgressDisplay {
  const now = options.now ?? (() => performance.now());
  const write = options.write ?? writeToStandardError;
  const columns = "columns" in options ? options.columns : terminalColumns();
  const interval = columns === undefined ? LINE_MILLISECONDS : REDRAW_MILLISECONDS;
  return onEachRedraw(interval, now, (progress, secondsLeft, ended) => {
    const left = ended ? "" : leftText(secondsLeft);
    if (columns === undefined) {
      write(`${progressLine(progress, 0, left)}\n`);
      return;
    }
    const line = progressLine(progress, 20, left).slice(0, columns - 1);
    write(`\r${line}\x1b[K${ended ? "\n" : ""}`);
  });
}

/**
 * Progress bar of the running cell, redrawn in place; successive tasks share it. Another cell, or
 * the same cell run again, needs another one.
 */
function notebookProgress(): ProgressDisplay {
  const display = liveDisplay(), now = () => performance.now();
  const bar = onEachRedraw(NOTEBOOK_REDRAW_MILLISECONDS, now, (progress, secondsLeft, ended) => {
    // Details that differ between runs are removed at the end, so that the saved page stays the
    // same.
    const shown = ended ? { ...progress, detail: undefined } : progress;
    const left = ended ? "" : leftText(secondsLeft);
    return display.draw({
      "text/html": progressHtml(shown, left),
      "text/plain": progressLine(shown, 20, left),
    });
  });
  closeBeforeNext(bar.done);
  return bar;
}

/** Throttle that calls `draw` at most once per `interval`, and once more when a task ends. */
function onEachRedraw(
  interval: number,
  now: () => number,
  draw: (
    progress: Progress,
    secondsLeft: number | undefined,
    ended: boolean,
  ) => Promise<void> | void,
): ProgressDisplay {
  let latest: Progress | undefined;
  let estimate = timeLeftEstimate();
  let drawn = -Infinity;
  const done = async () => {
    const last = latest;
    latest = undefined;
    drawn = -Infinity;
    if (last) await draw(last, undefined, true);
  };
  const listen = (progress: Progress) => {
    const another = latest && (latest.task !== progress.task || progress.done < latest.done);
    if (another) done();
    if (!latest) estimate = timeLeftEstimate();
    latest = progress;
    const time = now();
    const secondsLeft = estimate(progress, time / 1000);
    if (time - drawn < interval) return;
    drawn = time;
    draw(progress, secondsLeft, false);
  };
  return Object.assign(listen, { done, run: { onProgress: listen, signal: stopButton() } });
}

const SMOOTHING_SECONDS = 15;

/**
 * Estimator of the remaining seconds from the rate of about the last 15 seconds: an exponential
 * moving average of the rate, weighted by time, with bias correction.
 * @returns a function of a report and its time in seconds; it gives undefined as long as there is
 *   no basis for an estimate
 */
export function timeLeftEstimate(): (progress: Progress, seconds: number) => number | undefined {
  let start: number | undefined;
  let last = { done: 0, seconds: 0 };
  let weightedRate = 0;
  let weight = 0;
  return ({ done, total }, seconds) => {
    if (start === undefined) {
      start = seconds;
      last = { done, seconds };
    } else if (seconds > last.seconds && done > last.done) {
      const elapsed = seconds - last.seconds;
      const kept = Math.exp(-elapsed / SMOOTHING_SECONDS);
      weightedRate = kept * weightedRate + (1 - kept) * (done - last.done) / elapsed;
      weight = kept * weight + (1 - kept);
      last = { done, seconds };
    }
    if (weight === 0 || seconds - start < 1) return undefined;
    return Math.max(0, total - done) * weight / weightedRate;
  };
}

function leftText(secondsLeft: number | undefined): string {
  return secondsLeft === undefined ? "" : `${durationText(secondsLeft)} left`;
}

function progressLine(progress: Progress, barColumns: number, left: string): string {
  const share = shareDone(progress);
  const filled = Math.round(share * barColumns);
  const bar = "█".repeat(filled) + "░".repeat(barColumns - filled);
  const parts = [progress.task, bar, percent(share), progress.detail ?? "", left];
  return parts.filter((part) => part !== "").map(visible).join("  ");
}

function progressHtml(progress: Progress, left: string): string {
  const share = shareDone(progress);
  const detail = progress.detail?.split(/ {2,}/) ?? []; // HTML collapses repeated spaces
  const parts = [percent(share), ...detail, left].filter((part) => part !== "");
  return `<div data-progress><b>${escapeMarkup(progress.task)}</b> ` +
    `<progress max="1" value="${share.toFixed(3)}" style="width:16em;vertical-align:middle">` +
    `</progress> ${parts.map(escapeMarkup).join(" · ")}</div>`;
}

function shareDone({ done, total }: Progress): number {
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : 1;
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

function terminalColumns(): number | undefined {
  if (!Deno.stderr.isTerminal()) return undefined;
  try {
    return Deno.consoleSize().columns;
  } catch {
    return undefined; // a terminal of unknown width
  }
}

const encoder = new TextEncoder();

function writeToStandardError(text: string): void {
  Deno.stderr.writeSync(encoder.encode(text));
}
