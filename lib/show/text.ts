/**
 * Escapes external text (file names, track names) for HTML and SVG, so that it is never interpreted
 * as markup.
 * @param text any text
 */
export function escapeMarkup(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Sanitises external text for one line of a terminal: control characters, which could move the
 * cursor or end the line, and characters that change the writing direction become U+FFFD.
 * @param text any text
 */
export function visible(text: string): string {
  // deno-lint-ignore no-control-regex -- these are what must not get through
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** Maximum length of a line for people to read. */
const LONGEST_LINE = 2000;

/** Like {@linkcode visible}, for a text of several lines; long lines are truncated. */
export function visibleLines(text: string): string {
  const cut = (line: string) =>
    line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
  return text.split("\n").map((line) => visible(cut(line))).join("\n");
}

/**
 * Says that no file of a folder could be used, with up to three of the reasons.
 * @param done participle that follows "could be"
 */
export function noneText(
  files: readonly { readonly reason?: string | undefined }[],
  { noun, folder, done }: { readonly noun: string; readonly folder: string; readonly done: string },
): string {
  const reasons = [...new Set(files.map(({ reason }) => reason))].slice(0, 3).join("; ");
  const none = files.length === 1 ? `No ${noun}` : `None of the ${files.length} ${noun}s`;
  return `${none} in ${folder} could be ${done}: ${reasons}`;
}

/**
 * Human-readable duration: `8 s`, `1 min 20 s`, `2 h 5 min`.
 * @param seconds 0 or more
 */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Number with thousands separators: `123,645`. */
export function numberText(value: number): string {
  return Number.isInteger(value)
    ? `${value}`.replace(/\B(?=(\d{3})+$)/g, ",") // the first use of a locale takes 25 ms
    : value.toLocaleString("en-US");
}

/** Count with a noun: `1 note`, `2,000 notes`. */
export function countText(value: number, of: string): string {
  return `${numberText(value)} ${of}${value === 1 ? "" : "s"}`;
}

/** Percentage: `12.5 %`. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * A loss as a perplexity in words: the number of equally likely choices that are as hard to
 * predict.
 * @param nats loss, 0 or more
 */
export function choicesText(nats: number): string {
  return `one of ${Number(Math.exp(nats).toPrecision(2)).toLocaleString("en-US")}`;
}

/** A complete HTML page with a heading. */
export function htmlPage(title: string, style: string, body: string): string {
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>${escapeMarkup(title)}</title><style>${style}</style></head><body>` +
    `<h1>${escapeMarkup(title)}</h1>${body}</body></html>\n`;
}
