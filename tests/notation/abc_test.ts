import { assertEquals, assertThrows } from "@std/assert";
import type { ScoreLimits } from "../../lib/notation/limits.ts";
import { midiOfScore, readScore } from "../../lib/notation/read.ts";
import { bytesOf, notesIn, played } from "./documents.ts";

const tune = (music: string, header = "M:4/4\nL:1/4\nK:C") =>
  `X:1\nT:A tune\n${header}\n${music}\n`;
/** Letters of the notes in the order in which they are played: C is middle C. */
const letters = (text: string) =>
  notesIn(text).map((one) => "C D EF G A B"[Number(one.split("@")[0]) - 60] ?? "?").join("");

Deno.test("pitches have their octave, the key's accidentals, and their own until the bar line", () => {
  const pitches = (music: string, key: string) =>
    notesIn(tune(music, `M:none\nL:1/4\nK:${key}`)).map((one) => Number(one.split("@")[0]));
  assertEquals(pitches("C c c' C, ^F __B", "C"), [60, 72, 84, 48, 66, 69]);
  assertEquals(pitches("F c B", "D"), [66, 73, 71]);
  assertEquals(pitches("B e A", "Cm"), [70, 75, 68]);
  assertEquals(pitches("B e f", "D dorian"), [71, 76, 77]);
  assertEquals(pitches("f c", "A mix"), [78, 73]);
  assertEquals(pitches("B E", "Bb"), [70, 63]);
  assertEquals(pitches("F B", "C ^f _b"), [66, 70]);
  assertEquals(pitches("^F F | F", "C"), [66, 66, 65]);
});

Deno.test("lengths: units, fractions, broken rhythms, tuplets, rests, chords and ties", () => {
  assertEquals(notesIn(tune("C2 D/ E// F3/2 z G")), [
    ...["60@0+2", "62@2+0.5", "64@2.5+0.25", "65@2.75+1.5", "67@5.25+1"],
  ]);
  assertEquals(notesIn(tune("C>D E<<F")), ["60@0+1.5", "62@1.5+0.5", "64@2+0.25", "65@2.25+1.75"]);
  assertEquals(notesIn(tune("(3CDE F (3:2:2 G2A")), [
    ...["60@0+0.667", "62@0.667+0.667", "64@1.333+0.667", "65@2+1"],
    ...["67@3+1.333", "69@4.333+0.667"],
  ]);
  assertEquals(notesIn(tune("[CEG]2 Z | C- C")), ["60@0+2", "64@0+2", "67@0+2", "60@6+2"]);
  assertEquals(notesIn(tune("C {d}E2")), ["60@0+1", "74@0.87+0.13", "64@1+2"]);
  assertEquals(notesIn(tune("C", "M:6/8\nK:C")), ["60@0+0.5"]); // an eighth unless told
  assertEquals(notesIn(tune("C", "M:2/4\nK:C")), ["60@0+0.25"]);
});

Deno.test("repeats and endings are played", () => {
  assertEquals(letters(tune("C4 :| D4 |: E4 :| F4 |]")), "CCDEEF");
  assertEquals(letters(tune("|: C4 |1 D4 :|2 E4 || F4 |")), "CDCEF");
  assertEquals(letters(tune("C4 |[1 D4 :|[2 E4 |] F4 |")), "CDCEF");
  assertEquals(letters(tune("C4 :: D4 :|")), "CCDD");
});

Deno.test("parts are played in the order of the header, each with its repeats", () => {
  const parts = "P:A\nC4 |\nP:B\n|: D4 :|\nP:C\nE4 |";
  const header = (order: string) => `P:${order}\nM:4/4\nL:1/4\nK:C`;
  assertEquals(letters(tune(parts, header("ABAC"))), "CDDCE");
  assertEquals(letters(tune(parts, header("A2.(BC)2"))), "CCDDEDDE");
  assertEquals(letters(tune(`G4 |\n${parts.replace("P:B\n", "[P:B]")}`, header("BA"))), "GDDC");
  assertEquals(letters(tune(parts)), "CDDE");
  const score = readScore(bytesOf(tune(parts, header("AXB"))));
  assertEquals(score.remarks, ["parts X, which its order of parts names, are not there"]);
  const many = tune(parts, header("((((((A99)99)99)99)99)99)"));
  assertThrows(() => readScore(bytesOf(many), { bars: 500 }), Error, "more than 500 bars");
});

