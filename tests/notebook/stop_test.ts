import { assertEquals, assertStringIncludes } from "@std/assert";
import { NOT_RUN, SHOWN_ABOVE } from "../../lib/notebook/not_run.ts";
import { JUPYTER_DISPLAY } from "../../lib/show/summary.ts";

// deno-lint-ignore no-explicit-any -- as in a cell, whose code takes it for what it asked for
const result = NOT_RUN as any;

Deno.test("Whatever a cell does with the result of stopped work, it does not fail", async () => {
  assertEquals(await result, NOT_RUN); // it is no promise that never ends
  const { variants: [first], windows } = result;
  assertEquals([first, windows], [undefined, NOT_RUN]);
  result.compile({ optimizer: "adam" });
  const { history } = await result.fit(windows, result.labels);
  assertEquals(`${history.loss}`, "(not run)");
  for (const _ of result.pieces) throw new Error("there are none");
  result.name = 1;
  assertEquals(Number.isNaN(result.minutes * 2), true);
});

Deno.test("A value that its cell has shown already leaves no empty output", () => {
  assertEquals(result[JUPYTER_DISPLAY](), SHOWN_ABOVE);
  assertStringIncludes(SHOWN_ABOVE["text/html"] as string, "display: none");
});
