import { assert, assertEquals } from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fields from "../../../lib/model/pitchwise/kernels/fields.ts";
import { placeMusic } from "../../../lib/model/pitchwise/place.ts";
import { layOut } from "../../../lib/model/pitchwise/layout.ts";
import {
  compactPieces,
  contextEncoder,
  masksOf,
  placesIn,
} from "../../../lib/model/pitchwise/music.ts";
import type { Frame } from "../../../lib/tokens/frame.ts";
import type { Piece } from "../../../lib/tokens/piece.ts";
import { noteStatisticsOf } from "../../../lib/model/pitchwise/note_statistics.ts";
import { findEchoes } from "./echoes.ts";
import { equalClass, similarClass } from "./reference.ts";
import { heapOf, Random, randomPiece, small } from "./support.ts";

const grid = { unit: "beat", steps: 1, attacks: false } as const;

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

Deno.test("The kernel finds the same echoes, of all frames and of the last alone", () => {
  const layout = layOut(small, { lowest: 60, pitches: 12, states: 1 });
  const pieces = [0, 1, 2, 3, 40, 1500].map((length) =>
    randomPiece(new Random(length), { length, attacks: false, pitches: 4 })
  );
  const music = compactPieces(pieces), heap = heapOf(2), masks = masksOf(music);
  for (const lastOnly of [false, true]) {
    const placed = placeMusic(heap, music, grid, layout, { lastOnly });
    const block = new Uint32Array(heap.memory.buffer, placed.block, fields.MUSIC_WORDS);
    const words = new Int32Array(
      heap.memory.buffer,
      block[fields.INFORMATION]!,
      music.ids.length * fields.FRAME_WORDS,
    );
    for (const { offset, length } of music.pieces) {
      const expected = findEchoes(music.ids.subarray(offset, offset + length), masks);
      for (let t = lastOnly ? Math.max(0, length - 1) : 0; t < length; t++) {
        const { equal, equalFrames, similar, similarity } = expected[t]!;
        const at = (offset + t) * fields.FRAME_WORDS + fields.ECHO_FRAME;
        assertEquals([...words.subarray(at, at + 6)], [
          equal < 0 ? -1 : offset + equal,
          similar < 0 ? -1 : offset + similar,
          -1, // nothing is planned
          equalFrames > 0 ? equalClass(equalFrames) : 0,
          similarClass(similarity),
          0,
        ]);
      }
    }
    placed.free();
  }
});

Deno.test("noteStatisticsOf measures how full the music is and how long it stands still", () => {
  const struck = [[60, 64], [60 + 128], [60 + 128, 67], [], [], [62]];
  const music = compactPieces([{ name: "", frames: struck, metres: [] }]);
  const rest = { notesPerFrame: 1, longestNote: 3, longestSilence: 2 };
  assertEquals(noteStatisticsOf(music, { attacks: true }), { ...rest, onsetsPerFrame: 4 / 6 });
  const nothing = compactPieces([{ name: "", frames: [], metres: [] }]);
  assertEquals(noteStatisticsOf(nothing, { attacks: false }), {
    notesPerFrame: 0,
    onsetsPerFrame: 0,
    longestNote: 1,
    longestSilence: 1,
  });
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

Deno.test("Contexts are encoded as they are, whatever was encoded before them", () => {
  const encode = contextEncoder(20), primer: Frame[] = Array.from({ length: 30 }, (_, i) => [i]);
  let most = 0;
  for (let made = 0; made < 1200; made++) {
    const frames: Frame[] = [...primer, [made % 128, 60], [made >> 4]];
    const past = { name: "", metres: [] };
    const { ids, starts, codes, pieces } = encode([
      { ...past, frames, primer },
      { ...past, frames: frames.slice(25) },
    ]);
    const shown = pieces.map(({ offset, length }) =>
      Array.from(ids.subarray(offset, offset + length), (id) => [
        ...codes.subarray(starts[id]!, starts[id + 1]!),
      ])
    );
    assertEquals(shown, [[...frames.slice(-20), []], [...frames.slice(25), []]]);
    most = Math.max(most, starts.length);
  }
  assert(most < 600, `${most} combinations kept`);
});

Deno.test("An encoder of contexts lets go of frames that nobody else holds", async () => {
  const encode = contextEncoder(20), held: WeakRef<Frame>[] = [];
  for (let i = 0; i < 10; i++) {
    const frame: Frame = [60];
    held.push(new WeakRef(frame));
    encode([{ name: "", frames: [frame], metres: [] }]);
  }
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  await new Promise((resolve) => setTimeout(resolve)); // until then, WeakRefs hold
  collect();
  const left = held.filter((frame) => frame.deref()).length;
  assert(left < 3, `${left} of 10 frames are still held`); // the last may lie on the stack
  encode([{ name: "", frames: [[60]], metres: [] }]); // still in use
});
