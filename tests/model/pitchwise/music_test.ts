import { assertEquals } from "@std/assert";
import { findEchoes, findLastEchoes } from "../../../lib/model/pitchwise/echoes.ts";
import { compactPieces, masksOf, placesIn } from "../../../lib/model/pitchwise/music.ts";
import type { Piece } from "../../../lib/tokens/piece.ts";
import { Random, randomPiece } from "./support.ts";

function echoesOf(frames: Piece["frames"]) {
  const music = compactPieces([{ name: "", frames, metres: [] }]);
  return { ids: music.ids, masks: masksOf(music) };
}

Deno.test("findEchoes leads to the frame that followed the longest equal past", () => {
  const frames = [60, 62, 64, 60, 62, 65, 60, 62].map((pitch) => [pitch]);
  const { ids, masks } = echoesOf([...frames, []]);
  const echoes = findEchoes(ids, masks);
  assertEquals([echoes[8]!.equal, echoes[8]!.equalFrames], [5, 2]); // the later of two
  assertEquals([echoes[5]!.equal, echoes[5]!.equalFrames], [2, 2]);
  assertEquals([echoes[2]!.equal, echoes[2]!.equalFrames], [-1, 0]);
  assertEquals(echoes[0]!.similar, -1);
});

Deno.test("findEchoes finds a similar past where none is equal", () => {
  const first = [[48, 60, 64], [50, 62, 65], [52, 64, 67], [53, 65, 69]];
  const varied = first.map(([bass, ...upper]) => [bass! + 1, ...upper]);
  const { ids, masks } = echoesOf([...first, [90], [91], ...varied, []]);
  const last = findEchoes(ids, masks).at(-1)!;
  assertEquals([last.equal, last.similar], [-1, 4]);
});

Deno.test("findLastEchoes finds what findEchoes finds for the last frame", () => {
  for (const length of [0, 1, 2, 3, 40, 400]) {
    const { frames } = randomPiece(new Random(length), { length, attacks: false, pitches: 3 });
    const { ids, masks } = echoesOf(frames);
    if (length > 0) assertEquals(findLastEchoes(ids, masks), findEchoes(ids, masks).at(-1));
  }
});

Deno.test("placesIn counts bars across changes of metre, and knows none without beats", () => {
  const metres = [
    { frame: 0, stepsPerBar: 4, phase: 3 }, // an upbeat
    { frame: 9, stepsPerBar: 3, phase: 0 },
  ];
  const beat = { unit: "beat", steps: 1, attacks: true } as const;
  const place = placesIn(metres, beat);
  const rows = Array.from({ length: 15 }, (_, frame) => place(frame));
  assertEquals(rows.map(([steps]) => steps), [3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 0, 1, 2]);
  assertEquals(rows[2]![1], 12); // a quarter of the bar
  assertEquals(rows.map((row) => Math.floor(row[2]! / 4)), [
    ...[0, 1, 1, 1, 1, 2, 2, 2, 2],
    ...[3, 3, 3, 0, 0, 0],
  ]);
  assertEquals(placesIn(metres, { ...beat, unit: "second" })(3), [-1, -1, -1]);
  assertEquals(placesIn([], beat)(3), [-1, -1, -1]);
});
