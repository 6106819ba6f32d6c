import { assert, assertEquals } from "@std/assert";
import { outOfRange, rangesOf } from "../../lib/generate/judge/ranges.ts";
import { Random } from "../../lib/random.ts";
import type { Frame } from "../../lib/tokens/frame.ts";

const grid = { unit: "beat", steps: 4, attacks: true } as const;
const metres = [{ frame: 0, stepsPerBar: 16, phase: 0 }];

/** Chords on the beat under a melody in C major. */
function music(seed: number, bars = 32): Frame[] {
  const random = new Random(seed);
  let root = 48;
  return Array.from({ length: bars * 16 }, (_, t) => {
    if (t % 16 === 0) root = [48, 53, 55][random.below(3)]!;
    const tone = [72, 74, 76, 77, 79][random.below(5)]!;
    return t % 4 === 0 ? [root, root + 7, tone] : [root + 128, root + 7 + 128];
  });
}

const ranges = rangesOf([1, 2, 3, 4].map((seed) => ({ frames: music(seed, 64), metres })), grid);

Deno.test("music of the same kind lies within a corpus's ranges", () => {
  assert(ranges.length >= 12);
  assertEquals(outOfRange({ frames: music(9), metres }, ranges, grid), []);
});

Deno.test("music that is out of the way is said to be, and in what", () => {
  const problems = (change: (frame: Frame, t: number) => Frame) =>
    outOfRange({ frames: music(9).map(change), metres }, ranges, grid)
      .map((text) => text.replace(/ -?\d.*/, ""));
  assert(problems((_, t) => t < 256 ? [] : [60]).includes("share of silence"));
  assert(problems((frame) => frame.slice(1)).includes("share of bars with a low note"));
  assert(
    problems((frame) => frame.map((code) => code + 12)).includes("mean pitch"),
  );
  assert(
    problems((frame, t) => t % 16 < 8 ? frame.map((code) => code - 1) : frame)
      .includes("share of its pitch classes in the scale of four bars"),
  );
  assert(
    problems((frame, t) => t > 300 && t < 400 ? [48 + 128] : frame)
      .includes("longest time in beats in which no note begins"),
  );
});

Deno.test("the ranges of a single piece hold the piece itself, and music like it", () => {
  const own = { frames: music(3, 16), metres };
  const narrow = rangesOf([own], grid);
  assertEquals(outOfRange(own, narrow, grid), []);
  assertEquals(outOfRange({ frames: music(4, 16), metres }, narrow, grid), []);
});
