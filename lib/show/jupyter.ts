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

/** So many characters are sent in a turn of {@linkcode turns}, on any machine that runs notebooks. */
const CHARACTERS_PER_TURN = 20_000;

/**
 * Hands an output to the kernel and gives it the time to send it: what comes before the last one has
 * gone out, the kernel (Deno 2.9) drops in silence if there is much of it.
 */
export async function sendOutput(
  bundle: MimeBundle,
  options: { readonly display_id?: string; readonly update?: boolean } = {},
): Promise<void> {
  await Deno.jupyter.display(bundle as Record<string, never>, { raw: true, ...options });
  const characters = Object.values(bundle).reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? value : JSON.stringify(value)).length,
    0,
  );
  await turns(10 * Math.ceil(characters / CHARACTERS_PER_TURN)).ended;
}

/** One output of a notebook cell that can be drawn again in the same place. */
interface LiveDisplay {
  /** Puts `bundle` where the former one stood; the first call makes the output. */
  draw(bundle: MimeBundle): Promise<void>;
}

let displays = 0;

/**
 * An output of the cell that is running, to be redrawn in place. A display that fails (the front
 * end has gone) is no reason to stop the work that it shows, so failures are swallowed.
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
 * Takes the notebook's stop button (interrupt) from now on. Without this the kernel (Deno 2.9) dies
 * of the interrupt, and all that the cells have made with it.
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

/** Aborts when the notebook's stop button (interrupt) is pressed; never outside notebooks. */
export function stopButton(): AbortSignal {
  const controller = new AbortController();
  if (!inNotebook()) return controller.signal;
  stoppable.add(controller);
  listenForStop();
  return controller.signal;
}

/** Cells that wait behind a stopped one begin within so much of its end; a person takes longer. */
const QUEUE_MILLISECONDS = 1000;
let queue: Turns | undefined;

/** Says that the work of the running cell ended because of the stop button. */
export function workStopped(): void {
  queue = turns(QUEUE_MILLISECONDS);
}

/**
 * Whether the work that is about to begin belongs to what was stopped: another step of the same cell,
 * or a cell that waited behind it ("Run all"), which the kernel begins nonetheless.
 */
export function queuedBehindStop(): boolean {
  if (!queue || queue.over) return false;
  workStopped(); // so it is for what waits behind this one
  return true;
}

const open = new Set<() => Promise<void>>();

/** Has `close` called before the next value is shown: it draws the last state of something live. */
export function closeBeforeNext(close: () => Promise<void>): void {
  open.add(close);
}

/** Draws the last state of everything live. */
export async function closeAll(): Promise<void> {
  const closing = [...open];
  open.clear();
  for (const close of closing) await close();
}
