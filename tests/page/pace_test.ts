import { assertEquals } from "@std/assert";
import { type Effort, Pace } from "../../lib/page/pace.ts";

Deno.test("the effort of answers and of bars follows the measured speed of the machine, up and down", () => {
  const pace = new Pace(), most = pace.effortWithin(Infinity), least = pace.effortWithin(0);
  const record = ({ plans, candidates }: Effort, seconds: number) =>
    pace.record(plans + candidates, seconds);
  assertEquals(most.plans > least.plans && most.candidates > least.candidates, true);
  const seconds = 0.05;
  for (let again = 0; again < 10; again++) record(most, 0.04);
  assertEquals(pace.effortWithin(seconds), most);
  for (let again = 0; again < 10; again++) record(most, 2);
  assertEquals(pace.effortWithin(seconds), least);
  assertEquals(pace.fillingsWithin(1, 1), 8);
  for (let again = 0; again < 10; again++) record(least, 0.002);
  assertEquals(pace.effortWithin(seconds), most);
  assertEquals([4, 1000].map((bars) => pace.fillingsWithin(1, bars)), [16, 8]);
});
