import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readChord, readValue } from "../../tools/starter/bar.ts";
import { parseScore } from "../../tools/starter/parse.ts";
import { performScore } from "../../tools/starter/perform.ts";

const header = `composer: Anon.
title: Trial
work: none
key: C major
source: made up
metre: 3/4
tempo: 100
`;

/** Pitch, start and end in 24ths of a beat, for each note of a score without its header. */
function notesOf(music: string, options: { repeats?: boolean } = {}) {
  const { notes } = performScore(parseScore(header + music, "trial.score"), options);
  return notes.map(({ pitch, startTicks, endTicks }) => [
    pitch,
    startTicks / 20,
    endTicks / 20,
  ]);
}

function refusal(music: string): string {
  return assertThrows(() => notesOf(music), SyntaxError).message;
}

Deno.test("readValue gives ticks when a note value is plain, dotted or a triplet", () => {
  assertEquals(["1", "4", "8.", "8..", "8t", "64"].map(readValue), [1920, 480, 360, 420, 160, 30]);
  assertEquals(["3", "c4", "4...", "r", "-4"].map(readValue), Array(5).fill(undefined));
});

Deno.test("readChord counts pitches as MIDI does when accidentals are written out", () => {
  const pitches = (token: string) => readChord(token).map(({ pitch }) => pitch);
  assertEquals(pitches("a0+c4+c8"), [21, 60, 108]);
  assertEquals(pitches("f#4+bb3+b3+f##4+abb3"), [66, 58, 59, 67, 55]);
  assertEquals(pitches("b#3+cb4"), [60, 59]);
});

Deno.test("parseScore keeps a note value when the next notes give none", () => {
  assertEquals(notesOf("1\nR | 4 c4 8 d4 e4 r f4 | g4 a4 2 b4 |"), [
    [60, 0, 24],
    [62, 24, 36],
    [64, 36, 48],
    [65, 60, 72],
    [67, 72, 84],
    [69, 84, 96],
    [71, 96, 144],
  ]);
});

Deno.test("performScore joins tied notes when they go on, in chords and over bars", () => {
  assertEquals(notesOf("1\nL | 2. c3~+e3 | 4 c3~ c3 c3 |"), [
    [48, 0, 120],
    [52, 0, 72],
    [48, 120, 144],
  ]);
});

Deno.test("parseScore repeats a bar for % and rests a bar for -", () => {
  const music = "1\nR | 2. c4 | % | - |\nL | - | 4 c3 d3 e3 | % |";
  assertEquals(notesOf(music).map(([pitch, start]) => [pitch, start]), [
    [60, 0],
    [48, 72],
    [60, 72],
    [50, 96],
    [52, 120],
    [48, 144],
    [50, 168],
    [52, 192],
  ]);
});

Deno.test("parseScore fills a figure's places when it is given notes and chords", () => {
  const music = "figure broken = 8 $1 $2 $3 $2\n1\nR | broken(c4 e4 g4~) 4 c4+e4 |";
  assertStringIncludes(refusal(music), "found a tie at pitch 67");
  const notes = notesOf("figure broken = 8 $1 $2\n1\nR | 4 r broken(c4 e4+g4) d4 |");
  assertEquals(notes, [[60, 24, 36], [64, 36, 48], [67, 36, 48], [62, 48, 72]]);
});

Deno.test("performScore plays sections in order when the score gives one", () => {
  const music = "order: A A B\n[A]\n1\nR | 2. c4 |\n[B]\n2\nR | 2. d4 |";
  assertEquals(notesOf(music).map(([pitch]) => pitch), [60, 60, 62]);
  assertEquals(notesOf(music, { repeats: false }).map(([pitch]) => pitch), [60, 62]);
});

Deno.test("performScore starts a pickup late when bar lines are to fall on whole bars", () => {
  assertEquals(notesOf("0\nR | (1/4) 4 g4 | 2. c5 |"), [[67, 48, 72], [72, 72, 144]]);
});

Deno.test("performScore tells where metres start when they change", () => {
  const music = "1\nR | 2. c4 |\nmetre: 2/4\n2\nR | 2 d4 | e4 |\nmetre: 3/4\n4\nR | 2. f4 |";
  const { metres, endTicks } = performScore(parseScore(header + music, "trial.score"));
  assertEquals(metres.map(({ ticks, numerator }) => [ticks / 480, numerator]), [
    [0, 3],
    [3, 2],
    [7, 3],
  ]);
  assertEquals(endTicks, 10 * 480);
});

Deno.test("performScore lets a key sound once when two voices meet on it", () => {
  const together = "1\nR | 2. c4 |\nL | 4 c4 e4 c4 |";
  assertEquals(notesOf(together), [[60, 0, 48], [64, 24, 48], [60, 48, 72]]);
});

Deno.test("parseScore names file, line and bar when something is wrong", () => {
  const cases: readonly (readonly [music: string, ...parts: readonly string[]])[] = [
    [
      "7\nR | 4 c4 d4 | 2. e4 |",
      "trial.score:9: bar 7, R: ",
      "found notes and rests of 1/2",
      "3/4",
    ],
    ["7\nR | 2. c4 |\nL | 2. c3 | 1 c3 |", "trial.score:10: found 2 bars in L; needed 1"],
    ["7\nR | 2. c4 |\nL | 1 c3 |", "trial.score:10: bar 7, L: ", "of 1/1 in all; needed 3/4"],
    ["7\nR | 2. c4 | 4 h4 |", "trial.score:9: bar 8, R: ", 'found "h4"', "needed a note value"],
    ["7\nR | c4 |", "bar 7, R: ", "before any note value"],
    ["7\nR | 2. c9 |", "bar 7, R: ", 'found "c9"', "a0 to c8"],
    ["7\nR | 2. c4+c4 |", "bar 7, R: ", "one pitch twice"],
    ["7\nR | arch(c4) |", 'found the figure "arch"; needed one that is defined (none)'],
    ["figure arch = 4 $1 $2 $1\n7\nR | arch(c4) |", "found 1 notes", "needed 2"],
    ["1\nR | 2. c4 |\n3\nR | 2. c4 |", "trial.score:10: found bar number 3; needed 2"],
    ["1\nR | 2. c4~ | d4 |", "trial.score:9: bar 1, R: found a tie at pitch 60"],
    ["1\nR | (1/4) 4 c4 |\nL | - |", "bar 1: found voices of different lengths"],
    ["R | 2. c4 |", "found music before a bar number"],
    ["1\nR | % |", 'found "%"; needed a bar before it'],
    ["mood: sad", 'found heading "mood"; needed one of composer'],
    ["tempo: 90", 'found heading "tempo" twice'],
    ["metre: 3/5", 'found metre "3/5"'],
    ["order: A C\n1\nR | 2. c4 |", 'found "C" in the order'],
    ["order: A\n[A]\n1\nR | 2. c4 |\n[B]\n2\nR | 2. c4 |", "[B] but not in the order"],
    ["[A]\n1\nR | 2. c4 |\n[A]", "found section [A] twice"],
    ["velocity: R 200\n1\nR | 2. c4 |", 'found velocity "R 200"'],
    ["once upon a time", 'trial.score:8: found "once upon a time"; needed a heading'],
    ["", "found no bars"],
    ["[A]\n[B]\n1\nR | 2. c4 |", "found no bars in section [A]"],
  ];
  for (const [music, ...parts] of cases) {
    const message = refusal(music);
    for (const part of parts) assertStringIncludes(message, part);
  }
  assertThrows(() => parseScore("metre: 3/4", "a.score"), SyntaxError, 'no heading "composer"');
});
