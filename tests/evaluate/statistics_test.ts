import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { wholeOf } from "../../lib/evaluate/features/excerpt.ts";
import { degeneracyOf } from "../../lib/evaluate/degeneracy.ts";
import { histogramOverlap, overlapOf, overlapOfHalves } from "../../lib/evaluate/comparison.ts";
import { countedOf, type Histogram, statisticsOf } from "../../lib/evaluate/statistics.ts";
import {
  barSimilarities,
  grooves,
  keyChangesPer16Bars,
  rootLengths,
  scaleConsistencies,
} from "../../lib/evaluate/structure.ts";
import { Random } from "../../lib/random.ts";
import { type Frame, HELD } from "../../lib/tokens/frame.ts";
import type { Grid, Piece } from "../../lib/tokens/piece.ts";
import { pieceOf, WITH_ATTACKS, WITHOUT_ATTACKS } from "./music.ts";

function measured(pieces: readonly Piece[], grid: Grid) {
  return statisticsOf(pieces.map((piece) => countedOf(piece, grid)));
}

/** The share of the bin that begins at `value`. */
function share({ values, shares }: Histogram, value: number): number {
  return shares[values.indexOf(value)]!;
}

// One beat of four steps: C4 for a beat with E4 struck twice above it, then a beat of rest.
const BEATS: Frame[] = [[60, 64], [60 + HELD, 64 + HELD], [60 + HELD, 64], [60 + HELD]];
const PIECE = pieceOf([...BEATS, [], [], [], []]);

Deno.test("statisticsOf counts notes, frames and beats", () => {
  const found = measured([PIECE], WITH_ATTACKS);
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
  const high = pieceOf(Array.from({ length: 80 }, (_, t) => t % 2 === 0 ? [0] : [127]));
  const thick = pieceOf(Array.from({ length: 80 }, () => Array.from({ length: 30 }, (_, i) => i)));
  for (const grid of [WITH_ATTACKS, WITHOUT_ATTACKS]) {
    for (const { values, shares } of Object.values(measured([high, thick], grid))) {
      assertEquals(values.length, shares.length);
      assertAlmostEquals(shares.reduce((sum: number, each: number) => sum + each, 0), 1);
    }
  }
});

