/**
 * A range of bars by number, inclusive; an upbeat is 0 and the first full bar 1. Where the range
 * does not consist of whole bars it also has first and last beats, counted from 1.
 */
export interface BarRange {
  readonly first: number;
  readonly last: number;
  readonly firstBeat?: number;
  readonly lastBeat?: number;
}

/** Pattern of a bar, or of a bar and a beat: `5`, `5.3`. */
const PLACE = "(\\d{1,6})(?:\\.(\\d{1,3}))?";

/**
 * Parses a bar range such as `5`, `5-8` or, with beats, `5.3-6.2`; undefined if the text is none.
 */
export function parseBarRange(text: string): BarRange | undefined {
  const parts = new RegExp(`^${PLACE}(?:[-–]${PLACE})?$`).exec(text.trim());
  if (!parts) return undefined;
  const [first = 0, firstBeat, last = first, lastBeat = parts[3] ? undefined : firstBeat] = parts
    .slice(1).map((part) => part === undefined ? undefined : Number(part));
  if (last < first || firstBeat === 0 || lastBeat === 0) return undefined;
  return {
    first,
    last,
    ...(firstBeat === undefined ? {} : { firstBeat }),
    ...(lastBeat === undefined ? {} : { lastBeat }),
  };
}

/** Text of a bar range: `bar 5`, `bars 5.3 to 6.2`. */
export function barRangeText({ first, last, firstBeat, lastBeat }: BarRange): string {
  const place = (bar: number, beat: number | undefined) =>
    beat === undefined ? `${bar}` : `${bar}.${beat}`;
  const [from, to] = [place(first, firstBeat), place(last, lastBeat)];
  return from === to ? `bar ${from}` : `bars ${from} to ${to}`;
}
