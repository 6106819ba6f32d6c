import { assertEquals, assertStringIncludes } from "@std/assert";
import { stoppable } from "../../lib/notebook/files.ts";
import { NOT_RUN, SHOWN_ABOVE } from "../../lib/notebook/cell.ts";
import { forgetStop, workStopped } from "../../lib/show/jupyter.ts";
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

Deno.test("A network that was there before a stop learns nothing from examples that are not", async () => {
  const fitted: unknown[] = [];
  const network = stoppable({
    stopTraining: false,
    fit: (...examples: unknown[]) => Promise.resolve(fitted.push(examples)),
    // deno-lint-ignore no-explicit-any -- as much of a network as this needs
  } as any);
  workStopped();
  assertEquals(await network.fit(result.windows, result.labels), NOT_RUN);
  forgetStop();
  await network.fit("windows", "labels");
  assertEquals(fitted, [["windows", "labels"]]);
});
