import { assert, assertEquals } from "@std/assert";
import { quantise } from "../../lib/beats/divide.ts";
import { gaussian, Random } from "../../lib/random.ts";

const half = (beat: number) => beat / 2; // seconds, at 120 beats a minute

Deno.test("each beat is divided as all of its onsets together ask for", () => {
  const of = (...onsets: number[]) => quantise(onsets, half, 24, false);
  assertEquals(of(0.02, 0.98, 1.53, 2.01), [0, 24, 36, 48]);
  assertEquals(of(0, 0.31, 0.69, 1), [0, 8, 16, 24], "a triplet");
  assertEquals(of(0, 0.28, 0.52, 0.69, 1), [0, 6, 12, 18, 24], "the same onset among sixteenths");
  assertEquals(of(0, 0.6, 1), [0, 12, 24], "a late eighth, not the third sixteenth");
  assertEquals(of(), []);
});

Deno.test("a beat that begins with an onset just before it keeps it", () => {
  assertEquals(quantise([0, 0.97, 1.48, 2.02], half, 24, false), [0, 24, 36, 48]);
});

Deno.test("beats of three parts are divided in three", () => {
  assertEquals(quantise([0, 0.35, 0.63, 1], half, 6, true), [0, 2, 4, 6]);
  assertEquals(
    quantise([0, 0.35, 0.63, 1], half, 4, false),
    [0, 1, 3, 4],
    "no thirds on this grid",
  );
});

Deno.test("a beat that could be read in two ways is read as most beats of the piece are", () => {
  const long = 0.63; // between an eighth and a dotted one
  const among = (place: number) =>
    quantise(
      Array.from({ length: 40 }, (_, beat) => [beat, beat + (beat === 20 ? long : place)]).flat(),
      half,
      24,
      false,
    )[41]! - 20 * 24;
  assertEquals(among(0.5), 12);
  assertEquals(among(0.75), 18);
});

Deno.test("onsets that stray as players do come back to their places, triplets among them", () => {
  const random = new Random(5), kinds = [[0], [0, 1 / 2], [0, 1 / 4, 1 / 2, 3 / 4], [0, 3 / 4]];
  const triplet = [0, 1 / 3, 2 / 3];
  const true_ = Array.from(
    { length: 200 },
    (_, beat) => (beat % 40 < 32 ? kinds[random.below(4)]! : triplet).map((place) => beat + place),
  ).flat();
  const played = true_.map((onset) => onset + 0.04 * gaussian(random)).sort((a, b) => a - b);
  const steps = quantise(played, half, 24, false);
  const right = steps.filter((step, i) => step === Math.round(24 * true_[i]!)).length;
  const rounded = played.filter((onset, i) =>
    Math.round(24 * onset) === Math.round(24 * true_[i]!)
  );
  assert(right > 0.93 * true_.length, `${right} of ${true_.length}`);
  assert(rounded.length < 0.5 * true_.length);
});
