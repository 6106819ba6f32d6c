import { escapeMarkup, visible } from "./text.ts";

/** Summary table: a title and one line per fact. */
export interface SummaryTable {
  /** Action and its object: `Corpus "bach"`. */
  readonly title: string;
  /** Facts in the order of their importance to the reader. */
  readonly rows: readonly (readonly [label: string, value: string])[];
  /** Conclusion in sentences, shown before the facts, which are folded in a cell. */
  readonly verdict?: readonly string[];
}

/** MIME bundle of a notebook output: one entry per MIME type; the front end chooses the best. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Method that the Deno kernel calls to display a cell's last value. */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** A value that can display itself in a notebook cell. */
export interface Displayed {
  /** MIME bundle for a notebook cell. */
  [JUPYTER_DISPLAY](): MimeBundle | Promise<MimeBundle>;
}

/** Creates a value that a notebook cell displays as this HTML. @param text the same in words */
export function displayed(html: string, text: string): Displayed {
  return { [JUPYTER_DISPLAY]: () => ({ "text/html": html, "text/plain": text }) };
}

/** A value that can display itself in a terminal and in a notebook cell. */
export interface Shown {
  /** Aligned lines for a terminal, without a final newline. */
  toString(): string;
  /** `text/plain` and `text/html`; the table's text is escaped. */
  [JUPYTER_DISPLAY](): MimeBundle;
}

/**
 * Makes `data` display itself as `table`. The two methods are not enumerable, so that the result
 * compares equal to `data` and is written to JSON as `data`.
 * @param data result of a phase; copied, not changed
 * @param table summary to be shown
 * @param below HTML shown below the table in a cell
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shown } from "./summary.ts";
 *
 * const summary = shown({ notes: 9 }, { title: "Corpus", rows: [["notes", "9"]] });
 * assertEquals(`${summary}`, "Corpus\n  notes  9");
 * assertEquals(summary.notes, 9);
 * ```
 */
export function shown<T extends object>(
  data: T,
  table: SummaryTable,
  below: () => string = () => "",
): T & Shown {
  const text = tableText(table);
  return Object.defineProperties({ ...data }, {
    toString: { value: () => text },
    [JUPYTER_DISPLAY]: {
      value: () => ({ "text/plain": text, "text/html": tableHtml(table) + below() }),
      configurable: true, // a notebook tells it when it has been shown
    },
  }) as T & Shown;
}

function tableText({ title, rows, verdict = [] }: SummaryTable): string {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) =>
    `  ${visible(label).padEnd(width)}  ${visible(value)}`
  );
  return [visible(title), ...verdict.map((line) => `  ${visible(line)}`), ...lines].map((line) =>
    line.trimEnd()
  ).join("\n");
}

// Colours are inherited or half transparent, so that the table is readable in light and dark mode.
const CELL = "padding:0.15em 1em 0.15em 0;text-align:left;vertical-align:top;white-space:normal;" +
  "border:0;border-top:1px solid rgba(128,128,128,0.35);background:none;color:inherit";

function tableHtml({ title, rows, verdict }: SummaryTable): string {
  if (verdict) {
    const sentences = verdict.map((line) => `<p style="margin:0.3em 0">${escapeMarkup(line)}</p>`);
    return `<div style="max-width:44em"><b>${escapeMarkup(title)}</b>${sentences.join("")}</div>` +
      `<details><summary style="display:list-item;cursor:pointer">All numbers</summary>` +
      `${tableHtml({ title: "", rows })}</details>`;
  }
  const body = rows.map(([label, value]) =>
    `<tr><th scope="row" style="${CELL};font-weight:normal;opacity:0.75">${escapeMarkup(label)}` +
    `</th><td style="${CELL}">${escapeMarkup(value)}</td></tr>`
  );
  return `<table style="border-collapse:collapse;margin:0.5em 0;color:inherit">` +
    `<caption style="caption-side:top;text-align:left;font-weight:bold;padding:0 0 0.3em;` +
    `color:inherit">${escapeMarkup(title)}</caption><tbody>${body.join("")}</tbody></table>`;
}
