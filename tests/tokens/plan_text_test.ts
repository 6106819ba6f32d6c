import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { barsOf } from "../../lib/tokens/bars.ts";
import { KEYS } from "../../lib/tokens/key.ts";
import { type BarPlan, metresOf, type Plan, type PlanOfPiece } from "../../lib/tokens/plan.ts";
import { barPlansOf, planOf } from "../../lib/tokens/plan_of.ts";
import {
  checkPlan,
  decodePlan,
  decodePlans,
  encodePlan,
  encodePlans,
} from "../../lib/tokens/plan_text.ts";

const grid = { unit: "beat", steps: 4, attacks: true } as const;

function example(): Plan {
  const frames = Array.from(
    { length: 70 },
    (_, t) => t > 40 && t < 60 ? [] : [48 + t % 5, 60 + t % 7].map((p) => t % 3 ? p + 128 : p),
  );
  return planOf({ frames, metres: [{ frame: 0, stepsPerBar: 12, phase: 4 }] }, grid);
}

Deno.test("a plan survives being written and read, to a thousandth, and exactly from then on", () => {
  const plan = example();
  const again = decodePlan(encodePlan(plan));
  assertEquals(again.ends, plan.ends);
  for (const [index, bar] of plan.bars.entries()) {
    const { notes, register, like, line, ...rest } = again.bars[index]!;
    assertEquals(rest, { ...rest, classes: bar.classes, onsets: bar.onsets, top: bar.top });
    assertAlmostEquals(notes!, bar.notes!, 5e-4);
    assertEquals(register === null, bar.register === null);
    if (register != null) assertAlmostEquals(register, bar.register!, 5e-4);
    assertEquals(like?.bar, bar.like?.bar);
    assertEquals(line === null, bar.line === null);
    if (line) assertAlmostEquals(line.turns, bar.line!.turns, 5e-3);
  }
  assertEquals(encodePlan(again), encodePlan(plan));
  assertEquals(decodePlan(encodePlan(again)), again);
});

Deno.test("what a plan leaves out stays left out, and is told from what is not there", () => {
  const plan: Plan = {
    ends: false,
    bars: [
      { frames: 4, steps: 4 },
      { frames: 4, steps: 4, like: null, register: null, classes: [[], [11]], top: [null, 60] },
    ],
  };
  assertEquals(decodePlan(encodePlan(plan)), plan);
});

Deno.test("a plan written before there were lines is read without them", () => {
  const { bars, ends } = example();
  const older = JSON.parse(encodePlan({ bars, ends }));
  for (const bar of older.bars) bar.splice(11); // all that came later
  const read = decodePlan(JSON.stringify(older));
  assertEquals(read.bars.map(({ line }) => line), bars.map(() => undefined));
  assertEquals(read.bars.map(({ top }) => top), bars.map(({ top }) => top));
});

Deno.test("a bar's line tells how the highest notes move that begin, from the one before on", () => {
  const lines = (pitches: (number | null)[]) =>
    planOf({
      frames: pitches.map((pitch) => pitch === null ? [60 + 128] : [40, pitch]),
      metres: [{ frame: 0, stepsPerBar: 4, phase: 0 }],
    }, grid).bars.map(({ line }) => line);
  assertEquals(lines([60, 62, 64, 65, 77, 65, 65, 64, null, null, null, null]), [
    { steps: 1, leaps: 0, repeats: 0, turns: 0 },
    { steps: 0.25, leaps: 0.5, repeats: 0.25, turns: 1 / 3 },
    null,
  ]);
  assertEquals(lines([60]), [null]);
});

Deno.test("the last bars of a long piece are described as they are with all others", () => {
  const frames = Array.from({ length: 4 * 300 }, (_, t) => [48 + (t * t + (t >> 5)) % 37]);
  const metres = [{ frame: 0, stepsPerBar: 4, phase: 0 }];
  const bars = barsOf(metres, frames.length, grid), all = planOf({ frames, metres }, grid).bars;
  for (const first of [0, 1, 127, 128, 129, 299]) {
    assertEquals(barPlansOf(frames, bars, first, grid), all.slice(first));
  }
});

