import type { MimeBundle } from "./summary.ts";

/** Whether this code runs in a cell of a Jupyter notebook. */
export function inNotebook(): boolean {
  try {
    return Deno.jupyter !== undefined; // reading it throws everywhere else
  } catch {
    return false;
  }
}

/** One output of a notebook cell that can be drawn again in the same place. */
export interface LiveDisplay {
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
      const options = { raw: true, display_id: displayId, update };
      update = true;
      const display = () => Deno.jupyter.display(bundle as Record<string, never>, options);
      return last = last.then(display).then(() => {}, () => {}); // one after the other
    },
  };
}

const stoppable = new Set<AbortController>();
let listening = false;

/**
 * Aborts when the notebook's stop button (interrupt) is pressed; never outside notebooks. Without
 * this the kernel (Deno 2.9) dies of the interrupt, and all that the cells have made with it.
 */
export function stopButton(): AbortSignal {
  const controller = new AbortController();
  if (!inNotebook()) return controller.signal;
  stoppable.add(controller);
  if (!listening) {
    listening = true;
    Deno.addSignalListener("SIGINT", () => {
      const reason = new DOMException("Stopped by the interrupt", "AbortError");
      for (const each of stoppable) each.abort(reason);
      stoppable.clear();
    });
  }
  return controller.signal;
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
