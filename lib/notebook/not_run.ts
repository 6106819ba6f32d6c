import { unseenOutput } from "../show/jupyter.ts";
import { JUPYTER_DISPLAY, type MimeBundle } from "../show/summary.ts";

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
    if (name === "then") return undefined; // it is no promise
    return typeof name === "symbol" ? RESULTS[name] : NOT_RUN;
  },
  set: () => true,
  has: () => true,
  apply: () => NOT_RUN,
  construct: () => NOT_RUN as object,
});
