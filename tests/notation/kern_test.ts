import { assertEquals, assertThrows } from "@std/assert";
import type { ScoreLimits } from "../../lib/notation/limits.ts";
import { midiOfScore, readScore } from "../../lib/notation/read.ts";
import { bytesOf, notesIn, orderOf, played } from "./documents.ts";

const kern = (...lines: string[]) => lines.map((line) => line.replaceAll(" | ", "\t")).join("\n");
const one = (...tokens: string[]) => kern("**kern", ...tokens, "*-");

Deno.test("columns are staves, the rightmost the right hand; signatures, metre and tempo are kept", () => {
  const { parts, timeSignatures: [metre], tempos: [tempo] } = played(kern(
    "!!!OTL: A title",
    "**kern | **dynam | **kern",
    "*k[b-e-a-] | * | *k[b-e-a-]",
    "*c: | * | *c:",
    "*M3/4 | * | *M3/4",
    "*MM90 | * | *MM90",
    "=1 | = | =1",
    "2.CC | f | 4cc",
    ". | . | 4ee-",
    ". | . | 4a-",
    "== | == | ==",
    "*- | *- | *-",
  ));
  assertEquals(parts.map(({ name, notes }) => [name, notes.map(({ pitch }) => pitch)]), [
    ["Piano, right hand", [72, 75, 68]],
    ["Piano, left hand", [36]],
  ]);
  assertEquals([metre!.numerator, metre!.denominator], [3, 4]);
  assertEquals(tempo!.microsecondsPerBeat, 666_667);
});

Deno.test("durations, dots, tuplets, breves, chords, rests and accidentals are read", () => {
  assertEquals(
    notesIn(one("4c", "8.d#", "16r", "12e", "12f", "12g", "3%2a", "4C 4E- 4G", "0cn")),
    [
      ...["60@0+1", "63@1+0.75", "64@2+0.333", "65@2.333+0.333", "67@2.667+0.333"],
      ...["69@3+2.667", "48@5.667+1", "51@5.667+1", "55@5.667+1", "60@6.667+8"],
    ],
  );
});

Deno.test("ties join notes over bar lines, and grace notes come before the beat", () => {
  assertEquals(notesIn(one("=1", "2c", "2[e", "=2", "2e_", "=3", "2e]", "8qd", "8qf", "2g")), [
    ...["60@0+2", "64@2+6", "62@7.74+0.13", "65@7.87+0.13", "67@8+2"],
  ]);
});

Deno.test("columns split and join", () => {
  const text = kern(
    "**kern | **kern",
    "2C | 2c",
    "* | *^",
    "2D | 2d | 4f",
    ". | . | 4g",
    "* | *v | *v",
    "2E | 2e",
    "*- | *-",
  );
  assertEquals(notesIn(text), [
    ...["48@0+2", "60@0+2", "50@2+2", "62@2+2", "65@2+1", "67@3+1", "52@4+2", "64@4+2"],
  ]);
});

Deno.test("an upbeat is a short bar, and sections are played as the expansion list says", () => {
  const { timeSignatures } = played(one("*M2/4", "4c", "=1", "2d", "=2", "2e", "=="));
  assertEquals(timeSignatures.map(({ numerator }) => numerator), [1, 2]);
  const text = one("*>[A,A,B]", "*>norep[A,B]", "*M4/4", "*>A", "1c", "=2", "*>B", "1c#", "==");
  assertEquals(orderOf(text), "AAB");
});

Deno.test("broken Humdrum files are refused with the line, and limits hold", () => {
  const refused = (text: string, reason: string, limits: Partial<ScoreLimits> = {}) =>
    assertThrows(() => midiOfScore(readScore(bytesOf(text), limits), limits), Error, reason);
  refused(kern("**kern | **kern", "4c", "*- | *-"), "1 columns where 2 are open (line 2)");
  refused(one("c"), '"c" has no duration (line 2)');
  refused(kern("**text", "la", "*-"), "without **kern");
  refused(one("4r"), "it has no notes");
  const good = one("4c", "=2", "4d", "==");
  midiOfScore(readScore(bytesOf(good), { elements: 6, bars: 2, staves: 1, notes: 2 }));
  refused(good, "more than 5 tokens", { elements: 5 });
  refused(good, "more than 1 bars", { bars: 1 });
  refused(good, "more than 1 notes", { notes: 1 });
  refused(kern("**kern", "*^", "4c | 4d", "*- | *-"), "more than 1 spines", { staves: 1 });
  refused(one(`*>[${"A,".repeat(9)}A]`, "*>A", "4c", "=="), "more than 9 bars", { bars: 9 });
});
