import { type Marks, marksIn } from "../repeats.ts";

/** Jump instructions of a decoration, its one-letter sign, or words above the staff. */
export function marksOf(decoration: string): Marks {
  if (decoration === "segno" || decoration === "S") return { sign: "" };
  return decoration === "O" ? { coda: "" } : marksIn(decoration);
}

/**
 * Pattern of one symbol of music; text that matches none has no sound. All parts have limited
 * length, so that the search time does not grow with the square of the line length.
 */
export const SYMBOL = new RegExp(
  [
    String.raw`\[(?<field>[A-Za-z]):(?<value>[^\]]{0,200})\]`,
    String.raw`"(?<text>[^"]{0,200})"`,
    String.raw`![^!\s]{0,40}!|\+[A-Za-z.]{1,40}\+|[OS]`,
    String.raw`\{(?<grace>[^}]{0,200})\}`,
    String.raw`(?<bar>(?:[:|]{0,4}\|[:|\]]{0,4}|::|\[\|\]?|\[(?=\d)|:\|?)(?:\[?\d[\d,\-.]{0,20})?)`,
    String.raw`\[(?<chord>[^\]]{0,200})\](?<chordLength>[\d/]{0,8})`,
    String.raw`(?<note>[=^_]{0,2}[A-Ga-g][',]{0,4})(?<noteLength>[\d/]{0,8})`,
    String.raw`(?<rest>[zxZX])(?<restLength>[\d/]{0,8})`,
    String.raw`\((?<tuplet>\d(?::\d{0,2}){0,2})`,
    String.raw`(?<broken>>{1,3}|<{1,3})`,
    String.raw`(?<tie>-)`,
  ].join("|"),
  "g",
);
