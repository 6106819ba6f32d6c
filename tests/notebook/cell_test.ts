import { assertEquals } from "@std/assert";
import { queuedBehindStop, workStopped } from "../../lib/show/jupyter.ts";

Deno.test("Cells that waited behind a stopped one are not run, one that a person starts is", () => {
  const stop = 10_000; // milliseconds
  assertEquals(queuedBehindStop(stop - 1), false);
  workStopped(stop);
  assertEquals(queuedBehindStop(stop + 20), true);
  assertEquals(queuedBehindStop(stop + 900), true); // begins when the one before has said so
  assertEquals(queuedBehindStop(stop + 1800), true);
  assertEquals(queuedBehindStop(stop + 4000), false);
  assertEquals(queuedBehindStop(stop + 4001), false);
});
