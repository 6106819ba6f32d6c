/**
 * Most likely sequence of states (Viterbi algorithm), where the caller gives the recursion; of
 * equally likely last states, the first.
 * @param advance fills in, for each state at a time, the score of the best path into it and the
 *   state before it on that path; before the first time all scores are 0
 * @returns a state per time
 */
export function likeliestPath(
  times: number,
  states: number,
  advance: (
    before: Float64Array,
    at: number,
    into: { readonly scores: Float64Array; readonly from: Int16Array },
  ) => void,
): number[] {
  let scores = new Float64Array(states);
  const origins = Array.from({ length: times }, (_, at) => {
    const into = { scores: new Float64Array(states), from: new Int16Array(states) };
    advance(scores, at, into);
    scores = into.scores;
    return into.from;
  });
  const path = new Array<number>(times);
  let state = scores.indexOf(Math.max(...scores));
  for (let at = times - 1; at >= 0; at--) {
    path[at] = state;
    state = origins[at]![state]!;
  }
  return path;
}

/**
 * Most likely sequence of states where each change of state has a cost. Where staying in a state is as
 * likely as coming from another, it stays.
 * @param own score of each state at each time
 * @param cost of a change from one state to another
 * @returns a state per time
 */
export function fewestChanges(
  own: readonly ArrayLike<number>[],
  cost: (from: number, to: number) => number,
): number[] {
  const states = own[0]?.length ?? 0;
  const costs = Float64Array.from(
    { length: states ** 2 },
    (_, i) => cost(i % states, Math.floor(i / states)),
  );
  return likeliestPath(own.length, states, (before, at, { scores, from }) => {
    for (let state = 0; state < states; state++) {
      let origin = state, best = before[state]!;
      const row = state * states;
      for (let other = 0; other < states && at > 0; other++) {
        if (other === state) continue;
        const reached = before[other]! - costs[row + other]!;
        if (reached > best) origin = other, best = reached;
      }
      scores[state] = own[at]![state]! + best;
      from[state] = origin;
    }
  });
}
