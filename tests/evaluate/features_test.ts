import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { excerptsOf } from "../../lib/evaluate/features/excerpt.ts";
import {
  FEATURE_NAMES,
  type FeatureName,
  featuresOf,
} from "../../lib/evaluate/features/features.ts";
import { clearestKey, triadOf } from "../../lib/evaluate/features/key.ts";
import { encodeFrames } from "../../lib/tokens/grid.ts";
import type { Grid, Piece } from "../../lib/tokens/piece.ts";
import { pieceOf, WITH_ATTACKS } from "./music.ts";

const weights = (...classes: number[]) => {
  const all = new Array<number>(12).fill(0);
  for (const pitchClass of classes) all[pitchClass]!++;
  return all;
};

Deno.test("clearestKey finds major and minor keys", () => {
  assertEquals(clearestKey(weights(0, 0, 2, 4, 4, 5, 7, 7, 9, 11))!.key, 0);
  assertEquals(clearestKey(weights(2, 2, 4, 6, 6, 7, 9, 9, 11, 1))!.key, 2);
  assertEquals(clearestKey(weights(9, 9, 9, 11, 0, 0, 2, 4, 4, 5, 8))!.key, 12 + 9);
  assertEquals(clearestKey(weights()), null);
  assertEquals(clearestKey(weights(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), null);
  const { clarity } = clearestKey([
    6.35,
    2.23,
    3.48,
    2.33,
    4.38,
    4.09,
    2.52,
    5.19,
    2.39,
    3.66,
    2.29,
    2.88,
  ])!;
  assertAlmostEquals(clarity, 1);
});

Deno.test("triadOf finds roots, of chords without a fifth or third too", () => {
  assertEquals(triadOf(weights(0, 4, 7)), { root: 0, share: 1 });
  assertEquals(triadOf(weights(9, 0, 4)), { root: 9, share: 1 });
  assertEquals(triadOf(weights(7, 11, 2, 5)), { root: 7, share: 3 / 4 });
  assertEquals(triadOf(weights(5, 0))!.root, 5);
  assertEquals(triadOf(weights(2))!.root, 2);
  assertEquals(triadOf(weights()), null);
});

/** Notes as [pitch, start, end] in steps of a quarter beat, 4/4 unless told otherwise. */
function music(
  notes: readonly (readonly number[])[],
  length: number,
  metres?: Piece["metres"],
): Piece {
  const frames = encodeFrames(
    notes.map(([pitch, start, end]) => ({ pitch: pitch!, start: start!, end: end! })),
    true,
  );
  while (frames.length < length) frames.push([]);
  return { name: "", frames, metres: metres ?? [{ frame: 0, stepsPerBar: 16, phase: 0 }] };
}

/** The features of a piece's first excerpt. */
function measured(piece: Piece, size: number, grid = WITH_ATTACKS): Record<FeatureName, number> {
  const values = featuresOf(excerptsOf(piece, grid, size)[0]!);
  return Object.fromEntries(FEATURE_NAMES.map((name, at) => [name, values[at]!])) as never;
}

Deno.test("excerptsOf leaves out the upbeat and the rest at the end, and takes short pieces whole", () => {
  const metres = [{ frame: 0, stepsPerBar: 4, phase: 3 }];
  const piece = music([[60, 0, 1], [62, 1, 2], [64, 9, 10]], 21, metres);
  const excerpts = excerptsOf(piece, WITH_ATTACKS, 2);
  assertEquals(excerpts.map(({ bars }) => bars.length), [2, 2]);
  assertEquals(excerpts.map(({ notes }) => notes), [
    [{ pitch: 62, start: 0, end: 1 }],
    [{ pitch: 64, start: 0, end: 1 }],
  ]);
  assertEquals(excerpts.map(({ following }) => following.length), [2, 1]);
  assertEquals(excerptsOf(piece, WITH_ATTACKS, 8).length, 1);
  assertEquals(excerptsOf(piece, WITH_ATTACKS, 11).length, 0);
  assertEquals(excerptsOf(pieceOf([]), WITH_ATTACKS, 8), []);
});

// Two bars: C E G with a bass C, then the same rhythm a tone higher with a doubled bass.
const BARS = music([
  [48, 0, 16],
  [60, 0, 4],
  [64, 4, 8],
  [67, 8, 16],
  [38, 16, 32],
  [50, 16, 32],
  [62, 16, 20],
  [66, 20, 24],
  [69, 24, 32],
], 32);

Deno.test("featuresOf measures lines", () => {
  const found = measured(BARS, 2);
  // The top line: 60 64 67 62 66 69, that is +4 +3 −5 +4 +3; the bass: 48 38.
  assertEquals(found.topThirds, 4 / 5);
  assertEquals(found.topLeaps, 0);
  assertEquals(found.topInterval, 19 / 5);
  assertEquals(found.topTurns, 2 / 4);
  assertEquals(found.topRange, 9);
  assertEquals(found.topRate, 6 / 8);
  assertEquals(found.topLegato, 1);
  assertEquals(found.bassFifths, 0);
  assertEquals(found.bassLeaps, 0);
  assertEquals(found.bassRate, 2 / 8);
  assertEquals(found.contrary, 1); // 48 → 38 below, 60 → 62 above
  assert(Number.isNaN(found.topRecovers)); // no leap
});

Deno.test("featuresOf measures rhythm", () => {
  const found = measured(BARS, 2);
  assertEquals([found.rhythm1, found.notes1], [1, 0]);
  assert(Number.isNaN(found.rhythm4));
  assertEquals([found.rhythms, found.onBar, found.onBeat, found.firstBeat], [1 / 2, 1, 1, 5 / 9]);
  assertEquals(found.meanGap, (1 + 1 + 2 + 1 + 1) / 5);
  assertEquals(found.sameGap, 2 / 4);
  assertEquals(found.longestGap, 2);
  assertEquals(found.length, (4 * 3 + 2 * 2 + 4 * 1) / 9);
  assertEquals([found.shortNotes, found.longNotes], [0, 5 / 9]);
  const offBeat = measured(music([[60, 0, 2], [62, 2, 3], [64, 3, 4]], 16), 1);
  assertEquals([offBeat.onBeat, offBeat.onHalfBeat], [1 / 3, 1 / 3]);
});

Deno.test("featuresOf compares bars with those that follow the excerpt", () => {
  const bar = (
    index: number,
    pitch: number,
  ) => [[pitch, 16 * index, 16 * index + 4], [pitch, 16 * index + 4, 16 * index + 8]];
  const piece = music([0, 1, 2, 3].flatMap((index) => bar(index, [60, 62, 60, 65][index]!)), 64);
  const [first, second] = excerptsOf(piece, WITH_ATTACKS, 2).map((excerpt) => featuresOf(excerpt));
  const at = FEATURE_NAMES.indexOf("notes2");
  assertEquals(first![at], 1 / 2); // bars 0 and 2 are the same, 1 and 3 are not
  assert(Number.isNaN(second![at]!));
});

Deno.test("featuresOf measures harmony", () => {
  const found = measured(BARS, 2);
  assertEquals(found.triads, 1);
  assertEquals(found.newTriads, 1 / 3); // C C D D by half bars
  assertEquals([found.fifths, found.rootSteps], [0, 1]);
  assertEquals(found.consonant, 1);
  assertEquals(found.semitones, 0);
  assertEquals(found.doubled, 1); // both chords: C and C, D and D
  assertEquals(found.clusters, 0);
  assertEquals(found.classesPerBar, 3);
  const clash = measured(music([[60, 0, 8], [61, 0, 8], [60, 8, 16], [68, 8, 16]], 16), 1);
  assertEquals([clash.semitones, clash.consonant, clash.clusters], [1 / 2, 1 / 2, 1 / 2]);
});

Deno.test("featuresOf measures texture and register", () => {
  const found = measured(BARS, 2);
  assertEquals(found.chordSize, 9 / 6);
  assertEquals(found.single, 4 / 9);
  assertEquals([found.sounding, found.density, found.densityChange], [
    5 / 2,
    9 / 8,
    (1 / 4) / (9 / 8),
  ]);
  assertEquals([found.noLow, found.noHigh, found.silence, found.emptyBars], [0, 1, 0, 0]);
  assertEquals(found.lowestChange, 10);
  assertEquals(found.again, 0);
  const empty = measured(music([[60, 0, 1], [60, 1, 2]], 32), 2);
  assertEquals([empty.silence, empty.emptyBars, empty.again, empty.noLow], [
    30 / 32,
    1 / 2,
    1 / 2,
    1,
  ]);
});

Deno.test("featuresOf works on any grid, and on silence", () => {
  const seconds: Grid = { unit: "second", steps: 10, attacks: false };
  const frames = Array.from({ length: 60 }, (_, t) => t % 5 === 0 ? [60 + t % 7] : [40]);
  const found = measured({ name: "", frames, metres: [] }, 3, seconds);
  assertEquals(found.density, 24 / 12); // every other one is held over from frame to frame
  const silent = featuresOf(excerptsOf(music([], 64), WITH_ATTACKS, 4)[0]!);
  assertEquals(silent[FEATURE_NAMES.indexOf("silence")], 1);
  assert(FEATURE_NAMES.length >= 40 && FEATURE_NAMES.length <= 80);
});
