import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { livelinessOf } from "../../lib/evaluate/liveliness.ts";
import { histogramOverlap, overlapOf, overlapWithin } from "../../lib/evaluate/overlap.ts";
import { type Histogram, statisticsOf } from "../../lib/evaluate/statistics.ts";
import { barSimilarities, scaleConsistencies } from "../../lib/evaluate/structure.ts";
import { Random } from "../../lib/random.ts";
import { type Frame, HELD } from "../../lib/tokens/frame.ts";
import type { Grid } from "../../lib/tokens/piece.ts";
import { pieceOf, WITH_ATTACKS, WITHOUT_ATTACKS } from "./music.ts";

/** The share of the bin that begins at `value`. */
function share({ values, shares }: Histogram, value: number): number {
  return shares[values.indexOf(value)]!;
}

// One beat of four steps: C4 for a beat with E4 struck twice above it, then a beat of rest.
const BEATS: Frame[] = [[60, 64], [60 + HELD, 64 + HELD], [60 + HELD, 64], [60 + HELD]];
const PIECE = pieceOf([...BEATS, [], [], [], []]);

Deno.test("statisticsOf counts notes, frames and beats", () => {
  const found = statisticsOf([PIECE], WITH_ATTACKS);
  assertAlmostEquals(share(found.pitchClass, 0), 1 / 3);
  assertAlmostEquals(share(found.pitchClass, 4), 2 / 3);
  assertAlmostEquals(share(found.register, 60), 1 / 3);
  assertEquals(found.polyphony.shares.slice(0, 3), [4 / 8, 1 / 8, 3 / 8]);
  assertAlmostEquals(share(found.noteLength, 1), 1 / 3);
  assertAlmostEquals(share(found.noteLength, 1 / 2), 1 / 3);
  assertAlmostEquals(share(found.noteLength, 1 / 4), 1 / 3);
  assertAlmostEquals(found.noteLength.mean!, 1.75 / 3);
  assertEquals([share(found.onsetsPerBeat, 0), share(found.onsetsPerBeat, 3)], [1 / 2, 1 / 2]);
  assertEquals(share(found.interval, 0), 1);
});

Deno.test("statisticsOf gives shares that sum to one, for extreme music too", () => {
  const high = pieceOf(Array.from({ length: 40 }, (_, t) => t % 2 === 0 ? [0] : [127]));
  const thick = pieceOf(Array.from({ length: 40 }, () => Array.from({ length: 30 }, (_, i) => i)));
  for (const grid of [WITH_ATTACKS, WITHOUT_ATTACKS]) {
    for (const { values, shares } of Object.values(statisticsOf([high, thick], grid))) {
      assertEquals(values.length, shares.length);
      assertAlmostEquals(shares.reduce((sum: number, each: number) => sum + each, 0), 1);
    }
  }
});

Deno.test("statisticsOf gives empty histograms for no music", () => {
  for (const pieces of [[], [pieceOf([])]]) {
    for (const { shares, mean } of Object.values(statisticsOf(pieces, WITH_ATTACKS))) {
      assertEquals(mean, null);
      assert(shares.every((each: number) => each === 0));
    }
  }
});

Deno.test("scaleConsistencies is the share of notes in the best scale", () => {
  const notes = [62, 64, 66, 67, 69, 71, 73, 75].map((pitch, start) => ({
    pitch,
    start,
    end: start + 1,
  }));
  assertEquals(scaleConsistencies(notes.slice(0, 7), WITH_ATTACKS), [1]); // D major
  assertEquals(scaleConsistencies(notes, WITH_ATTACKS), [7 / 8]);
});

Deno.test("barSimilarities finds the bar that comes back, in any metre", () => {
  const bar = (pitch: number) => [0, 1, 2].map((step) => [pitch + step]);
  const frames = [bar(60), bar(70), bar(60), [[60], [61], [80]]].flat();
  const metres = [{ frame: 0, stepsPerBar: 3, phase: 0 }];
  const notes = frames.map((frame, start) => ({ pitch: frame[0]!, start, end: start + 1 }));
  const piece = { name: "", frames, metres };
  assertEquals(barSimilarities(notes, piece, WITHOUT_ATTACKS), [0, 1, 2 / 4]);
});

Deno.test("barSimilarities reads upbeats, broken bars and changes of metre", () => {
  const onsets = [0, 1, 4, 7, 10, 14];
  const frames = Array.from({ length: 18 }, (_, t) => onsets.includes(t) ? [60] : []);
  const notes = onsets.map((start) => ({ pitch: 60, start, end: start + 1 }));
  const metres = [
    { frame: 0, stepsPerBar: 3, phase: 2 }, // bars begin at -2, 1, 4, 7
    { frame: 10, stepsPerBar: 4, phase: 0 }, // and at 10, 14
  ];
  const found = barSimilarities(notes, { name: "", frames, metres }, WITHOUT_ATTACKS);
  assertEquals(found, [0, 1, 1, 1, 1]);
  const seconds: Grid = { unit: "second", steps: 1.5, attacks: false };
  assertEquals(barSimilarities(notes, { name: "", frames, metres: [] }, seconds).length, 2);
});

Deno.test("histogramOverlap is 1 for equal distributions and 0 for disjoint ones", () => {
  const found = statisticsOf([PIECE], WITH_ATTACKS);
  const other = statisticsOf([pieceOf([[61], [61 + HELD]])], WITH_ATTACKS);
  assertAlmostEquals(histogramOverlap(found.pitchClass, found.pitchClass), 1);
  assertEquals(histogramOverlap(found.pitchClass, other.pitchClass), 0);
  assertAlmostEquals(overlapOf(found, other).polyphony, 1 / 8);
});

Deno.test("overlapWithin compares a seeded half with the other", () => {
  const pieces = [1, 2, 3, 4].map((seed) => {
    const random = new Random(seed);
    return pieceOf(Array.from({ length: 64 }, () => [50 + random.below(30)]));
  });
  const half = (seed: number) => overlapWithin(pieces, WITH_ATTACKS, 2, new Random(seed));
  assertEquals(half(1), half(1));
  const { polyphony, register } = half(1);
  assertAlmostEquals(polyphony, 1);
  assert(register > 0.7 && register < 1);
  assertThrows(
    () => overlapWithin(pieces.slice(0, 1), WITH_ATTACKS, 1, new Random(1)),
    RangeError,
    "there are 1 in all",
  );
});

Deno.test("livelinessOf finds stuck frames, silences and drones", () => {
  const drone = Array.from({ length: 9 }, () => [40 + HELD]);
  assertEquals(livelinessOf([pieceOf([[40], ...drone, [], [], [], [50]]), PIECE], WITH_ATTACKS), {
    longestStuckFrames: 9,
    longestSilenceFrames: 4,
    longestNoteFrames: 10,
    emptyShare: 7 / 22,
  });
  assertEquals(livelinessOf([], WITH_ATTACKS).emptyShare, null);
});
