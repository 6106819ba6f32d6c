import { assertEquals } from "@std/assert";
import { Random } from "../../lib/random.ts";
import { decodeFrames, encodeFrames, type GridNote, keepMelody } from "../../lib/tokens/grid.ts";

Deno.test("encodeFrames strikes a note in its first step and holds it until its end", () => {
  const frames = encodeFrames(
    [{ pitch: 60, start: 0, end: 3 }, { pitch: 64, start: 1, end: 2 }],
    true,
  );
  assertEquals(frames, [[60], [188, 64], [188]]);
});

Deno.test("encodeFrames without attacks gives sounding pitches only", () => {
  const frames = encodeFrames(
    [{ pitch: 60, start: 1, end: 3 }, { pitch: 60, start: 3, end: 4 }],
    false,
  );
  assertEquals(frames, [[], [60], [60], [60]]);
});

Deno.test("encodeFrames lets a pitch sound until the last end where notes overlap on it", () => {
  const frames = encodeFrames(
    [{ pitch: 60, start: 0, end: 4 }, { pitch: 60, start: 2, end: 3 }],
    true,
  );
  assertEquals(frames, [[60], [188], [60], [188]]);
});

Deno.test("decodeFrames gives back exactly the notes that encodeFrames took, repeated notes included", () => {
  const random = new Random(3);
  for (let round = 0; round < 200; round++) {
    const notes: GridNote[] = [];
    for (const pitch of [0, 21, 60, 61, 108, 127]) {
      for (let at = random.below(4); at < 40;) {
        const end = at + 1 + random.below(6);
        notes.push({ pitch, start: at, end });
        at = end + (random.next() < 0.5 ? 0 : random.below(5)); // half of them struck again at once
      }
    }
    notes.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
    assertEquals(decodeFrames(encodeFrames(notes, true), true), notes);
  }
});

Deno.test("decodeFrames without attacks joins neighbours and gives back notes with gaps exactly", () => {
  const notes = [{ pitch: 60, start: 0, end: 2 }, { pitch: 60, start: 3, end: 5 }];
  assertEquals(decodeFrames(encodeFrames(notes, false), false), notes);
  assertEquals(decodeFrames([[60], [60]], false), [{ pitch: 60, start: 0, end: 2 }]);
});

Deno.test("decodeFrames strikes a held pitch that did not sound before", () => {
  assertEquals(decodeFrames([[188], [188], [], [188]], true), [
    { pitch: 60, start: 0, end: 2 },
    { pitch: 60, start: 3, end: 4 },
  ]);
});

Deno.test("keepMelody keeps the top pitch and strikes one that comes to the top while held", () => {
  assertEquals(keepMelody([[48, 72], [176, 200], [176], [176], []]), [
    [72],
    [200],
    [48],
    [176],
    [],
  ]);
});
