import type { ReportEntry } from "../corpus/report.ts";
import { JUPYTER_DISPLAY, type Shown } from "./summary.ts";
import { escapeMarkup, numberText, visible } from "./text.ts";

/** Outcome for one file in a corpus report. */
export type Verdict = Pick<ReportEntry, "file" | "verdict" | "reason" | "notes" | "frames">;

/** Maximum number of lines on a scrolling page. */
const MOST_SCROLLED = 500;

const ORDER = ["skipped", "repaired", "used"];

/**
 * Table with one line per file, those needing attention first: skipped, repaired, used.
 * @param files `report.files` of a corpus
 * @param options `most`: maximum number of lines in a terminal, default 30; a page scrolls through
 *   more
 */
export function verdictTable(
  files: readonly Verdict[],
  { most = 30 }: { readonly most?: number } = {},
): Shown {
  const sorted = files.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const rest = (listed: number) =>
    files.length > listed
      ? `and ${numberText(files.length - listed)} more, all in report.json`
      : undefined;
  const text = () => verdictText(sorted.slice(0, most), rest(most));
  const scrolled = Math.max(most, MOST_SCROLLED);
  return {
    toString: text,
    [JUPYTER_DISPLAY]: () => ({
      "text/html": verdictHtml(sorted.slice(0, scrolled), rest(scrolled)),
      "text/plain": text(),
    }),
  };
}

function verdictText(files: readonly Verdict[], rest: string | undefined): string {
  const width = Math.min(40, Math.max(4, ...files.map(({ file }) => visible(file).length)));
  const lines = files.map(({ file, verdict, reason, notes }) => {
    const counts = notes > 0 ? `${numberText(notes)} notes; ` : "";
    return `${visible(file).padEnd(width)}  ${verdict.padEnd(8)}  ${counts}${visible(reason)}`;
  });
  return [...lines, ...(rest ? [rest] : [])].join("\n");
}

// Repeated in every cell, because front ends drop style sheets and right-align cells.
const PADDING = "padding:0.1em 0.9em 0.1em 0";
const CELL = `text-align:left;vertical-align:top;white-space:normal;${PADDING}`;
const NUMBER = `text-align:right;vertical-align:top;${PADDING}`;

function verdictHtml(files: readonly Verdict[], rest: string | undefined): string {
  const head = ["file", "verdict", "notes", "frames", "why"].map((name, column) =>
    `<th style="${column === 2 || column === 3 ? NUMBER : CELL}">${name}</th>`
  );
  const rows = files.map(({ file, verdict, reason, notes, frames }) => {
    const cells = [file, verdict, numberText(notes), numberText(frames), reason];
    return `<tr>${
      cells.map((cell, column) =>
        `<td style="${column === 2 || column === 3 ? NUMBER : CELL}">${escapeMarkup(cell)}</td>`
      ).join("")
    }</tr>`;
  });
  const foot = rest ? `<tr><td colspan="5" style="${CELL}">${escapeMarkup(rest)}</td></tr>` : "";
  return `<div style="max-height:24em;overflow:auto"><table style="color:inherit"><thead><tr>` +
    `${head.join("")}</tr></thead><tbody>${rows.join("")}${foot}</tbody></table></div>`;
}
