import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { constantRate, cosineWithWarmUp, WARM_UP_STEPS } from "../../lib/train/schedule.ts";

Deno.test("a rate with warm-up rises evenly, then falls to next to nothing", () => {
  const at = (step: number, progress = 0) => cosineWithWarmUp(0.5, { progress, step });
  assertAlmostEquals(at(1), 0.5 / WARM_UP_STEPS);
  assertAlmostEquals(at(WARM_UP_STEPS / 2), 0.25);
  assertEquals([at(WARM_UP_STEPS), at(10 * WARM_UP_STEPS)], [0.5, 0.5]);
  assertAlmostEquals(at(1000, 0.5), 0.25);
  assert(at(1000, 1) > 0 && at(1000, 1) <= 0.0005);
  assertEquals(constantRate(0.5, { progress: 1, step: 1 }), 0.5);
});
