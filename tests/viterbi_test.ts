import { assertEquals } from "@std/assert";
import { Random } from "../lib/random.ts";
import { fewestChanges, likeliestPath } from "../lib/viterbi.ts";

/** Every sequence of states. */
function* sequences(times: number, states: number): Generator<number[]> {
  if (times === 0) return yield [];
  for (const rest of sequences(times - 1, states)) {
    for (let state = 0; state < states; state++) yield [...rest, state];
  }
}

/** Score of a path: of each state at its time, less the costs of its changes. */
function scoreOf(path: readonly number[], own: number[][], cost: number[][]): number {
  return path.reduce(
    (sum, state, at) =>
      sum + own[at]![state]! -
      (at > 0 && path[at - 1] !== state ? cost[path[at - 1]!]![state]! : 0),
    0,
  );
}

Deno.test("the likeliest path is the best of all paths", () => {
  const random = new Random(1);
  const table = (rows: number, columns: number) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.next()));
  for (let trial = 0; trial < 20; trial++) {
    const own = table(6, 3), cost = table(3, 3);
    const path = fewestChanges(own, (from, to) => cost[from]![to]!);
    const best = Math.max(...[...sequences(6, 3)].map((path) => scoreOf(path, own, cost)));
    assertEquals(scoreOf(path, own, cost), best);
  }
});

Deno.test("of equal paths the one that stays is taken, and of equal states the first", () => {
  assertEquals(fewestChanges([[0, 1], [1, 0]], () => 1), [0, 0]);
  assertEquals(fewestChanges([[0, 0], [0, 0]], () => 1), [0, 0]);
  assertEquals(fewestChanges([[3, 0], [0, 3]], () => 1), [0, 1]);
  assertEquals(fewestChanges([], () => 1), []);
});

Deno.test("a recursion of one's own decides which state may come after which", () => {
  // Positions in a bar of three beats, of which the first is observed at times 1 and 4.
  const path = likeliestPath(6, 3, (before, at, { scores, from }) => {
    for (let state = 0; state < 3; state++) {
      from[state] = (state + 2) % 3;
      scores[state] = before[from[state]!]! + (state === 0 && at % 3 === 1 ? 1 : 0);
    }
  });
  assertEquals(path, [2, 0, 1, 2, 0, 1]);
});
