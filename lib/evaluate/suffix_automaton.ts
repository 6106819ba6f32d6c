import { pairTable } from "./pair_table.ts";

/** Search for the longest substrings of a query that occur in the indexed sequence. */
interface SuffixAutomaton {
  /**
   * Matching statistics: for each index of `query`, the longest match that ends there.
   * @param query integers; those that the sequence lacks match nothing
   * @param found called with the index of the match's last element in `query`, its length (above
   *   0), and the end of one of its occurrences in the sequence
   */
  match(query: Int32Array, found: (end: number, length: number, sequenceEnd: number) => void): void;
}

/**
 * Builds the suffix automaton of a sequence of integers, in time and memory proportional to its
 * length (Blumer et al. 1985): at most two states and three transitions per element.
 */
export function suffixAutomaton(sequence: Int32Array): SuffixAutomaton {
  const most = 2 * sequence.length + 1;
  const lengths = new Int32Array(most), links = new Int32Array(most), ends = new Int32Array(most);
  const transitions = pairTable(); // (state, element) → transition
  const targets = new Int32Array(3 * sequence.length + 1);
  // The transitions of each state as a list, because cloning a state copies them.
  const firsts = new Int32Array(most).fill(-1), nexts = new Int32Array(targets.length);
  let states = 1;
  links[0] = -1;

  function connect(state: number, element: number, target: number): void {
    const before = transitions.size;
    const transition = transitions.insert(state, element);
    targets[transition] = target;
    if (transition < before) return;
    nexts[transition] = firsts[state]!;
    firsts[state] = transition;
  }

  function copy(state: number, length: number): number {
    const clone = states++;
    lengths[clone] = length;
    links[clone] = links[state]!;
    ends[clone] = ends[state]!;
    for (let at = firsts[state]!; at >= 0; at = nexts[at]!) {
      connect(clone, transitions.second(at), targets[at]!);
    }
    return clone;
  }

  let last = 0;
  for (let end = 0; end < sequence.length; end++) {
    const element = sequence[end]!;
    const added = states++;
    lengths[added] = lengths[last]! + 1;
    ends[added] = end;
    let state = last, transition = -1;
    for (; state >= 0; state = links[state]!) {
      transition = transitions.find(state, element);
      if (transition >= 0) break;
      connect(state, element, added);
    }
    if (state >= 0) {
      const target = targets[transition]!;
      if (lengths[target] === lengths[state]! + 1) links[added] = target;
      else {
        const clone = copy(target, lengths[state]! + 1);
        for (; state >= 0; state = links[state]!) {
          transition = transitions.find(state, element);
          if (transition < 0 || targets[transition] !== target) break;
          targets[transition] = clone;
        }
        links[target] = clone;
        links[added] = clone;
      }
    }
    last = added;
  }

  return {
    match(query, found) {
      let state = 0, length = 0;
      for (let end = 0; end < query.length; end++) {
        let transition = transitions.find(state, query[end]!);
        while (transition < 0 && state > 0) {
          state = links[state]!;
          length = lengths[state]!;
          transition = transitions.find(state, query[end]!);
        }
        if (transition < 0) continue;
        state = targets[transition]!;
        found(end, ++length, ends[state]!);
      }
    },
  };
}