Deno.test("statisticsOf gives empty histograms for no music", () => {
  for (const pieces of [[], [pieceOf([])]]) {
    for (const { shares, mean } of Object.values(measured(pieces, WITH_ATTACKS))) {
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

const barsIn = (piece: Piece, grid = WITHOUT_ATTACKS) => wholeOf(piece, grid)!.bars;

Deno.test("barSimilarities finds the bar that comes back, in any metre", () => {
  const bar = (pitch: number) => [0, 1, 2].map((step) => [pitch + step]);
  const frames = [bar(60), bar(70), bar(60), [[60], [61], [80]]].flat();
  const metres = [{ frame: 0, stepsPerBar: 3, phase: 0 }];
  assertEquals(barSimilarities(barsIn({ name: "", frames, metres })), [0, 1, 2 / 4]);
});

Deno.test("barSimilarities reads upbeats, broken bars and changes of metre", () => {
  const onsets = [0, 1, 4, 7, 10, 14];
  const frames = Array.from({ length: 18 }, (_, t) => onsets.includes(t) ? [60] : []);
  frames[1] = [60, 61]; // without attacks a note that goes on begins nothing
  frames[0] = [61];
  const metres = [
    { frame: 0, stepsPerBar: 3, phase: 2 }, // bars begin at -2, 1, 4, 7
    { frame: 10, stepsPerBar: 4, phase: 0 }, // and at 10, 14
  ];
  const bars = barsIn({ name: "", frames, metres });
  assertEquals(bars.map(({ rhythm }) => [...rhythm]), [[2], [0], [0], [0], [0], [0]]);
  assertEquals(barSimilarities(bars), [0, 1, 1, 1, 1]);
  const seconds: Grid = { unit: "second", steps: 3, attacks: false };
  assertEquals(barSimilarities(barsIn({ name: "", frames, metres: [] }, seconds)).length, 2);
});

Deno.test("grooves compare the rhythms of neighbouring bars", () => {
  const frames = [[60], [], [60], [], [60], [], [62], [], [60], [62], [], []];
  const metres = [{ frame: 0, stepsPerBar: 4, phase: 0 }];
  assertEquals(grooves(barsIn({ name: "", frames, metres })), [1, 1 / 3]);
});

Deno.test("keyChangesPer16Bars counts keys, not chords, in whole stretches of 16 bars", () => {
  const scale = [0, 4, 7, 2, 5, 9, 11, 0]; // one bar: all of C major
  const piece = (tonics: readonly number[]) =>
    pieceOf(tonics.flatMap((tonic) => scale.map((degree) => [60 + tonic + degree])));
  const changes = (tonics: readonly number[]) => {
    const metres = [{ frame: 0, stepsPerBar: 8, phase: 0 }];
    return keyChangesPer16Bars(barsIn({ ...piece(tonics), metres }));
  };
  const same = new Array<number>(8).fill(0), other = new Array<number>(8).fill(2);
  assertEquals(changes([...same, ...same]), [0]);
  assertEquals(changes([...same, ...other, ...other, ...other]), [1, 0]);
  assertEquals(changes([...same.slice(0, 4), ...other.slice(0, 4), ...same]), [2]);
  assertEquals(changes(same), []);
});

Deno.test("rootLengths say for how many half bars a root stays", () => {
  const chord = (root: number) => [48 + root, 52 + root, 55 + root];
  const frames = [0, 0, 0, 0, 5, 5, 7, 7].map(chord); // bars of four: C C | F G
  const bars = barsIn({ name: "", frames, metres: [{ frame: 0, stepsPerBar: 4, phase: 0 }] });
  assertEquals(rootLengths(bars), [2, 1, 1]);
});

Deno.test("statisticsOf counts bars without low notes and times between notes", () => {
  const frames: Frame[] = [[40, 64], [40 + HELD], [40 + HELD], [66], [70], [], [], []];
  const metres = [{ frame: 0, stepsPerBar: 4, phase: 0 }];
  const found = measured([{ name: "", frames, metres }], WITH_ATTACKS);
  assertEquals([share(found.lowNotes, 0), share(found.lowNotes, 1)], [1 / 2, 1 / 2]);
  assertEquals([share(found.gap, 1 / 4), share(found.gap, 3 / 4)], [1 / 2, 1 / 2]);
});

Deno.test("histogramOverlap is 1 for equal distributions and 0 for disjoint ones", () => {
  const found = measured([PIECE], WITH_ATTACKS);
  const other = measured([pieceOf([[61], [61 + HELD]])], WITH_ATTACKS);
  assertAlmostEquals(histogramOverlap(found.pitchClass, found.pitchClass), 1);
  assertEquals(histogramOverlap(found.pitchClass, other.pitchClass), 0);
  assertAlmostEquals(overlapOf(found, other).polyphony, 1 / 8);
});

Deno.test("overlapOfHalves compares seeded halves", () => {
  const pieces = [1, 2, 3, 4].map((seed) => {
    const random = new Random(seed);
    const frames = Array.from({ length: 64 }, () => [50 + random.below(30)]);
    return countedOf(pieceOf(frames), WITH_ATTACKS);
  });
  const half = (seed: number) => overlapOfHalves(pieces, new Random(seed));
  assertEquals(half(1), half(1));
  const { polyphony, register } = half(1);
  assertAlmostEquals(polyphony, 1);
  assert(register > 0.7 && register < 1);
  assertThrows(() => overlapOfHalves(pieces.slice(0, 1), new Random(1)), RangeError, "of 1 pieces");
});

Deno.test("degeneracyOf finds stuck frames, silences and drones", () => {
  const drone = Array.from({ length: 9 }, () => [40 + HELD]);
  assertEquals(degeneracyOf([pieceOf([[40], ...drone, [], [], [], [50]]), PIECE], WITH_ATTACKS), {
    longestStuckFrames: 9,
    longestSilenceFrames: 4,
    longestNoteFrames: 10,
    longestGapFrames: 13,
    emptyShare: 7 / 22,
  });
  assertEquals(degeneracyOf([], WITH_ATTACKS).emptyShare, null);
});
