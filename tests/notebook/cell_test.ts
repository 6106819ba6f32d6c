import { assertEquals } from "@std/assert";
import { forgetStop, queuedBehindStop, workStopped } from "../../lib/show/jupyter.ts";
import { turns } from "../../lib/show/turns.ts";

Deno.test("Cells that waited behind a stopped one are not run, one that a person starts is", async () => {
  assertEquals(queuedBehindStop(), false);
  workStopped();
  assertEquals(queuedBehindStop(), true);
  await turns(700).ended;
  assertEquals(queuedBehindStop(), true); // begins when the one before has said so
  await turns(700).ended;
  assertEquals(queuedBehindStop(), true);
  await turns(1100).ended;
  assertEquals(queuedBehindStop(), false);
  assertEquals(queuedBehindStop(), false);
});

Deno.test("A cell that keeps the program busy is no reason to run those that wait behind a stop", async () => {
  workStopped();
  await turns(20).ended;
  const end = performance.now() + 1500;
  while (performance.now() < end);
  assertEquals(queuedBehindStop(), true);
  await turns(1100).ended;
});

Deno.test("What a person asks for in the page after a stop is done at once", () => {
  workStopped();
  forgetStop();
  assertEquals(queuedBehindStop(), false);
});