Deno.test("bars are described anew when their notes have changed", () => {
  const grid = { unit: "beat", steps: 1, attacks: true } as const, bars = barsOf([], 8, grid);
  const like = (last: number) => {
    const frames = [60, 62, 64, last, 60, 62, 64, 65].map((pitch) => [pitch]);
    return barPlansOf(frames, bars, 1, grid)[0]!.like?.degree;
  };
  assertEquals([like(65), like(67), like(65)], [1, 3 / 5, 1]);
});

Deno.test("plans of many pieces keep their names, keys and tempos", () => {
  const plans: PlanOfPiece[] = [
    { name: "a\t\n.mid", plan: decodePlan(encodePlan(example())), beatsPerMinute: 96.5 },
    { name: "b", plan: { ends: true, bars: [{ frames: 1, steps: 1 }] } },
    ...KEYS.map((key) => ({
      name: "c",
      plan: { ends: true, bars: [{ frames: 1, steps: 1 }] },
      key,
    })),
  ];
  assertEquals(decodePlans(encodePlans(plans)), plans);
  assertThrows(
    () => decodePlans(encodePlans(plans).replace("C major", "H major")),
    Error,
    "H major",
  );
});

Deno.test("a plan that cannot be is refused with the bar and what is wrong with it", () => {
  const refused: [Partial<BarPlan>, string][] = [
    [{ frames: 0 }, "bar 1 (from 0) has 0 frames"],
    [{ steps: NaN }, "steps"],
    [{ like: { bar: 1, degree: 1, transpose: 0 } }, "is like bar 1, which is not an earlier bar"],
    [{ like: { bar: 0, degree: 0, transpose: 0 } }, "similarity 0"],
    [{ like: { bar: 0, degree: 1, transpose: 13 } }, "transposed by 13"],
    [{ onsets: [1] }, "onsets for 1 frames"],
    [{ classes: [[12], []] }, "pitch classes"],
    [{ classes: [[1]] }, "1 halves"],
    [{ top: [300] }, "pitch envelope"],
    [{ register: 200 }, "register 200"],
    [{ notes: -1 }, "-1 notes"],
  ];
  for (const [part, message] of refused) {
    const bars = [{ frames: 2, steps: 2 }, { frames: 2, steps: 2, ...part }];
    assertThrows(() => checkPlan({ bars, ends: true }), Error, message);
  }
  assertThrows(() => checkPlan({ bars: [], ends: true }), Error, "without bars");
  for (const text of ["", "7", "{}", '{"ends":true,"bars":[[1]]}']) {
    assertThrows(() => decodePlan(text), Error, "Cannot read a plan");
  }
});

Deno.test("a plan keeps its time signatures, and gives its music their bar lines", () => {
  const metres = [
    { frame: 0, stepsPerBar: 12, phase: 8, signature: [6, 8] as const },
    { frame: 16, stepsPerBar: 12, phase: 0, signature: [3, 4] as const },
  ];
  const plan = planOf({ frames: Array.from({ length: 40 }, () => [60]), metres }, grid);
  assertEquals(plan.bars.map(({ signature }) => signature?.join("/")), [
    ...["6/8", "6/8", "3/4", "3/4"],
  ]);
  assertEquals(metresOf(plan, grid), metres);
  assertEquals(metresOf(decodePlan(encodePlan(plan)), grid), metres);
  assertThrows(() => checkPlan({ ends: true, bars: [{ frames: 4, steps: 4, signature: [3, 5] }] }));
});

Deno.test("the bars after a short one begin where its plan says", () => {
  const bars = [16, 8, 16, 16].map((frames) => ({ frames, steps: 16 }));
  const lines = barsOf(metresOf({ bars, ends: true }, grid), 56, grid);
  assertEquals(lines.map(({ start }) => start), [0, 16, 24, 40]);
  const odd = [4, 3, 4, 3].map((frames) => ({ frames, steps: 3.5 }));
  const one = { unit: "beat", steps: 1, attacks: true } as const;
  assertEquals(metresOf({ bars: odd, ends: true }, one).length, 1);
});
