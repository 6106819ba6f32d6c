import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { passageFilter } from "../../lib/evaluate/passage_filter.ts";
import { copyFinderOf } from "../../lib/generate/judge/copies.ts";
import { bestOf, judge } from "../../lib/generate/judge/judge.ts";
import type { Criteria, Judged } from "../../lib/generate/judge/term.ts";
import { planAfter } from "../../lib/generate/after_primer.ts";
import { rangesOf } from "../../lib/generate/judge/ranges.ts";
import type { PieceRecipe } from "../../lib/generate/recipe.ts";
import { recipeText } from "../../lib/generate/recipe_text.ts";
import { rulesInForce, type SAMPLING_RULES } from "../../lib/model/rules.ts";
import { seal, unseal } from "../../lib/store/seal.ts";
import { barsOf } from "../../lib/tokens/bars.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import { type Plan, planFrames } from "../../lib/tokens/plan.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";

const grid = { unit: "beat", steps: 4, attacks: true } as const;
const metres = [{ frame: 0, stepsPerBar: 16, phase: 0 }];

/** A scale over a bass; frame t depends on `at + t` only. */
function music(length: number, at = 0): Frame[] {
  return Array.from({ length }, (_, t) => {
    const scale = 72 + [0, 2, 4, 5, 7, 9, 11, 12][(at + t) % 23 % 8]!;
    return (at + t) % 8 === 0 ? [48, scale] : [48 + 128, scale];
  });
}

const plan: Plan = {
  ends: true,
  bars: [
    { frames: 16, steps: 16, notes: 1 },
    { frames: 16, steps: 16, like: { bar: 0, degree: 0.5, transpose: 0 } },
    { frames: 12, steps: 12, like: { bar: 1, degree: 0.5, transpose: 0 } },
  ],
};

/** The bars that a planned start comes to, as its metres have them. */
function lengths({ plan, metres }: ReturnType<typeof planAfter>): number[] {
  return barsOf(metres, planFrames(plan), grid).map(({ frames }) => frames);
}

Deno.test("a plan after no primer is the plan itself", () => {
  const start = planAfter({ frames: [], metres, written: 0 }, plan, grid);
  assertEquals(start.plan, plan);
  assertEquals(start.frames, 44);
  assertEquals(lengths(start), [16, 16, 12]);
});

Deno.test("a primer within the first bar stands in it", () => {
  const start = planAfter({ frames: [[60]], metres, written: 1 }, plan, grid);
  assertEquals([start.plan, start.frames], [plan, 43]);
  assertEquals(lengths(start), [16, 16, 12]);
});

Deno.test("after a longer primer, its bars stand before, and what is alike is still alike", () => {
  for (const [length, started] of [[32, false], [40, true]] as const) {
    const start = planAfter({ frames: music(length), metres, written: length }, plan, grid);
    const shift = started ? 3 : 2;
    assertEquals(start.plan.bars.length, shift + 3);
    assertEquals(start.plan.bars[shift + 2]!.like!.bar, shift + 1);
    assertEquals(start.plan.bars[0], planOf({ frames: music(length), metres }, grid).bars[0]!);
    assertEquals(start.frames, (started ? 8 : 0) + 44);
    assertEquals(lengths(start), [...Array(shift).fill(16), 16, 16, 12]);
    if (started) assertEquals(start.plan.bars[2], { frames: 16, steps: 16 });
  }
});

Deno.test("after a primer with an upbeat and another metre, the plan begins on a bar line", () => {
  const upbeat = [{ frame: 0, stepsPerBar: 12, phase: 8 }];
  const start = planAfter({ frames: music(20), metres: upbeat, written: 20 }, plan, grid);
  assertEquals(lengths(start), [4, 12, 12, 16, 16, 12]);
  assertEquals(start.frames, 8 + 44);
});

Deno.test("a plan is cut where the music is to break off", () => {
  const start = planAfter({ frames: [], metres, written: 0 }, plan, grid, 20);
  assertEquals([start.frames, planFrames(start.plan), start.plan.ends], [20, 20, false]);
});

/** A whole piece as the judge sees it. */
function whole(frames: readonly Frame[]): Judged {
  const bars = barsOf(metres, frames.length, grid);
  return { frames, metres, from: 0, bars, first: 0, last: bars.length - 1 };
}

const farFrom = (plan: Plan, frames: readonly Frame[]) =>
  judge(whole(frames), { grid, plan, mostCopied: Infinity }).values.plan!;

Deno.test("music is no way from its own plan, and some way from another's", () => {
  const own = planOf({ frames: music(64), metres }, grid);
  assertEquals(farFrom(own, music(64)), 0);
  assert(farFrom(own, music(64, 5)) > 0.1);
});

const criteria: Criteria = {
  grid,
  ranges: rangesOf([{ frames: music(640), metres }], grid),
  copies: undefined,
  mostCopied: 8,
};

/** A bar in which a melody has two notes, the first over a bass. */
const bar = (first: number, last: number): Frame[] =>
  Array.from({ length: 16 }, (_, t) => t === 0 ? [36, first] : t === 12 ? [last] : []);

const leapOf = (bars: readonly Frame[][], plan?: Plan) =>
  judge({ ...whole(bars.flat()), first: 1 }, {
    grid,
    mostCopied: Infinity,
    ...plan ? { plan } : {},
  }).values["voice leading"];

