import { assertAlmostEquals } from "@std/assert";
import { frechet } from "../../bench/frechet.ts";
import { Random } from "../../lib/random.ts";

Deno.test("the Fréchet distance is that of the means and of the spreads", () => {
  const random = new Random(1);
  const rows = Array.from({ length: 40 }, () => Float64Array.of(random.next(), random.next(), 5));
  const moved = (factor: number, by: number) =>
    rows.map((row) => row.map((value) => factor * value + by));
  assertAlmostEquals(frechet(rows, rows), 0, 1e-9);
  assertAlmostEquals(frechet(rows, moved(1, 2)), 3 * 2 ** 2, 1e-9);
  const variances = [0, 1].map((column) => {
    const values = rows.map((row) => row[column]!), mean = values.reduce((a, b) => a + b) / 40;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 39;
  });
  const apart = frechet(rows.map((row) => row.map((v) => 3 * (v - 5) + 5)), moved(1, 0));
  const means = rows[0]!.map((_, column) =>
    rows.reduce((sum, row) => sum + 2 * (row[column]! - 5), 0) / 40
  );
  const spread = (3 - 1) ** 2 * (variances[0]! + variances[1]!); // of σ and 3σ
  assertAlmostEquals(apart, means.reduce((sum, value) => sum + value ** 2, 0) + spread, 1e-6);
});
