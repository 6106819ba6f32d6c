import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { areaUnderCurve, areaWithUncertainty } from "../../lib/evaluate/area.ts";
import { critique, critiqueOfHalves, judgedOf } from "../../lib/evaluate/critic.ts";
import { logisticRegression } from "../../lib/evaluate/logistic.ts";
import { Random } from "../../lib/random.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import type { Grid, Piece } from "../../lib/tokens/piece.ts";
import { pieceOf, WITH_ATTACKS } from "./music.ts";

Deno.test("areaUnderCurve is the share of pairs in order", () => {
  const scored = (first: number[], second: number[]) =>
    [first, second].flatMap((scores, kind) => scores.map((score) => ({ score, kind })));
  assertEquals(areaUnderCurve(scored([1, 2], [3, 4])), 1);
  assertEquals(areaUnderCurve(scored([3, 4], [1, 2])), 0);
  assertEquals(areaUnderCurve(scored([1, 3], [2, 4])), 3 / 4);
  assertEquals(areaUnderCurve(scored([1, 2], [2, 2])), 3 / 4); // equal: half in order
  assertEquals(areaUnderCurve(scored([1], [])), null);
});

Deno.test("areaWithUncertainty never compares groups, and is surer of more pieces", () => {
  const random = new Random(1);
  const group = (shift: number, pieces: number) =>
    [0, 1].flatMap((kind) =>
      Array.from({ length: pieces }, (_, piece) => ({
        score: shift + 0.5 * kind + random.next(),
        kind,
        piece,
      }))
    );
  const few = areaWithUncertainty([group(0, 6), group(100, 6)], random)!;
  const many = areaWithUncertainty([group(0, 200), group(100, 200)], random)!;
  assertAlmostEquals(many.area, 7 / 8, 0.04); // P(u + ½ > v) of two even numbers from 0 to 1
  for (const { area, from, to } of [few, many]) assert(from <= area && area <= to);
  assert(many.to - many.from < (few.to - few.from) / 2);
  assertEquals(areaWithUncertainty([], random), null);
});

Deno.test("logisticRegression stands where its loss is least", () => {
  const random = new Random(2), penalty = 3;
  const kinds = Uint8Array.from({ length: 60 }, (_, i) => i % 3 === 0 ? 1 : 0);
  const rows = Array.from(
    kinds,
    (kind) => Float64Array.from([kind + random.next() * 3, random.next(), 5]),
  );
  const { weights, score } = logisticRegression(rows, kinds, penalty);
  assert(weights[0]! > 0.2);
  assertEquals(weights[2], 0); // the same everywhere
  const column = rows.map((row) => row[0]!);
  const mean = column.reduce((sum, value) => sum + value) / 60;
  const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 60);
  let slope = penalty * weights[0]!, constant = 0;
  rows.forEach((row, index) => {
    const kind = kinds[index]!, share = kind === 1 ? 1.5 : 0.75; // each kind counts half: 20 and 40 rows
    const error = share * (1 / (1 + Math.exp(-score(row))) - kind);
    slope += error * (row[0]! - mean) / deviation;
    constant += error;
  });
  assertAlmostEquals(slope, 0, 1e-4);
  assertAlmostEquals(constant, 0, 1e-4);
});

Deno.test("logisticRegression takes what is missing for the mean, and bounds what is far off", () => {
  const kinds = Uint8Array.from([0, 1, 0, 1, 0, 1]);
  const rows = [0, 1, 0, 1, 0, 1].map((value) => Float64Array.from([value]));
  const { score } = logisticRegression(rows, kinds, 1);
  assertAlmostEquals(score(Float64Array.from([NaN])), 0, 1e-6);
  assertAlmostEquals(score(Float64Array.from([0.5])), 0, 1e-6);
  assertEquals(score(Float64Array.from([1e9])), score(Float64Array.from([1e6])));
});

/** A piece of 24 bars in eighths: chance picks of a scale, with a bass note on some bar lines. */
function piece(random: Random, { bass = 0.8, scale = [0, 2, 4, 5, 7, 9, 11] } = {}): Piece {
  const frames = Array.from({ length: 24 * 8 }, (_, t): Frame => {
    const low = t % 8 === 0 && random.next() < bass
      ? [36 + scale[random.below(scale.length)]!]
      : [];
    return random.next() < 0.2 ? low : [...low, 60 + scale[random.below(scale.length)]!];
  });
  return { name: "", frames, metres: [{ frame: 0, stepsPerBar: 8, phase: 0 }] };
}

const EIGHTHS: Grid = { unit: "beat", steps: 2, attacks: true };
const pieces = (count: number, seed: number, how = {}) => {
  const random = new Random(seed);
  return judgedOf(Array.from({ length: count }, () => piece(random, how)), EIGHTHS);
};

Deno.test("critique cannot tell music from other music of the same kind", () => {
  const usual = pieces(20, 3);
  for (
    const { told } of [
      critique(pieces(12, 4), usual, new Random(1)),
      critiqueOfHalves(usual, new Random(1)),
    ]
  ) {
    assert(told!.area > 0.3 && told!.area < 0.7, `${told!.area}`);
    assert(told!.to - told!.from > 0.05);
  }
});

Deno.test("critique tells music of another kind, and says by what", () => {
  const usual = pieces(20, 3);
  const lowless = critique(pieces(8, 5, { bass: 0.1 }), usual, new Random(1));
  assert(lowless.told!.area > 0.97, `${lowless.told!.area}`);
  assertEquals(lowless.excerpts, [24, 60]);
  const noLow = lowless.features.findIndex(({ name }) => name === "noLow");
  assert(noLow < 4, `the share of bars without a low note is number ${noLow}`);
  const { judged, usual: before, alone, weight } = lowless.features[noLow]!;
  assert(judged! > 0.8 && before! < 0.3 && alone > 0.95 && weight > 0);
  const chromatic = critique(
    pieces(8, 6, { scale: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }),
    usual,
    new Random(1),
  );
  const first = chromatic.features.slice(0, 5).map(({ name }) => name as string);
  assert(first.includes("outOfScale"), first.join());
});

Deno.test("critique says when there is too little music", () => {
  const found = critique(pieces(3, 7), pieces(20, 3), new Random(1));
  assertEquals(found.told, null);
  assertEquals(found.features, []);
  assertStringIncludes(found.tooLittle!, "9 and 60 excerpts of 8 bars from 3 and 20 pieces");
  assertEquals(judgedOf([pieceOf([[60], [62]])], WITH_ATTACKS), [[]]);
  assertEquals(critique([], [], new Random(1)).told, null);
});

Deno.test("critique is the same for the same seed", () => {
  const judge = () => critique(pieces(5, 8), pieces(6, 9), new Random(4));
  assertEquals(judge(), judge());
});