Deno.test("a melody that leaps over a bar line is worse by the octaves beyond a step", () => {
  const leap = (...bars: Frame[][]) => leapOf(bars);
  assertEquals(leap(bar(72, 74), bar(76, 72)), 0);
  assertEquals(leap(bar(72, 74), bar(60, 72)), 1);
  assertEquals(leap(bar(72, 74), bar(88, 72), bar(74, 72)), 0.5); // the mean of two lines
  assertEquals(leap(bar(72, 74), music(16).map(() => [])), undefined);
});

Deno.test("a melody that leaps over a bar line as planned is no worse, and is where it does not", () => {
  const octave = planOf({ frames: [...bar(72, 72), ...bar(84, 72)], metres }, grid);
  assertEquals(leapOf([bar(72, 72), bar(84, 72)], octave), 0);
  assertEquals(leapOf([bar(72, 84), bar(72, 72)], octave), 0);
  assertEquals(leapOf([bar(72, 72), bar(74, 72)], octave), 8 / 12);
});

Deno.test("music is familiar by the share of its frames that end a passage of the training music", () => {
  const known = passageFilter([{ frames: music(92) }], grid).encode();
  const copies = copyFinderOf([known], grid)!;
  const familiar = (frames: Frame[], first = 0, change: Partial<Criteria> = {}) =>
    judge({ ...whole(frames), first }, { ...criteria, copies, mostCopied: 99, ...change });
  const learned = music(32, 46), backwards = music(48).reverse();
  assertEquals(familiar(learned, 1).values.familiar, 1);
  assertEquals(familiar(learned, 1).problems, []);
  assertAlmostEquals(familiar(learned).values.familiar!, 25 / 32); // the first passage has 8 frames
  assert(familiar(backwards).values.familiar! < 0.1, "the filter errs in one of a hundred");
  assertAlmostEquals(
    familiar([...backwards.slice(0, 16), ...learned], 1).values.familiar!,
    25 / 32,
  );
  assertEquals(familiar(learned, 1, { copies: undefined }).values.familiar, undefined);
  assertEquals(familiar(learned, 1).soft, 2 + familiar(learned, 1, { copies: undefined }).soft);
});

Deno.test("a candidate is refused for being stuck, copied or out of range, and says so", () => {
  const verdict = (frames: Frame[], change: Partial<Criteria> = {}) =>
    judge(whole(frames), { ...criteria, ...change });
  assertEquals(verdict(music(160)).problems, []);
  assertEquals(verdict(music(160)).hard, 0);
  const copies = { longest: () => ({ beats: 12 }), share: () => 0 };
  assertEquals(verdict(music(160), { copies }).problems, [
    "copied: 12 beats in a row are in the training music",
  ]);
  assertEquals(verdict(music(160), { copies, mostCopied: 12 }).problems, []);
  const bar = music(16), stuck = [1, 2, 3, 4, 5, 6].flatMap(() => bar);
  assert(verdict(stuck).problems.some((text) => text.startsWith("stuck: 5 bars")));
  const like = { bar: 0, degree: 1, transpose: 0 };
  const planned: Plan = {
    ends: true,
    bars: [1, 2, 3, 4, 5, 6].map((_, i) => ({ frames: 16, steps: 16, ...(i > 0 ? { like } : {}) })),
  };
  const asked = verdict(stuck, { plan: planned }).problems;
  assert(!asked.some((text) => text.startsWith("stuck")));
  assert(verdict(music(160).map(() => [])).hard > 1);
});

Deno.test("the candidate nearest to its plan is kept, of those that nothing speaks against", () => {
  const sound = (soft: number) => ({ hard: 0, soft }), bad = (hard: number) => ({ hard, soft: 0 });
  assertEquals(bestOf([bad(3), sound(0.5), sound(0.4)]), 2);
  assertEquals(bestOf([bad(5), bad(3)]), 1);
  assertEquals(bestOf([bad(3)]), 0);
});

Deno.test("a recipe's text has a line for every bar of its plan, and is known again", () => {
  const recipe = { kind: "recipe", start: { frames: ["60"] }, plan, title: "\0a" };
  const text = seal(recipe, recipeText);
  assertEquals(unseal(text), JSON.parse(JSON.stringify(recipe)));
  assertEquals(text.split("\n").filter((line) => line.includes('"steps"')).length, 3);
  assertEquals(JSON.parse(recipeText({ plan: null } as Partial<PieceRecipe>)), { plan: null });
});

Deno.test("rules can be switched off by name, or all, and a plan makes two superfluous", () => {
  assertEquals(rulesInForce([], false).length, 5);
  const planned = ["longest-note", "no-standstill", "begin-at-once", "as-planned"];
  assertEquals(rulesInForce([], true), planned as typeof SAMPLING_RULES[number][]);
  assertEquals(rulesInForce(["longest-note", "as-planned"], true), [
    "no-standstill",
    "begin-at-once",
  ]);
  assertEquals(rulesInForce(["all"], false), []);
  let message = "";
  try {
    rulesInForce(["density"], false);
  } catch (error) {
    message = String(error);
  }
  assert(message.includes("needed one of note-density, longest-silence"));
});
