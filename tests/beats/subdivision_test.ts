import { assertAlmostEquals, assertEquals } from "@std/assert";
import { beatsText } from "../../lib/beats/follow.ts";
import { subdivisionOf } from "../../lib/beats/subdivision.ts";
import { gaussian, Random } from "../../lib/random.ts";

/** Subdivision of 64 beats of a tempo, with onsets at places that vary as players do. */
function of(perMinute: number, ...beats: readonly (readonly number[])[]) {
  const random = new Random(1), period = 60 / perMinute;
  const times = Array.from({ length: 65 }, (_, i) => 1 + i * period);
  const onsets = times.flatMap((time, i) =>
    beats[i % beats.length]!.map((place) => time + place * period + 0.008 * gaussian(random))
  );
  return (parts?: 1 | 3) => subdivisionOf(times, Float64Array.from(onsets).sort(), parts);
}

Deno.test("swung eighths are told from even ones, and from compound metres", () => {
  const swing = of(160, ...Array(6).fill([0, 0.63]), [0], [0, 1 / 3, 2 / 3])();
  assertEquals(swing.isCompound, false);
  assertAlmostEquals(swing.swing!, 0.63, 0.02);
  assertEquals(of(160, [0, 0.5], [0, 0.25, 0.5, 0.75])(), { isCompound: false });
  assertEquals(of(160, [0, 1 / 3, 2 / 3], [0, 2 / 3])(), { isCompound: true }, "a tarantella");
  assertEquals(of(60, [0, 2 / 3], [0, 0.5, 2 / 3])(), { isCompound: true }, "a siciliano");
  assertEquals(of(160, [0, 2 / 3])(3), { isCompound: true }, "as known");
  const found = { sureness: 2, beats: 64, perMinute: 160, bar: "4/4", quarters: 1, swing: 0.6 };
  assertEquals(
    beatsText(found),
    "found 160 a minute in bars of 4/4 (sure), with swung eighths, read as even ones",
  );
});
