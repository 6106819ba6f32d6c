import { assert, assertEquals } from "@std/assert";
import { readMidi } from "../../lib/midi/read.ts";
import { writeSheet } from "../../lib/score/sheet.ts";
import { isTyped } from "../../lib/midi/typed.ts";
import { findSwing } from "../../lib/score/timing.ts";
import { noteAt, songOf } from "../midi/song.ts";

/** Onsets of eighths in one hand, and of the other, later by so many ticks of 480 to a beat. */
function twoHands(lagTicks: number): number[] {
  return Array.from({ length: 64 }, (_, i) => i / 2).flatMap((at) => [at, at + lagTicks / 480])
    .sort((a, b) => a - b);
}

Deno.test("a hand that lags by a 32nd part of a beat to the tick is played, not typed", () => {
  assert(isTyped(twoHands(0), 480));
  for (const lag of [10, 15, 20]) assert(!isTyped(twoHands(lag), 480), `${lag} ticks`);
  assert(isTyped(twoHands(60), 480), "a 32nd note is a value that is written");
});

Deno.test("a few grace notes do not make typed music played", () => {
  const melody = Array.from({ length: 100 }, (_, i) => i / 2);
  const graces = [4, 12, 20].map((at) => at - 1 / 32);
  assert(isTyped([...melody, ...graces].sort((a, b) => a - b), 480));
});

Deno.test("even eighths are not swung, and those at 60 % of the beat are", () => {
  const pairs = (share: number) => Array.from({ length: 20 }, (_, i) => [i, i + share]).flat();
  assertEquals(findSwing(pairs(0.5)), undefined);
  const swing = findSwing(pairs(0.6));
  assertEquals(swing?.pairs, 1);
  assert(Math.abs(swing!.share - 0.6) < 1e-9);
});

Deno.test("swung eighths are written evenly, and are not off the grid", () => {
  const notes = Array.from({ length: 40 }, (_, i) => {
    const start = Math.floor(i / 2) + (i % 2) * 0.57;
    return noteAt(60 + i % 5, start, i % 2 ? 0.43 : 0.57);
  });
  const sheet = writeSheet(readMidi(songOf(notes)), "test");
  assertEquals(sheet.notes.slice(0, 4).map(({ start }) => start), [0, 5_040, 10_080, 15_120]);
  assertEquals(sheet.offGrid, 0);
});
