import { assertEquals } from "@std/assert";
import { deviation, mean, median, quantile, sum } from "../lib/numbers.ts";

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