Deno.test("da capo, dal segno, coda and fine are followed, as decorations, signs and words", () => {
  assertEquals(letters(tune("C4 | D4 !fine! | E4 !D.C.! |]")), "CDECD");
  assertEquals(letters(tune('C4 | D4 "^Fine" | E4 |] "^D.C. al Fine"')), "CDECD");
  assertEquals(letters(tune("C4 | S D4 | E4 !fine! | F4 +D.S.alfine+ |]")), "CDEFDE");
  assertEquals(letters(tune("C4 | !segno! D4 !dacoda! | E4 !D.S.! | !coda! F4 |]")), "CDEDF");
  assertEquals(letters(tune("C4 | D4 O | E4 !D.C.alcoda! | O F4 |]")), "CDECDF");
});

Deno.test("rests of several bars are so many bars", () => {
  const { bars } = readScore(bytesOf(tune("C4 | Z2 | D4 |")));
  assertEquals(bars.map(({ length }) => length), [4, 4, 4, 4]);
});

Deno.test("voices sound together, and two of them are a piano's hands where one has a bass clef", () => {
  const { parts } = played(
    tune(
      "V:1\nC2 E2 |\nV:2\nC,4 |\n[V:1] G4 |\n[V:2] G,4 |",
      "M:4/4\nL:1/4\nV:1\nV:2 clef=bass\nK:C",
    ),
  );
  assertEquals(parts.map(({ name, notes }) => [name, notes.map(({ pitch }) => pitch)]), [
    ["Piano, right hand", [60, 64, 67]],
    ["Piano, left hand", [48, 55]],
  ]);
});

Deno.test("metre, tempo and chord symbols are kept; decorations and words make no sound", () => {
  const text = tune(
    '"Am7"!trill! C2 "^slowly" .E2 | "G/B" ~C4 |\nw: la la',
    "M:C|\nL:1/4\nQ:1/2=60\nK:C % a key",
  );
  const { timeSignatures: [metre], tempos: [tempo] } = played(text);
  assertEquals([metre!.numerator, metre!.denominator, tempo!.microsecondsPerBeat], [2, 2, 500_000]);
  const { bars } = readScore(bytesOf(text));
  assertEquals(
    bars.flatMap(({ chords }) => chords).map((
      { root, kind, bass },
    ) => [root?.step, kind, bass?.step]),
    [
      ["A", "minor-seventh", undefined],
      ["G", "major", "B"],
    ],
  );
  assertEquals(notesIn(text).length, 3);
});

Deno.test("of several tunes the first is read, which is said; broken ones are refused", () => {
  const two = `${tune("C4")}\nX:2\nK:C\nD4\n`, score = readScore(bytesOf(two));
  assertEquals([letters(two), score.title], ["C", "A tune"]);
  assertEquals(score.remarks, [
    "the first of its 2 tunes read: give the others files of their own",
  ]);
  const refused = (text: string, reason: string, limits: Partial<ScoreLimits> = {}) =>
    assertThrows(() => midiOfScore(readScore(bytesOf(text), limits), limits), Error, reason);
  refused("X:1\nT:A\n", "without a key");
  refused(tune("z4"), "it has no notes");
  refused(tune(""), "it has no notes");
  const good = tune("C4|D4|");
  midiOfScore(readScore(bytesOf(good), { elements: 6, bars: 2, staves: 1 }));
  refused(good, "more than 5 characters of music", { elements: 5 });
  refused(good, "more than 1 bars", { bars: 1 });
  refused(tune("V:1\nC4\nV:2\nD4"), "more than 1 voices", { staves: 1 });
});
