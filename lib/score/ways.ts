/** A way through the moments of a piece, each of whose notes are divided between two sides. */
export interface Way<Own> {
  /** What speaks against it. */
  readonly cost: number;
  /** Notes of the last moment that are given to one side. */
  readonly count: number;
  /** Undefined at the beginning. */
  readonly before: Own | undefined;
}

/**
 * The cheapest way through all moments, by a beam search.
 * @param notes by start, then pitch
 * @param most ways that are kept at each moment
 * @param extend the way that goes on with so many of a moment's notes on the one side
 * @returns the moments, and how many of each one's notes that are
 */
export function cheapestWay<Own extends Way<Own>, Note extends { readonly start: number }>(
  notes: readonly Note[],
  start: Own,
  most: number,
  extend: (way: Own, struck: readonly Note[], count: number) => Own,
): { readonly struck: readonly Note[]; readonly count: number }[] {
  const moments = [...Map.groupBy(notes, ({ start }) => start).values()];
  let ways = [start];
  for (const struck of moments) {
    const next = ways.flatMap((way) =>
      Array.from({ length: struck.length + 1 }, (_, count) => extend(way, struck, count))
    );
    ways = next.sort((a, b) => a.cost - b.cost).slice(0, most);
  }
  const counts: number[] = [];
  for (let way: Own | undefined = ways[0]; way?.before; way = way.before) counts.unshift(way.count);
  return moments.map((struck, i) => ({ struck, count: counts[i]! }));
}
