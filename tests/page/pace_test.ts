import { assertEquals } from "@std/assert";
import { Pace } from "../../lib/page/pace.ts";

Deno.test("the effort of an answer follows the measured speed of the machine, up and down", () => {
  const pace = new Pace(), most = pace.effortWithin(Infinity), least = pace.effortWithin(0);
  assertEquals(most.plans > least.plans && most.candidates > least.candidates, true);
  const seconds = 0.05;
  for (let again = 0; again < 10; again++) pace.record(most, 0.04);
  assertEquals(pace.effortWithin(seconds), most);
  for (let again = 0; again < 10; again++) pace.record(most, 2);
  assertEquals(pace.effortWithin(seconds), least);
  for (let again = 0; again < 10; again++) pace.record(least, 0.002);
  assertEquals(pace.effortWithin(seconds), most);
});
