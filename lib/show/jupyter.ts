import { VEGA_FITS, VEGA_LITE_MIME_TYPE } from "./plot.ts";
import type { MimeBundle } from "./summary.ts";
import { type Turns, turns } from "./turns.ts";

/** Whether this code runs in a cell of a Jupyter notebook. */
export function inNotebook(): boolean {
  try {
    return Deno.jupyter !== undefined; // reading it throws everywhere else
  } catch {
    return false;
  }
}

/** Characters sent per turn of {@linkcode turns} on any machine that runs notebooks. */
const CHARACTERS_PER_TURN = 20_000;

/**
 * Output of which nothing is seen. Without content, the classic notebook would show an empty line
 * with a number.
 * @param style rules that it brings into the page
 */
export function unseenOutput(style = ""): MimeBundle {
  return {
    "text/html": "<style>:is(.output_area, .jp-OutputArea-child):has([data-shown-above]) " +
      `{ display: none; } ${style}</style><span data-shown-above></span>`,
    "text/plain": "",
  };
}

/**
 * Hands an output to the kernel and waits until it is sent: the kernel (Deno 2.9) silently drops
 * large outputs that arrive before the previous one has been sent.
 */
export async function sendOutput(
  bundle: MimeBundle,
  options: { readonly display_id?: string; readonly update?: boolean } = {},
): Promise<void> {
  if (VEGA_LITE_MIME_TYPE in bundle) await sendOutput(unseenOutput(VEGA_FITS));
  await Deno.jupyter.display(bundle as Record<string, never>, { raw: true, ...options });
  const characters = Object.values(bundle).reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? value : JSON.stringify(value)).length,
    0,
  );
  await turns(10 * Math.ceil(characters / CHARACTERS_PER_TURN)).ended;
}

/** A notebook output that can be redrawn in place. */
interface LiveDisplay {
  /** Replaces the output with `bundle`; the first call creates it. */
  draw(bundle: MimeBundle): Promise<void>;
}

let displays = 0;

/**
 * Creates an output of the running cell that can be redrawn in place. Failures to draw (a closed
 * front end) are ignored, because they must not stop the work being shown.
 */
export function liveDisplay(): LiveDisplay {
  const displayId = `yamg-${performance.timeOrigin}-${displays++}`;
  let update = false;
  let last = Promise.resolve();
  return {
    draw(bundle) {
      const options = { display_id: displayId, update };
      update = true;
      return last = last.then(() => sendOutput(bundle, options)).catch(() => {}); // in order
    },
  };
}

const stoppable = new Set<AbortController>();
let listening = false;

/**
 * Handles the notebook's stop button (interrupt) from now on. Without this the kernel (Deno 2.9)
 * exits on the interrupt and loses the state of all cells.
 */
export function listenForStop(): void {
  if (listening || !inNotebook()) return;
  listening = true;
  Deno.addSignalListener("SIGINT", () => {
    workStopped();
    const reason = new DOMException("Stopped by the interrupt", "AbortError");
    for (const each of stoppable) each.abort(reason);
    stoppable.clear();
  });
}

/**
 * Signal that aborts when the notebook's stop button (interrupt) is pressed; never outside
 * notebooks.
 */
export function stopButton(): AbortSignal {
  const controller = new AbortController();
  if (!inNotebook()) return controller.signal;
  stoppable.add(controller);
  listenForStop();
  return controller.signal;
}

/** Time within which cells queued behind a stopped one start; a person takes longer. */
const QUEUE_MILLISECONDS = 1000;
let queue: Turns | undefined;

/** Records that the stop button ended the work of the running cell. */
export function workStopped(): void {
  queue = turns(QUEUE_MILLISECONDS);
}

/**
 * Whether the work about to start belongs to what was stopped: another step of the same cell, or a
 * cell queued behind it ("Run all"), which the kernel starts nonetheless.
 */
export function queuedBehindStop(): boolean {
  if (!queue || queue.over) return false;
  workStopped(); // so that cells queued behind this one are stopped too
  return true;
}

/**
 * Forgets a stop: work that starts now was requested after it, in the page. Cells queued behind the
 * stop have already been handled, as the kernel keeps the order.
 */
export function forgetStop(): void {
  queue = undefined;
}

const open = new Set<() => Promise<void>>();

/**
 * Registers `close` to be called before the next value is shown: it draws the final state of a live
 * output.
 */
export function closeBeforeNext(close: () => Promise<void>): void {
  open.add(close);
}

/** Draws the final state of all live outputs. */
export async function closeAll(): Promise<void> {
  const closing = [...open];
  open.clear();
  for (const close of closing) await close();
}
