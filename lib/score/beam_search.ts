/** A state of a beam search over a piece, which divides the notes of each onset in two. */
export interface BeamState<Own> {
  /** Accumulated cost. */
  readonly cost: number;
  /** Number of notes of the last onset on one side. */
  readonly count: number;
  /** The preceding state; undefined at the beginning. */
  readonly before: Own | undefined;
}

/**
 * The cheapest division of all onsets, by a beam search.
 * @param notes by start, then pitch
 * @param most beam width: states kept at each onset
 * @param extend extends a state by a number of an onset's notes on the one side
 * @returns the onsets, and the number of each one's notes on that side
 */
export function cheapestPath<Own extends BeamState<Own>, Note extends { readonly start: number }>(
  notes: readonly Note[],
  start: Own,
  most: number,
  extend: (state: Own, struck: readonly Note[], count: number) => Own,
): { readonly struck: readonly Note[]; readonly count: number }[] {
  const moments = [...Map.groupBy(notes, ({ start }) => start).values()];
  let states = [start];
  for (const struck of moments) {
    const next = states.flatMap((state) =>
      Array.from({ length: struck.length + 1 }, (_, count) => extend(state, struck, count))
    );
    states = next.sort((a, b) => a.cost - b.cost).slice(0, most);
  }
  const counts: number[] = [];
  for (let state: Own | undefined = states[0]; state?.before; state = state.before) {
    counts.unshift(state.count);
  }
  return moments.map((struck, i) => ({ struck, count: counts[i]! }));
}
