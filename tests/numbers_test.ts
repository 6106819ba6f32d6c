import { assertEquals } from "@std/assert";
import {
  deviation,
  jaccard,
  jaccardOfSorted,
  mean,
  median,
  quantile,
  sum,
} from "../lib/numbers.ts";

Deno.test("sums, means, deviations and quantiles of some numbers, of one and of none", () => {
  const values = [4, 1, 3, 2];
  assertEquals([sum(values), mean(values), median(values)], [10, 2.5, 3]);
  assertEquals([0, 0.4, 1].map((share) => quantile(values, share)), [1, 2, 4]);
  assertEquals(deviation([1, 3]), 1);
  assertEquals([7].flatMap((one) => [sum([one]), mean([one]), median([one])]), [7, 7, 7]);
  assertEquals([sum([]), mean([]), mean([], 0), deviation([], 0)], [0, NaN, 0, 0]);
  assertEquals([median([]), quantile([], 0.5)], [undefined, undefined]);
  assertEquals(values, [4, 1, 3, 2], "they keep their order");
});

Deno.test("the Jaccard index of sets and of sorted arrays is the same, but for two empty ones", () => {
  const pairs: [number[], number[]][] = [
    [[1, 2, 3], [2, 3, 4, 9]],
    [[1], []],
    [[], [5]],
    [[1, 2], [1, 2]],
    [[1, 4], [2, 3]],
  ];
  const sets = pairs.map(([a, b]) => jaccard(new Set(a), new Set(b)));
  assertEquals(sets, [0.4, 0, 0, 1, 0]);
  assertEquals(
    pairs.map(([a, b]) => jaccardOfSorted(Int32Array.from(a), Int32Array.from(b))),
    sets,
  );
  const none = new Int32Array(0);
  assertEquals([jaccard(new Set(), new Set()), jaccardOfSorted(none, none)], [1, 0]);
});
