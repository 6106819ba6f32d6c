import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { terminalProgress, timeLeftEstimate } from "../../lib/show/progress.ts";

function recorded(columns: number | undefined) {
  let milliseconds = 0;
  const written: string[] = [];
  const display = terminalProgress({
    now: () => milliseconds,
    write: (text) => written.push(text),
    columns,
  });
  return { display, written, wait: (time: number) => milliseconds += time };
}

Deno.test("Time left follows a steady rate exactly and a changed rate soon", () => {
  const estimate = timeLeftEstimate();
  assertEquals(estimate({ task: "train", done: 0, total: 100 }, 0), undefined);
  for (let i = 1; i < 10; i++) estimate({ task: "train", done: i, total: 100 }, i);
  assertAlmostEquals(estimate({ task: "train", done: 10, total: 100 }, 10) ?? 0, 90, 1e-9);
  for (let i = 1; i <= 30; i++) estimate({ task: "train", done: 10 + 2 * i, total: 100 }, 10 + i);
  const left = estimate({ task: "train", done: 70, total: 100 }, 40) ?? 0;
  assert(left > 15 && left < 17, `${left} s`);
});

Deno.test("Time left is not guessed before anything was done", () => {
  const estimate = timeLeftEstimate();
  estimate({ task: "train", done: 0, total: 100 }, 0);
  assertEquals(estimate({ task: "train", done: 0, total: 100 }, 60), undefined);
});

Deno.test("Progress in a terminal redraws one line that fits, and ends it once", () => {
  const { display, written, wait } = recorded(50);
  for (let done = 0; done <= 100; done++) {
    display({ task: "train", done, total: 100, detail: "epoch 3/10  loss 2.41  5,210 examples/s" });
    wait(50);
  }
  display.done();
  display.done();
  assert(written.length > 40 && written.length < 60, `${written.length} redraws`);
  assert(written.every((text) => text.startsWith("\r") && text.length < 50 + 5));
  assert(written.slice(0, -1).every((text) => !text.includes("\n")));
  assertStringIncludes(written.at(-1) ?? "", "100 %");
  assertEquals(written.at(-1)?.endsWith("\n"), true);
});

Deno.test("Progress in a log is a line now and then, one of them the last state", () => {
  const { display, written, wait } = recorded(undefined);
  for (let done = 0; done <= 250; done++) {
    display({ task: "preprocess", done, total: 250, detail: "a\x1b[31m.mid" });
    wait(100);
  }
  display.done();
  assertEquals(written.length, 4);
  assert(written.every((text) => text.endsWith("\n") && !text.includes("\r")));
  assert(written.every((text) => !text.includes("\x1b")));
  assertStringIncludes(written[1] ?? "", "15 s left");
  assertStringIncludes(written[3] ?? "", "100 %");
});

Deno.test("Progress of a second task ends the line of the first", () => {
  const { display, written, wait } = recorded(80);
  display({ task: "preprocess", done: 1, total: 2 });
  wait(1);
  display({ task: "preprocess", done: 2, total: 2 });
  display({ task: "train", done: 0, total: 9 });
  assertEquals(written.filter((text) => text.includes("\n")).length, 1);
  assertStringIncludes(written[1] ?? "", "preprocess");
  assertStringIncludes(written[1] ?? "", "100 %");
  assertStringIncludes(written[2] ?? "", "train");
});
