import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { barLetters, planStrip } from "../../lib/show/plan_strip.ts";
import { JUPYTER_DISPLAY } from "../../lib/show/summary.ts";
import type { Plan } from "../../lib/tokens/plan.ts";

const bar = { frames: 4, steps: 4, notes: 2, classes: [[0, 4, 7], [0, 4, 7]] };
const plan: Plan = {
  ends: true,
  bars: [
    bar,
    { ...bar, notes: 5, like: null },
    { ...bar, like: { bar: 0, degree: 1, transpose: 0 } },
    { ...bar, like: { bar: 1, degree: 0.6, transpose: 0 } },
    { ...bar, like: { bar: 3, degree: 0.95, transpose: 5 } },
    { ...bar, like: { bar: 0, degree: 0.3, transpose: 0 } },
    { frames: 4, steps: 4 },
  ],
};

Deno.test("bars that are alike have the same letter, with a dash where they are not quite", () => {
  assertEquals(barLetters(plan), ["A", "B", "A", "B′", "B′", "C", "D"]);
  const many = { ends: false, bars: Array.from({ length: 60 }, () => bar) };
  assertEquals([25, 26, 59].map((index) => barLetters(many)[index]), ["Z", "AA", "BH"]);
});

Deno.test("a plan is drawn with a column for every bar, its letter and its key", async () => {
  const strip = planStrip(plan, { title: "Form" });
  assertEquals(strip.text, "Plan of 7 bars with an end: A B A B′ B′ C D");
  const svg = await strip.svg();
  for (const text of ["Form", "C major", "B′", "notes"]) assert(svg.includes(text), text);
  const part = planStrip(plan, { from: 2, bars: 3 }).text;
  assertEquals(part, "Plan of 7 bars with an end: A B′ B′");
});

Deno.test("the chords that a plan asks for stand in its strip", async () => {
  const bar = { frames: 16, steps: 16, notes: 3, classes: [[0, 4, 7], [0, 4, 7]] };
  const chords = [{ step: 0, chord: { root: 2, quality: "m7" } as const }];
  const strip = planStrip({ bars: [bar, { ...bar, chords }], ends: true });
  const bundle = await strip[JUPYTER_DISPLAY]();
  assertStringIncludes(`${bundle["text/plain"]}`, "B (Dm7)");
  assertStringIncludes(`${bundle["image/svg+xml"]}`, ">Dm7<");
});
