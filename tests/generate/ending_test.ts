import { assertEquals } from "@std/assert";
import { lackOfCadence, lackOfCadenceIn, octavesToEnd } from "../../lib/generate/plan/ending.ts";
import { newPlan } from "../../lib/generate/plan/new_plan.ts";
import { Random } from "../../lib/random.ts";
import { encodeFrames } from "../../lib/tokens/grid.ts";
import { keyOf } from "../../lib/tokens/find_key.ts";
import type { Key } from "../../lib/tokens/key.ts";
import type { Grid } from "../../lib/tokens/piece.ts";
import { planOf } from "../../lib/tokens/plan_of.ts";

const grid: Grid = { unit: "beat", steps: 4, attacks: true };
const C_MAJOR: Key = { tonic: 0, mode: "major" };

/** A tune in eighths over chords of a bar, the last of which is given, struck at `at` in its bar. */
function music(last: readonly number[], at = 0) {
  const chords = [[48, 52, 55], [53, 57, 60], [55, 59, 62], [48, 52, 55], [53, 57, 60], [
    55,
    59,
    62,
  ]];
  const tune = [72, 74, 76, 77, 79, 76, 74, 72];
  const notes = chords.flatMap((chord, bar) => [
    ...chord.map((pitch) => ({ pitch, start: 16 * bar, end: 16 * bar + 16 })),
    ...tune.map((pitch, i) => ({ pitch, start: 16 * bar + 2 * i, end: 16 * bar + 2 * i + 2 })),
  ]);
  const start = 16 * chords.length;
  notes.push(...last.map((pitch) => ({ pitch, start: start + at, end: start + 16 })));
  return encodeFrames(notes, true);
}

Deno.test("An end is closed on the tonic with long notes, open elsewhere or cut short", () => {
  assertEquals(lackOfCadenceIn(music([48, 64, 67, 72]), true, C_MAJOR), 0);
  assertEquals(lackOfCadenceIn(music([52, 60, 67, 72]), true, C_MAJOR), 0.5, "another bass");
  assertEquals(lackOfCadenceIn(music([48, 64, 67, 72], 14), true, C_MAJOR), 0.5, "short notes");
  assertEquals(lackOfCadenceIn(music([55, 62, 71], 14), true, C_MAJOR), 1);
  assertEquals(lackOfCadenceIn([], true, C_MAJOR), 0);
  const end = planOf({ frames: music([48, 64, 67, 72]), metres: [] }, grid).bars.at(-1)!;
  assertEquals(lackOfCadence(end, C_MAJOR), 0);
  assertEquals(lackOfCadence(end, { tonic: 7, mode: "major" }), 0.5, "the tonic is not the bass");
  assertEquals(lackOfCadence(end, { tonic: 2, mode: "minor" }), 1);
});

Deno.test("A plan ends as closed pieces do, though half of the corpus breaks off", () => {
  const pieces = [[48, 64, 67, 72], [55, 62, 71]].flatMap((last, i) =>
    [0, 1, 2].map((k) => ({
      name: `${i}-${k}`,
      plan: planOf({ frames: music(last, 4 * k), metres: [] }, grid),
    }))
  );
  for (let seed = 1; seed <= 20; seed++) {
    const { plan } = newPlan(pieces, 8, { key: C_MAJOR }, grid, new Random(seed));
    assertEquals([plan.ends, lackOfCadence(plan.bars.at(-1)!, C_MAJOR)], [true, 0]);
    assertEquals(keyOf(plan.bars), C_MAJOR);
    const goesOn = newPlan(pieces, 8, { end: false }, grid, new Random(seed)).plan;
    assertEquals(goesOn.ends, false);
  }
});

Deno.test("a plan's ending moves by an octave where that saves leaps of an octave", () => {
  const before = { top: [72, 75], bottom: [48, null] };
  const into = (top: number, bottom: number) =>
    octavesToEnd({ top: [top], bottom: [bottom] }, before);
  assertEquals([into(72, 36), into(84, 60), into(60, 36)], [0, -12, 12]);
  assertEquals([into(81, 57), into(84, 57)], [0, -12], "6 semitones saved, and 12");
  assertEquals(octavesToEnd({ top: [90] }, undefined), 0, "nothing before");

  // An end two octaves above its piece, as where the bars before come back from elsewhere.
  const pieces = ["a", "b", "c"].map((name) => {
    const frames = music([72, 76, 79, 84]).map((frame, step) =>
      step < 16 * 6 ? frame.map((code) => code - 12) : frame
    );
    return { name, plan: planOf({ frames, metres: [] }, grid) };
  });
  for (let seed = 1; seed <= 20; seed++) {
    const { bars } = newPlan(pieces, 8, {}, grid, new Random(seed)).plan;
    assertEquals(octavesToEnd(bars.at(-1)!, bars.at(-2)), 0);
    assertEquals(bars.at(-1)!.classes, pieces[0]!.plan.bars.at(-1)!.classes);
  }
});
