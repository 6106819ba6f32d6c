/** Bars by number, an upbeat being 0 and the first full bar 1, and where not whole bars are meant their beats, from 1; all are included. */
export interface BarRange {
  readonly first: number;
  readonly last: number;
  readonly firstBeat?: number;
  readonly lastBeat?: number;
}

/** A bar, or a bar and a beat of it: `5`, `5.3`. */
const PLACE = "(\\d{1,6})(?:\\.(\\d{1,3}))?";

/** The bars that a text such as `5`, `5-8` or, with beats, `5.3-6.2` names; undefined if it names none. */
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

/** A range of bars in words: `bar 5`, `bars 5.3 to 6.2`. */
export function barRangeText({ first, last, firstBeat, lastBeat }: BarRange): string {
  const place = (bar: number, beat: number | undefined) =>
    beat === undefined ? `${bar}` : `${bar}.${beat}`;
  const [from, to] = [place(first, firstBeat), place(last, lastBeat)];
  return from === to ? `bar ${from}` : `bars ${from} to ${to}`;
}
