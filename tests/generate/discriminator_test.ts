import { BUNDLE } from "../../lib/model/bundle_files.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  fitDiscriminator,
  readDiscriminator,
  tellsEnough,
} from "../../lib/generate/judge/discriminator.ts";
import { Random } from "../../lib/random.ts";
import { barsOf } from "../../lib/tokens/bars.ts";
import type { Frame } from "../../lib/tokens/frame.ts";
import type { Grid, Piece } from "../../lib/tokens/piece.ts";

const beats: Grid = { unit: "beat", steps: 4, attacks: false };
const seconds: Grid = { unit: "second", steps: 8, attacks: false };

/** Music that wanders by so many semitones at most. */
function wander(most: number, grid: Grid, seed: number): Piece {
  const random = new Random(seed);
  let pitch = 60;
  const frames: Frame[] = Array.from({ length: 24 * 16 }, () => {
    pitch = Math.min(90, Math.max(30, pitch + random.below(2 * most + 1) - most));
    return [pitch];
  });
  const metres = grid.unit === "beat" ? [{ frame: 0, stepsPerBar: 16, phase: 0 }] : [];
  return { name: `${seed}`, frames, metres };
}

const several = (most: number, grid: Grid, from: number) =>
  Array.from({ length: 8 }, (_, i) => wander(most, grid, from + i));

const filesOf = (text: string) => new Map([[BUNDLE.discriminator, new TextEncoder().encode(text)]]);

for (const grid of [beats, seconds]) {
  Deno.test(`of music that it never met, the discriminator knows the model's, per ${grid.unit}`, () => {
    const text = fitDiscriminator(
      several(9, grid, 1),
      several(2, grid, 100),
      grid,
      new Random(1),
    )!;
    const discriminator = readDiscriminator(filesOf(text), grid)!;
    const scores = (piece: Piece) => {
      const bars = barsOf(piece.metres, piece.frames.length, grid);
      return bars.slice(4).map((_, at) => discriminator(piece.frames, bars, at + 4));
    };
    assert(several(9, grid, 50).flatMap(scores).every((score) => score > 0));
    assert(several(2, grid, 150).flatMap(scores).every((score) => score < 0));
    const { frames, metres } = wander(9, grid, 60), bars = barsOf(metres, frames.length, grid);
    assertEquals(discriminator(frames, bars, 0), 0, "one bar says nothing");
  });
}

Deno.test("too little music gives no discriminator, a model without one plays without", () => {
  const few = several(2, beats, 1).slice(0, 1);
  assertEquals(fitDiscriminator(few, several(2, beats, 9), beats, new Random(1)), undefined);
  assertEquals([few, several(2, beats, 1)].map((pieces) => tellsEnough(pieces, beats)), [
    false,
    true,
  ]);
  assertEquals(readDiscriminator(new Map(), beats), undefined);
});

Deno.test("features that are not known count nothing, a damaged file is named", () => {
  const feature = { name: "of the future", mean: 0, deviation: 1, weight: 5 };
  const text = JSON.stringify({ constant: 0.5, features: [feature] });
  const { frames, metres } = wander(2, beats, 1), bars = barsOf(metres, frames.length, beats);
  assertEquals(readDiscriminator(filesOf(text), beats)!(frames, bars, 8), 0.5);
  for (
    const bad of ["{", '{"constant":1}', text.replace("1,", "0,"), text.replace("5}", "1e99}")]
  ) {
    assertThrows(() => readDiscriminator(filesOf(bad), beats), Error, BUNDLE.discriminator);
  }
});
