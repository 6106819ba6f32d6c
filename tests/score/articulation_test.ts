import { assertEquals } from "@std/assert";
import { type Articulated, plainLengths } from "../../lib/score/articulation.ts";
import { type ScoreBar, type ScoreNote, UNITS } from "../../lib/score/notes.ts";

/** A note from beat to beat. */
function note(from: number, to: number): ScoreNote {
  const [start, end] = [Math.round(from * UNITS), Math.round(to * UNITS)];
  const more = { part: 0, hand: "right", division: 1, divided: [0, 0], graces: [] } as const;
  return { pitch: 60, start, end, ...more };
}

function music(beatsPerMinute: number, isTyped = true, metre: [number, number] = [4, 4]) {
  const [numerator, denominator] = metre, length = numerator * 4 * UNITS / denominator;
  const bars = Array.from({ length: 4 }, (_, i): ScoreBar => ({
    ...{ start: i * length, length, numerator, denominator, missing: 0 },
  }));
  return { bars, tempos: [{ bar: 0, beatsPerMinute }], isTyped } satisfies Articulated;
}

/** Written ends in beats; `.` after staccato ones. */
function ends(notes: ScoreNote[], own: Articulated = music(100)): string {
  return plainLengths(notes, own)
    .map(({ end, isStaccato }) => end / UNITS + (isStaccato ? "." : "")).join(" ");
}

Deno.test("Small rests and overlaps are matters of touch, larger ones of note values", () => {
  assertEquals(ends([note(0, 0.9), note(1, 2)]), "1 2");
  assertEquals(ends([note(0, 1.1), note(1, 2)]), "1 2");
  assertEquals(ends([note(0, 0.5), note(1, 2)]), "0.5 2");
  assertEquals(ends([note(0, 2), note(1, 2)]), "2 2");
});

Deno.test("A typed note of one value keeps the short rest after it, rather than be tied over it", () => {
  assertEquals(ends([note(0, 1), note(1.25, 1.5), note(1.5, 2)]), "1 1.5 2");
  assertEquals(ends([note(0, 2), note(2.5, 3)]), "2 3");
  assertEquals(ends([note(0, 1.75), note(2, 3)]), "2 3", "a half, played a little short");
  assertEquals(ends([note(0, 1), note(1.25, 1.5)], music(100, false)), "1.25 1.5", "played");
});

Deno.test("The last note of a hand lasts to its beat if only a touch is missing", () => {
  assertEquals(ends([note(0, 3.75)]), "4");
  assertEquals(ends([note(0, 1), note(1, 2.75)]), "1 3");
  assertEquals(ends([note(0, 1), note(1, 1.75)]), "1 1.75", "a dotted eighth");
  assertEquals(ends([note(0, 1)]), "1");
  const { bars, ...uneven } = music(100, true, [7, 8]), accents = [4, 0, 0, 2, 0, 2, 0];
  assertEquals(ends([note(0, 1.5), note(1.5, 2.375)], { ...uneven, bars }), "1.5 2.375");
  const grouped = { ...uneven, bars: bars.map((bar) => ({ ...bar, accents })) };
  assertEquals(ends([note(0, 1.5), note(1.5, 2.375)], grouped), "1.5 2.5", "3 + 2 + 2 eighths");
});

Deno.test("Sixteenths on the eighths with a rest after them are staccato eighths", () => {
  assertEquals(ends([0, 0.5, 1, 2, 4].map((at) => note(at, at + 0.25))), "0.5. 1. 1.5. 2.5. 4.25");
});

Deno.test("A sixteenth off the eighths stays one, and is not tied over the beat", () => {
  const syncopated = [0.25, 0.75, 1.25, 1.75, 2.5].map((at) => note(at, at + 0.25));
  assertEquals(ends(syncopated), "0.5 1 1.5 2 2.75");
  assertEquals(ends([note(3.75, 4), note(5, 6)]), "4 6");
});

Deno.test("Eighths on the beats are staccato quarters in quick music, eighths in slow music", () => {
  const oompah = [0, 1, 2, 3].map((at) => note(at, at + 0.5));
  assertEquals(ends(oompah, music(160)), "1. 2. 3. 3.5");
  assertEquals(ends(oompah, music(90)), "0.5 1.5 2.5 3.5");
  const late = [0.5, 1.5, 2.5].map((at) => note(at, at + 0.5));
  assertEquals(ends(late, music(160)), "1 2 3");
});

Deno.test("In compound metres a staccato note stays inside its beat", () => {
  const jig = (at: number) => [note(at, at + 0.5), note(at + 1, at + 1.5), note(3, 4.5)];
  assertEquals(ends(jig(0), music(200, true, [6, 8])), "1. 1.5 4.5");
  assertEquals(ends(jig(0.5), music(200, true, [6, 8])), "1.5. 2.5. 4.5");
});

Deno.test("A third of an eighth alone is a short staccato eighth, in a triplet it is none", () => {
  assertEquals(ends([note(0, 1 / 6), note(1, 2)]), "0.5. 2");
  assertEquals(
    ends([0, 1, 2, 3].map((i) => note(i / 3, i / 3 + 1 / 6))).split(" ")[0],
    "0.3333333333333333.",
  );
});

Deno.test("The last note of a run is staccato only where more of the hand is", () => {
  const run = (at: number) => [0, 0.25, 0.5].map((more) => note(at + more, at + more + 0.25));
  assertEquals(ends([...run(0), ...run(2), note(4, 5)]), "0.25 0.5 0.75 2.25 2.5 2.75 5");
  const short = [4, 5, 6, 7].map((at) => note(at, at + 0.25));
  assertEquals(ends([...run(0), ...short]), "0.25 0.5 1. 4.5. 5.5. 6.5. 7.25");
});

Deno.test("Played notes let go at once are quarters, typed ones sixteenths before a rest", () => {
  const struck = [0, 1, 2].map((at) => note(at, at + 0.25));
  assertEquals(ends(struck, music(140, false)), "1. 2. 2.25");
  assertEquals(ends(struck, music(140)), "0.5. 1.5. 2.25");
});
