import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { planBetween } from "../../lib/generate/plan/between.ts";
import type { Take } from "../../lib/generate/plan/takes.ts";
import { planInFormOf } from "../../lib/generate/plan/new_plan.ts";
import { Random } from "../../lib/random.ts";
import type { Framed } from "../../lib/tokens/piece.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";
import { checkPlan } from "../../lib/tokens/plan_text.ts";
import { GRID, played } from "../harmony/music.ts";

const planned = (name: string, piece: Framed) => ({ name, plan: planOf(piece, GRID) });

/** A A B A in blocks, and as many bars of other chords, broken, a tone higher. */
const first = planned("first", played("C F G7 C Am Dm G7 C C F G7 C"));
const second = planned("second", played("D Bm G A F#m G Em A Bm G A D", "broken"));

const between = (share: number, take: Take = "bars", seed = 1) =>
  planBetween({ first, second, share, take }, undefined, {}, GRID, [], new Random(seed));
const own = planInFormOf(first, undefined, {}, GRID, []).plan.bars;

/** Indices of the bars in which a quality is not the first piece's own. */
const changed = (share: number, name: "classes" | "onsets", take: Take = "bars", seed = 1) =>
  between(share, take, seed).plan.bars.flatMap((bar, i) =>
    JSON.stringify(bar[name]) === JSON.stringify(own[i]![name]) ? [] : [i]
  );

Deno.test("between two pieces, share 0 is the form of the first, and more takes more of the second", () => {
  assertEquals(between(0).plan.bars, own);
  const counts = [0.25, 0.5, 1].map((share) => changed(share, "onsets").length);
  assert(counts[0]! > 0 && counts[0]! <= 5 && counts[1]! > counts[0]! && counts[2]! > counts[1]!);
  const { plan, key, remark } = between(0.5);
  checkPlan(plan);
  assertEquals([key, remark], [{ tonic: 0, mode: "major" }, undefined]);
  assertEquals(plan.bars.length, own.length);
  assert(!changed(1, "onsets").includes(own.length - 1), "the close stays");
  assertNotEquals(changed(0.5, "onsets", "bars", 2), changed(0.5, "onsets", "bars", 3));
  assertEquals(between(0.5, "bars", 2), between(0.5, "bars", 2));
});

Deno.test("harmony takes pitch classes alone, texture all else", () => {
  assertEquals(changed(1, "onsets", "harmony"), []);
  assert(changed(1, "classes", "harmony").length > 3);
  assertEquals(changed(1, "classes", "texture"), []);
  assert(changed(1, "onsets", "texture").length > 6);
});

Deno.test("bars that repeat each other are taken together", () => {
  for (let seed = 1; seed <= 12; seed++) {
    const taken = changed(0.5, "onsets", "bars", seed);
    for (const [bar, { like }] of own.entries()) {
      if (!like || like.degree < 0.6 || like.transpose || bar === own.length - 1) continue;
      assertEquals(taken.includes(bar), taken.includes(like.bar), `seed ${seed}, bar ${bar}`);
    }
  }
});

Deno.test("bars of another metre are fitted to the form's, which is said", () => {
  const { frames } = played("Dm A7 Dm Gm Em7 A7");
  const waltz = planned("waltz", { frames, metres: [{ frame: 0, stepsPerBar: 12, phase: 0 }] });
  const made = planBetween(
    { first, second: waltz, share: 1, take: "bars" },
    8,
    {},
    GRID,
    [],
    new Random(1),
  );
  checkPlan(made.plan);
  assertEquals(made.plan.bars.map(({ steps }) => steps), new Array(8).fill(16));
  assertEquals(made.remark, "waltz is in 3/4: its bars are fitted to 4/4");
});
