import type { ReportEntry } from "../corpus/report.ts";
import { JUPYTER_DISPLAY, type Shown } from "./summary.ts";
import { escapeMarkup, numberText, visible } from "./text.ts";

/** What became of one file, as a corpus's report has it. */
export type Verdict = Pick<ReportEntry, "file" | "verdict" | "reason" | "notes" | "frames">;

/** A page scrolls through so many lines. */
const MOST_SCROLLED = 500;

const ORDER = ["skipped", "repaired", "used"];

/**
 * One line per file, those that want attention first: skipped, repaired, used.
 * @param files `report.files` of a corpus
 * @param options `most`: how many lines a terminal gets, 30 unless told; a page scrolls through more
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

// Written out in every cell, as front ends drop style sheets and align cells to the right.
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
