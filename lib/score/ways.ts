/**
 * A hypothesis of a beam search over a piece, which divides the notes of each onset between two
 * sides.
 */
export interface Way<Own> {
  /** Accumulated cost. */
  readonly cost: number;
  /** Number of notes of the last onset on one side. */
  readonly count: number;
  /** The preceding hypothesis; undefined at the beginning. */
  readonly before: Own | undefined;
}

/**
 * The cheapest hypothesis over all onsets, by a beam search.
 * @param notes by start, then pitch
 * @param most beam width: hypotheses kept at each onset
 * @param extend extends a hypothesis by a number of an onset's notes on the one side
 * @returns the onsets, and the number of each one's notes on that side
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
