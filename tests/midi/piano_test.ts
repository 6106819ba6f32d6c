import { assertEquals } from "@std/assert";
import type { Part } from "../../lib/midi/music.ts";
import { choosePiano, type Tracks } from "../../lib/midi/piano.ts";

function part(track: number, program: number | undefined, { drum = false, name = "" } = {}): Part {
  return {
    track,
    channel: drum ? 9 : track,
    program: program ?? 0,
    programSet: program !== undefined,
    name,
    drum,
    notes: [{ pitch: 60, velocity: 100, startTicks: 0, endTicks: 10 }],
    pedal: [],
  };
}

/** Tracks of the chosen parts, and the reason. */
function chosen(tracks: Tracks, ...parts: Part[]): [number[], string] {
  const choice = choosePiano({ parts }, tracks);
  return [choice.parts.map((part) => part.track), choice.reason];
}

const drums = part(0, undefined, { drum: true });

Deno.test("choosePiano takes every piano of a band", () => {
  assertEquals(chosen("piano", drums, part(1, 32), part(2, 0), part(3, 5), part(4, undefined)), [
    [2, 3, 4],
    "3 of 5 parts: set to a piano",
  ]);
});

Deno.test("choosePiano takes parts without a programme for pianos", () => {
  assertEquals(chosen("piano", part(1, undefined), part(2, undefined)), [
    [1, 2],
    "2 of 2 parts: no instrument is named, so a piano",
  ]);
});

Deno.test("choosePiano takes all parts of the first pitched instrument when there is no piano", () => {
  const parts = [drums, part(1, 118), part(2, 19), part(3, 40), part(4, 19)];
  assertEquals(chosen("piano", ...parts), [
    [2, 4],
    "2 of 5 parts: no piano, so the first instrument (programme 19)",
  ]);
  assertEquals(chosen("piano", part(1, 118)), [
    [1],
    "1 of 1 part: no piano, so the first instrument (programme 118)",
  ]);
});

Deno.test("choosePiano takes the first part or all parts, but no drums", () => {
  const parts = [drums, part(1, 40, { name: "Violin" }), part(2, 0)];
  assertEquals(chosen("first", ...parts), [[1], "the first part (Violin, programme 40)"]);
  assertEquals(chosen("first", part(3, 7)), [[3], "the first part (programme 7)"]);
  assertEquals(chosen("all", ...parts), [[1, 2], "2 of 3 parts, no drums"]);
});

Deno.test("choosePiano says so when there is nothing to take", () => {
  for (const tracks of ["piano", "first", "all"] as const) {
    const [none, why] = chosen(tracks, drums);
    assertEquals([none, why.split(":")[0]], [[], "it has only drums"]);
    assertEquals(chosen(tracks), [[], "it has no notes"]);
  }
});
